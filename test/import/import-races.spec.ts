import { ConflictError } from '../../src/common/errors.js';
import { Transactor } from '../../src/database/transactor.js';
import { ACTOR, openRegister, type RegisterFixture } from './register-fixture.js';

const FILE = `Asset Tag,Serial,Location\n${Array.from({ length: 500 }, (_, n) => `T${n},SERIAL${n},Depot\n`).join('')}`;

/** Really at once: all are started before any is waited for, each on a connection of its own. */
async function atOnce<T>(count: number, work: (n: number) => Promise<T>): Promise<{ done: T[]; failed: unknown[] }> {
  const results = await Promise.allSettled(Array.from({ length: count }, (_, n) => work(n)));
  return {
    done: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    failed: results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  };
}

describe('imports at once', () => {
  let fixture: RegisterFixture;
  beforeAll(async () => {
    fixture = await openRegister(12);
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('apply one import once, however many try', async () => {
    const { id } = await fixture.stage(FILE);
    const { done, failed } = await atOnce(8, () => fixture.imports.apply(id, ACTOR));
    expect(done).toHaveLength(1);
    expect(failed.every((error) => error instanceof ConflictError)).toBe(true);
    expect(await fixture.register()).toHaveLength(500);
    expect(await fixture.rows('select distinct version from device_register')).toHaveLength(500);
  });

  it('undo one import once, and never half', async () => {
    await fixture.bring(FILE);
    const before = await fixture.register();
    const changed = await fixture.bring(FILE.replaceAll('Depot', 'Library'));
    const { done, failed } = await atOnce(8, () => fixture.imports.undo(changed.id, ACTOR, 'wrong file'));
    expect(done).toMatchObject([{ restored: 500, removed: 0, refused: 0 }]);
    expect(failed.every((error) => error instanceof ConflictError)).toBe(true);
    expect(await fixture.register()).toEqual(before);
  });

  it('apply the same file sent twice only once', async () => {
    const staged = await Promise.all([fixture.stage(FILE), fixture.stage(FILE)]);
    const { done, failed } = await atOnce(2, (n) => fixture.imports.apply(staged[n]?.id ?? 0, ACTOR));
    expect(done).toHaveLength(1);
    expect(failed).toEqual([expect.objectContaining({ status: 409 })]);
    expect(await fixture.register()).toHaveLength(500);
    const late = staged.find(({ id }) => id !== done[0]?.id);
    expect((await fixture.imports.preview(late?.id ?? 0)).import.counts).toMatchObject({ unchanged: 500, new: 0 });
  });

  it('give one request sent many times one import', async () => {
    const { done, failed } = await atOnce(6, () => fixture.stage(FILE, { idempotencyKey: 'once' }));
    expect(new Set(done.map(({ id }) => id)).size).toBe(1);
    expect(failed.every((error) => error instanceof ConflictError)).toBe(true);
    expect(await fixture.rows('select id from register_import')).toHaveLength(1);
  });

  it('and a synchronisation that changes all machines both finish, and neither loses anything', async () => {
    await fixture.addDevices(Array.from({ length: 500 }, (_, n) => ({ serial: `SERIAL${n}`, manufacturer: 'Dell' })));
    const { id } = await fixture.stage(FILE);
    const transactor = new Transactor(fixture.database.dataSource);
    // Against the order in which an import notes what the search has to take over, so that the two may well deadlock.
    const synchronise = async () => {
      for (let round = 0; round < 20; round++) {
        await transactor.run((tx) =>
          tx.query(
            `update device set last_seen_at = now(), name = 'PC-' || id from (select id as locked from device order by id desc for no key update) as all_rows where locked = id`,
          ),
        );
      }
    };
    const [, summary] = await Promise.all([synchronise(), fixture.imports.apply(id, ACTOR)]);
    expect(summary.counts.new).toBe(500);
    const entries = await fixture.register();
    expect(entries.every((entry) => entry['device_id'] !== null && entry['location'] === 'Depot')).toBe(true);
    expect(await fixture.rows('select from device where last_seen_at is null')).toEqual([]);
  });
});
