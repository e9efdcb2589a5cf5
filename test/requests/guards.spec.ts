import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { FULFILMENT_GUARDS } from './fulfilment-guards.js';
import { rowsOf, standFor, Trial, type GuardProof, type Stand } from './guard-proofs.js';
import { REQUEST_GUARDS } from './request-guards.js';
import { STOCK_GUARDS } from './stock-guards.js';

const PROOFS: readonly GuardProof[] = [...STOCK_GUARDS, ...REQUEST_GUARDS, ...FULFILMENT_GUARDS];

/** Tables of the model whose every guard is looked at. */
const TABLES = [
  'product_model',
  'stock_place',
  'stock_level',
  'stock_machine',
  'stock_movement',
  'stock_transfer',
  'stock_transfer_machine',
  'stock_count',
  'stock_count_line',
  'stock_count_scan',
  'budget',
  'team_budget',
  'purchase_order',
  'purchase_order_line',
  'purchase_receipt',
  'equipment_request',
  'request_revision',
  'request_line',
  'linked_account',
  'approval_delegation',
  'approval_step',
  'decision',
  'reservation',
  'pick',
  'request_event',
];

/** What these tables have besides: nothing scarce hangs on it. */
const NOTHING_SCARCE: Readonly<Record<string, readonly string[]>> = {
  'a number that the database gives': [
    'stock_place_pkey',
    'stock_level_id_key',
    'stock_movement_pkey',
    'stock_transfer_pkey',
    'stock_count_pkey',
    'team_budget_pkey',
    'purchase_order_pkey',
    'purchase_order_line_pkey',
    'purchase_receipt_pkey',
    'equipment_request_pkey',
    'request_line_pkey',
    'approval_delegation_pkey',
    'reservation_pkey',
    'pick_pkey',
    'request_event_pkey',
  ],
  'how a text is written': [
    'product_model_name_check',
    'stock_place_name_check',
    'stock_count_scan_serial_check',
    'team_budget_team_check',
    'purchase_order_number_check',
    'purchase_order_state_check',
    'approval_step_queue_reason_check',
  ],
  'a figure that nobody is promised': [
    'stock_level_threshold_check',
    'purchase_order_line_price_check',
    'request_revision_total_check',
    'budget_year_check',
    'team_budget_year_check',
  ],
  'what a foreign key that is tried refers to': ['request_line_product_key'],
};

describe('what guards scarce things, dropped one at a time', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let stand: Stand;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    stand = await standFor(rowsOf(client));
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
    process.stdout.write(
      `Guards that were dropped one at a time, each with what is lost without it:\n${PROOFS.map(({ guard, keeps }) => `  ${guard}: ${keeps}\n`).join('')}`,
    );
  });

  /** What refuses the attempt while these guards are dropped; everything is as before afterwards. */
  const refusedBy = async (proof: GuardProof, dropped: readonly string[]): Promise<string | null> => {
    await client.query('begin');
    try {
      for (const guard of dropped) await drop(client, guard);
      return await proof.attempt(new Trial(client, stand));
    } finally {
      await client.query('rollback');
    }
  };

  it.each(PROOFS.map((proof) => [proof.guard, proof.keeps, proof] as const))('%s: %s', async (guard, _keeps, proof) => {
    const { backedBy = [] } = proof;
    expect(await refusedBy(proof, [])).toBe(proof.by ?? guard);
    const without = await refusedBy(proof, [guard]);
    if (backedBy.length === 0) expect(without).toBeNull();
    else expect(backedBy).toContain(without);
    expect(await refusedBy(proof, [guard, ...backedBy])).toBeNull();
  });

  it('there is no other', async () => {
    const { rows } = await client.query<{ name: string }>(
      `select conname as name from pg_constraint where conrelid::regclass::text = any($1::text[]) and contype in ('c', 'u', 'p', 'x')
       union select indexrelid::regclass::text from pg_index where indisunique and indrelid::regclass::text = any($1::text[])
       union select tgname from pg_trigger where not tgisinternal and tgrelid::regclass::text = any($1::text[])
       union select tgname from pg_trigger where tgname like 'device_custody_stock%'
       union select found[1] from pg_proc, regexp_matches(prosrc, 'constraint = ''(\\w+)''', 'g') as found
         where proname in ('guard_decision', 'guard_request_state', 'guard_line_state', 'guard_frozen_revision', 'guard_frozen_line')
       order by 1`,
      [TABLES],
    );
    const known = new Set([...PROOFS.map(({ guard }) => guard), ...Object.values(NOTHING_SCARCE).flat()]);
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
    const there = new Set(rows.map(({ name }) => name));
    expect(
      Object.values(NOTHING_SCARCE)
        .flat()
        .filter((name) => !there.has(name)),
    ).toEqual([]);
  });
});

/** Drops a guard: a constraint, an index or a trigger of this name, or else the clause that refuses with it. */
async function drop(client: pg.Client, guard: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as statement
     from pg_constraint where conname = $1 and contype <> 't'
     union all
     select format('drop index %s', indexrelid::regclass) from pg_index
     where indexrelid = to_regclass($1) and not exists (select from pg_constraint where conindid = indexrelid)
     union all
     select format('drop trigger %I on %s', tgname, tgrelid::regclass) from pg_trigger where tgname = $1 and not tgisinternal
     union all
     select regexp_replace(pg_get_functiondef(oid), 'raise exception [^;]*constraint = ''' || $1 || ''';', 'null;')
     from pg_proc where proname = 'guard_decision' and prosrc like '%constraint = ''' || $1 || ''';%'`,
    [guard],
  );
  const [found, ...others] = rows;
  if (!found || others.length > 0) throw new Error(`${guard} is not there, or not once.`);
  await client.query(found.statement);
}
