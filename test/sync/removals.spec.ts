import { ConflictError, InputError, NotFoundError } from '../../src/common/errors.js';
import type { GraphRecord } from '../../src/demo/tenant/tenant-store.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

/** What a source's records look like to somebody who counts them. */
async function presence(bench: SyncBench, source = 'managed-devices'): Promise<Record<string, number>> {
  const rows = await bench.query<{ state: string; rows: number }>(
    `select case when presence = 'present' and absent_since is not null then 'absent' else presence end as state,
            count(*)::int as rows from device_record where source = $1 group by 1`,
    [source],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.rows]));
}

const openHold = (bench: SyncBench) =>
  bench.query<{ id: number; kind: string; items: number }>(
    `select hold.id, hold.kind, (select count(*)::int from sync_hold_item where hold_id = hold.id) as items
     from sync_hold hold where state = 'held'`,
  );

describe('what a read no longer shows', () => {
  let bench: SyncBench;
  let total: number;
  beforeEach(async () => {
    bench = await createSyncBench({ people: 300, seed: 11 });
    await bench.runAll();
    total = bench.tenant.list('managedDevices').length;
  });
  afterEach(() => bench.close());

  const removeDevices = async (count: number, from = 0): Promise<GraphRecord[]> => {
    const gone = bench.tenant.list('managedDevices').slice(from, from + count);
    for (const { id } of gone) {
      await bench.emulator.write({ kind: 'remove', collection: 'managedDevices', id, reason: 'deleted' });
    }
    return [...gone];
  };

  it('is absent after one complete read, missing after two, gone after thirty days', async () => {
    await removeDevices(3);
    expect((await bench.run('managed-devices')).counts).toMatchObject({ absent: 3, missing: 0 });
    expect(await presence(bench)).toEqual({ present: total - 3, absent: 3 });
    expect((await bench.run('managed-devices')).counts).toMatchObject({ absent: 0, missing: 3 });
    expect(await presence(bench)).toEqual({ present: total - 3, missing: 3 });
    await bench.query(`update device_record set absent_since = now() - interval '31 days' where presence = 'missing'`);
    expect((await bench.run('managed-devices')).counts).toMatchObject({ gone: 3 });
    expect(await presence(bench)).toEqual({ present: total - 3, gone: 3 });
    const kinds = await bench.query<{ kind: string }>(`select distinct kind from sync_change order by kind`);
    expect(kinds.map((row) => row.kind)).toEqual(['absent', 'gone', 'missing']);
  });

  it('comes back as the same record when a later read shows it again', async () => {
    const [device] = await removeDevices(1);
    if (!device) throw new Error('The tenant has no device.');
    const [before] = await bench.query(`select id, first_seen_at from device_record where external_id = $1`, [
      device.id,
    ]);
    await bench.run('managed-devices');
    await bench.run('managed-devices');
    await bench.emulator.write({ kind: 'put', collection: 'managedDevices', record: device });
    expect((await bench.run('managed-devices')).counts).toMatchObject({ returned: 1, added: 0 });
    expect(
      await bench.query(`select id, first_seen_at from device_record where external_id = $1`, [device.id]),
    ).toEqual([before]);
    expect(await differences(bench)).toEqual([]);
  });

  it.each(['users', 'entra-devices', 'managed-devices', 'subscribed-skus'] as const)(
    'F-34 an empty tenant removes nothing: %s is held',
    async (source) => {
      bench.emulator.faults.add({ name: 'empty-tenant' });
      const before = await stateOf(bench, ['person', 'device_record', 'device', 'subscribed_sku']);
      const run = await bench.run(source, { full: true });
      expect(run).toMatchObject({ status: 'held', error: null });
      expect(run.note).toContain('no records at all');
      expect(await stateOf(bench, ['person', 'device_record', 'device', 'subscribed_sku'])).toEqual(before);
    },
  );

  it('F-12 a list cut short after its first page removes nothing', async () => {
    await bench.close();
    bench = await createSyncBench({ people: 300, seed: 11, emulator: { pageSizeLimit: 60 } });
    await bench.run('managed-devices');
    bench.emulator.faults.add({ name: 'early-end', path: 'managedDevices', page: 2 });
    const run = await bench.run('managed-devices');
    expect(run.counts).toMatchObject({ absent: 0, missing: 0 });
    expect(await presence(bench)).toEqual({ present: total });
  });

  it('F-35 half of the devices missing is held, and additions still apply', async () => {
    bench.emulator.faults.add({ name: 'missing-records', path: 'managedDevices', share: 0.5 });
    const [device] = bench.tenant.list('managedDevices');
    const added = Array.from({ length: 10 }, (_, index) => ({
      ...device,
      id: `00000000-0000-4000-8000-00000000000${index}`,
    }));
    for (const record of added) await bench.emulator.write({ kind: 'put', collection: 'managedDevices', record });
    // Graph's count is of what it sends here: only the guard notices.
    const run = await bench.run('managed-devices');
    expect(run.status).toBe('held');
    expect(run.counts.added).toBeGreaterThan(0);
    expect(run.counts).toMatchObject({ absent: 0, missing: 0 });
    expect((await presence(bench))['present']).toBe(total + run.counts.added);
    const [hold] = await openHold(bench);
    expect(hold).toMatchObject({ kind: 'removals', items: run.counts.held });
  });

  it('a hold expires by itself when everything has come back', async () => {
    const id = bench.emulator.faults.add({ name: 'missing-records', path: 'managedDevices', share: 0.5 });
    await bench.run('managed-devices');
    expect(await openHold(bench)).toHaveLength(1);
    bench.emulator.faults.clear(id);
    expect((await bench.run('managed-devices')).status).toBe('succeeded');
    expect(await openHold(bench)).toHaveLength(0);
    expect(await presence(bench)).toEqual({ present: total });
  });

  it('F-36 a slow bleed below the share of one run is held within a day', async () => {
    const statuses: string[] = [];
    for (let run = 0; run < 10; run++) {
      await removeDevices(Math.floor(total * 0.019));
      statuses.push((await bench.run('managed-devices')).status);
    }
    expect(statuses[0]).toBe('succeeded');
    expect(statuses.at(-1)).toBe('held');
    const counts = await presence(bench);
    expect((counts['absent'] ?? 0) + (counts['missing'] ?? 0)).toBeLessThanOrEqual(Math.ceil(total * 0.05));
  });

  it('F-37 a read in which every id is another is held as a whole, and applies once a person has released it', async () => {
    bench.emulator.faults.add({ name: 'new-ids', path: 'managedDevices' });
    const before = await stateOf(bench, ['device_record', 'device', 'sync_change']);
    const run = await bench.run('managed-devices');
    expect(run).toMatchObject({ status: 'held', counts: { added: 0, changed: 0, absent: 0 } });
    expect(await stateOf(bench, ['device_record', 'device', 'sync_change'])).toEqual(before);
    const [hold] = await openHold(bench);
    expect(hold?.kind).toBe('everything');
    await bench.holds.release(hold?.id ?? 0, 'person:somebody', 'The tenant was migrated on purpose');
    expect(await bench.run('managed-devices')).toMatchObject({
      status: 'succeeded',
      counts: { added: total, absent: total },
    });
  });

  it('F-63 far more records than a council has are held before they are applied', async () => {
    await bench.close();
    bench = await createSyncBench({ people: 300, seed: 11, config: { recordCap: 200 } });
    const run = await bench.run('managed-devices');
    expect(run).toMatchObject({ status: 'held', counts: { added: 0 } });
    expect(run.note).toContain('More than 200 records');
    expect(await presence(bench)).toEqual({});
    expect(await bench.query('select 1 from sync_staging')).toEqual([]);
    const [hold] = await openHold(bench);
    await bench.holds.release(hold?.id ?? 0, 'person:somebody', 'The council has grown');
    expect(await bench.run('managed-devices')).toMatchObject({ status: 'succeeded', counts: { added: total } });
  });

  it('a count that Graph announces and does not keep lets nothing be taken for absent', async () => {
    await removeDevices(3);
    bench.emulator.faults.add({ name: 'count-mismatch', path: 'managedDevices', count: 7 });
    const run = await bench.run('managed-devices');
    expect(run).toMatchObject({ status: 'succeeded', counts: { absent: 0 } });
    expect(run.note).toContain('announced');
    expect(await presence(bench)).toEqual({ present: total });
  });

  it('removals of a delta are held by the same rules and released by a person with a reason, once', async () => {
    const leaving = bench.tenant.list('users').slice(0, 40);
    for (const { id } of leaving)
      await bench.emulator.write({ kind: 'remove', collection: 'users', id, reason: 'changed' });
    expect(await bench.run('users')).toMatchObject({ kind: 'delta', status: 'held', counts: { held: 40, missing: 0 } });
    expect(await bench.run('users')).toMatchObject({ status: 'succeeded' });
    const [hold] = await openHold(bench);
    const id = hold?.id ?? 0;
    await expect(bench.holds.release(id, 'person:somebody', ' ')).rejects.toBeInstanceOf(InputError);
    await expect(bench.holds.release(9_999, 'person:somebody', 'No such hold')).rejects.toBeInstanceOf(NotFoundError);
    const both = await Promise.allSettled([
      bench.holds.release(id, 'person:one', 'The school left the council'),
      bench.holds.release(id, 'person:two', 'The school left the council'),
    ]);
    const refused = both.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(ConflictError);
    const [missing] = await bench.query<{ rows: number }>(
      `select count(*)::int as rows from person where presence = 'missing'`,
    );
    expect(missing?.rows).toBe(40);
  });

  it('a dry run says what would happen and changes nothing', async () => {
    await removeDevices(3);
    const [device] = bench.tenant.list('managedDevices');
    await bench.emulator.write({ kind: 'put', collection: 'managedDevices', record: { ...device, id: 'new-one' } });
    const before = await stateOf(bench);
    const [cursor] = await bench.query(
      `select cursor, last_success_at, last_full_at from sync_source where source = 'managed-devices'`,
    );
    const run = await bench.run('managed-devices', { dryRun: true });
    expect(run).toMatchObject({ status: 'succeeded', dryRun: true, counts: { added: 1, absent: 3 } });
    expect(await stateOf(bench)).toEqual(before);
    expect(
      await bench.query(
        `select cursor, last_success_at, last_full_at from sync_source where source = 'managed-devices'`,
      ),
    ).toEqual([cursor]);
    expect((await bench.run('managed-devices')).counts).toMatchObject({ added: 1, absent: 3 });
  });
});
