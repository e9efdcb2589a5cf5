import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import type { FormFactor as RealForm } from '../../src/demo/tenant/machine-models.js';
import { superclassOf } from '../../src/devices/domain/form-factor/form-factor.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';

interface Row {
  readonly id: number;
  readonly records: readonly string[];
  readonly form_factor: RealForm;
  readonly form_factor_superclass: string;
  readonly form_factor_rule: string;
  readonly manufacturer: string;
  readonly model: string;
}

const DEVICES = `
  select device.id, array_agg(record.external_id) as records, device.form_factor, device.form_factor_superclass,
         device.form_factor_rule, device.manufacturer, device.model
  from device join device_record record on record.device_id = device.id
  where record.source in ('managed-devices', 'entra-devices') group by device.id`;

describe('what a synchronised tenant consists of', () => {
  const tenant = createTenant({ seed: 11, people: 900 });
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({ tenant });
    await bench.runAll();
  }, 120_000);
  afterAll(() => bench.close());

  it('calls no laptop a desktop and no desktop a laptop, and decides nearly all', async () => {
    const truth = new Map(
      tenant.machines.flatMap((machine) =>
        [machine.managedId, machine.entraId].flatMap((id) => (id === null ? [] : [[id, machine] as const])),
      ),
    );
    const rows = await bench.query<Row>(DEVICES);
    let [compared, named, decided] = [0, 0, 0];
    const wrong: unknown[] = [];
    for (const row of rows) {
      const machine = row.records.map((id) => truth.get(id)).find((found) => found !== undefined);
      const real = machine === undefined ? null : superclassOf(machine.form);
      if (real !== 'portable' && real !== 'fixed') continue;
      compared += 1;
      if (!row.form_factor_rule.startsWith('placeholder-')) named += 1;
      if (row.form_factor_superclass === 'unknown') continue;
      decided += 1;
      if (row.form_factor_superclass !== real) {
        wrong.push([row.manufacturer, row.model, row.form_factor, machine?.form]);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
    // Machines that only ever joined the directory name no model, and firmware that nobody filled in names none either.
    expect(named / compared).toBeGreaterThan(0.85);
    expect(decided / named).toBeGreaterThan(0.99);
  });

  it('leaves nothing to classify, and a second synchronisation writes no machine', async () => {
    const waiting = await bench.query(
      'select from device where merged_into_id is null and form_factor_basis is distinct from changed_at',
    );
    expect(waiting).toEqual([]);
    const versions = (): Promise<unknown[]> => bench.query('select id, xmin::text from device order by id');
    const before = await versions();
    await bench.run('managed-devices');
    expect(await versions()).toEqual(before);
  });

  it('finishes the run when it cannot classify, and catches up after the next', async () => {
    await bench.query('update device set form_factor_basis = null, manufacturer_key = null where id % 2 = 0');
    await bench.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no'; end $$`);
    await bench.query(
      'create trigger refuse before update of form_factor on device for each statement execute function refuse()',
    );
    expect((await bench.run('managed-devices')).status).toBe('succeeded');
    await bench.query('drop trigger refuse on device');
    const missing = (): Promise<unknown[]> => bench.query('select from device where manufacturer_key is null');
    expect((await missing()).length).toBeGreaterThan(0);
    await bench.run('managed-devices');
    expect(await missing()).toEqual([]);
  });
});
