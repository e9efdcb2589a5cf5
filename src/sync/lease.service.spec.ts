import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import { LeaseService, type Lease } from './lease.service.js';
import { LeaseLost } from './run-failure.js';
import { SOURCES } from './sources/registry.js';

const TENANT = { tenantId: 'council.example', graphOrigin: 'https://graph.example', kind: 'tenant' } as const;

describe('the lease of a source', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  let leases: LeaseService;
  beforeEach(async () => {
    database = await createTestDatabase();
    transactor = new Transactor(database.dataSource);
    leases = new LeaseService(database.dataSource, transactor);
  });
  afterEach(() => database.drop());

  const take = async (): Promise<Lease> => {
    const lease = await leases.acquire(SOURCES.users, { trigger: 'command' }, TENANT, 60);
    if ('outcome' in lease) throw new Error(lease.message);
    return lease;
  };

  it('is refused to others while it lasts, and a beat prolongs it', async () => {
    const lease = await take();
    await leases.prolong(lease, 60);
    await expect(take()).rejects.toThrow('Another process is running this source.');
  });

  it('is free again once it is given up, also when a beat was waiting for the end of the run', async () => {
    const lease = await take();
    let beat: Promise<void> = Promise.resolve();
    await transactor.run(async (tx) => {
      await leases.confirm(tx, lease);
      // The row is locked now: the beat waits until this transaction has given the lease up.
      beat = leases.prolong(lease, 60);
      beat.catch(() => undefined);
      await leases.release(tx, lease);
    });
    await expect(beat).rejects.toBeInstanceOf(LeaseLost);
    expect((await take()).fence).not.toBe(lease.fence);
  });

  it('is lost to whoever takes it after its end', async () => {
    const lease = await take();
    await database.dataSource.query(`update sync_source set lease_until = now() - interval '1 second'`);
    const successor = await take();
    await expect(leases.prolong(lease, 60)).rejects.toBeInstanceOf(LeaseLost);
    await expect(transactor.run((tx) => leases.confirm(tx, lease))).rejects.toBeInstanceOf(LeaseLost);
    await transactor.run((tx) => leases.release(tx, lease));
    await expect(leases.prolong(successor, 60)).resolves.toBeUndefined();
  });
});
