import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROLES } from '../../src/auth/permissions.js';
import { unescapeCsvText } from '../../src/common/csv.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { insertHostileRequests } from '../support/hostile-requests.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

/** What a cell begins with when a spreadsheet could take it for a formula, whatever it skips before. */
const STARTS_A_FORMULA = /^[\s\u200B;"]*[=+\-@＝＋－＠]/u;

describe('B328 to B344, V-41: exports of text that a spreadsheet could run', () => {
  interface SharedCase {
    readonly id: string;
    readonly area: string;
    readonly input: { readonly cell?: string; readonly userAgent?: string };
  }
  const shared = existsSync(SHARED)
    ? (JSON.parse(readFileSync(SHARED, 'utf8')) as readonly SharedCase[])
        .filter(({ area }) => area === 'export')
        .flatMap(({ id, input }) =>
          (input.cell ?? input.userAgent) ? [[id, String(input.cell ?? input.userAgent)]] : [],
        )
    : [];
  if (shared.length === 0) process.stdout.write("bad-inputs.json is not here: only the project's own cases run.\n");
  // Postgres stores no NUL, so no attack through stored data has one.
  const cells = [
    ...['=1', '@x', '\n+1', '\u200B=1', "'=1", '=1,"2"', '=HYPERLINK("http://evil")'].map((cell, n) => [
      `own-${n}`,
      cell,
    ]),
    ...shared,
  ] as const;
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
    for (const [id, cell] of cells) {
      await database.dataSource.query(
        `with added as (
           insert into person (entra_id, user_principal_name, display_name, mail, job_title, department, office_location,
                               user_type, presence, account_enabled)
           values ($1, $2, $2, $2, $2, $2, $2, 'Member', 'present', false) returning entra_id),
         machine as (
           insert into device (name, serial_number, manufacturer, model, operating_system, operating_system_version,
                               ownership, compliance_state, upgrade_eligibility, user_entra_id, presence)
           select $2, $2, $2, $2, $2, $2, $2, $2, $2, entra_id, 'present' from added returning id),
         custody as (
           insert into device_custody (device_id, recorded_for, state, holder_entra_id, place)
           select id, id, 'in_use', $1, $2 from machine),
         run as (
           insert into sync_run (source, trigger, kind, status, stage, fence, started_at, finished_at, note, error_code,
                                 error_message, error_fix)
           values ('users', 'schedule', 'full', 'failed', 'done', 1, now(), now(), $2, $2, $2, $2) returning id),
         hold as (
           insert into sync_hold (source, kind, run_id, reason, closed_at, closed_by, close_reason, state)
           select 'users', 'removals', id, $2, now(), $2, $2, 'released' from run),
         import as (
           insert into register_import (state, file_name, mapping_name, ignored_columns, started_by, undo_reason)
           values ('undone', $2, $2, jsonb_build_array($2), $2, $2)),
         decision as (
           insert into device_decision (kind, reason, decided_by, undone_at, undone_by, undo_reason)
           values ('split', $2, $2, now(), $2, $2) returning id),
         decided as (
           insert into device_decision_record select id, 'managed-devices', $2, 1 from decision)
         insert into subscribed_sku (sku_id, sku_part_number, capability_status) values ($1, $2, $2)`,
        [id, cell],
      );
    }
  });
  beforeAll(async () => {
    // The application appends no such words; somebody with full rights may put them there.
    await database.dataSource.query(
      `insert into audit_event (id, form, at, event, actor, subject_kind, subject_id, details, request_id, previous_hash, hash)
       select 1000 + row, 1, now(), cell, cell, cell, cell, jsonb_build_object(cell, cell), cell, sha256('x'), sha256('x')
       from unnest($1::text[]) with ordinality as numbered (cell, row)`,
      [cells.map(([, cell]) => cell)],
    );
  });
  // Names are kept without blanks around them, and once in whatever case.
  const hostile = cells
    .map(([entraId = '', text = '']) => ({ entraId, text }))
    .filter(({ text }) => text.length <= 50 && text.replace(/^ +| +$/g, '') === text)
    .filter(({ text }, at, all) => all.findIndex((other) => other.text.toLowerCase() === text.toLowerCase()) === at);
  beforeAll(() => insertHostileRequests(database.dataSource, hostile));
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it.each([
    ['/api/v1/people.csv', 6, 'Name'],
    ['/api/v1/devices.csv', 12, 'Hostname'],
    ['/api/v1/devices.csv', 12, 'Place'],
    ['/api/v1/leavers.csv', 7, 'Name'],
    ['/api/v1/leavers.csv', 7, 'Hostnames'],
    ['/api/v1/audit.csv', 5, 'Event'],
    ['/api/v1/sync/holds.csv?state=all', 3, 'Reason'],
    ['/api/v1/imports.csv', 4, 'File'],
    ['/api/v1/decisions.csv', 4, 'Reason'],
    ['/api/v1/sync/runs.csv', 4, 'Note'],
    // The name of a product is its part number without blanks around it.
    ['/api/v1/licences.csv', 2, 'Part number'],
  ])('%s lets none start, and each can be read back', async (address, columns, column) => {
    const answer = await fetch(web.url + address);
    expect(answer.status).toBe(200);
    const rows = rowsOfCsv(await answer.arrayBuffer());
    expect(rows.map((row) => unescapeCsvText(row[column] ?? '')).sort()).toEqual(cells.map(([, cell]) => cell).sort());
    for (const row of rows) {
      const safe = Object.values(row).filter((cell) => cell === row[column]);
      expect([row[column], safe.length >= columns, row[column]?.startsWith("'")]).toEqual([row[column], true, true]);
      for (const cell of Object.values(row)) expect(cell).not.toMatch(STARTS_A_FORMULA);
    }
  });

  /** Programs get no files of what is a person's own; who reads them is in the directory from then on. */
  let token: Promise<string> | undefined;
  const asPerson = async (address: string): Promise<Response> => {
    token ??= web.tokenFor({ roles: [...ROLES] });
    return fetch(web.url + address, { headers: { authorization: `Bearer ${await token}` } });
  };

  it.each([
    ['requests.csv?state=approved', 3, 'Site', 1],
    ['approvals.csv', 4, 'What it is for', 1],
    ['stock/products.csv', 3, 'Product', 1],
    ['stock/bundles.csv', 2, 'Bundle', 1],
    ['stock/places.csv', 2, 'Place', 1],
    ['stock/levels.csv', 2, 'Product', 1],
    ['stock/movements.csv', 4, 'Reason', 1],
    ['stock/transfers.csv', 4, 'Tracking number', 1],
    ['stock/counts.csv', 2, 'Place', 1],
    ['stock/orders.csv', 4, 'Number', 1],
    ['stock/picking.csv', 4, 'What', 2],
    ['stock/picks.csv', 5, 'What', 2],
    ['budgets/cost-centres.csv', 2, 'Cost centre', 1],
    ['budgets/requests.csv', 2, 'Cost centre', 1],
  ] as const)(
    '%s of requests and stock lets none start, and each can be read back',
    async (file, columns, column, share) => {
      const answer = await asPerson(`/api/v1/${file}`);
      expect(answer.status).toBe(200);
      const text = await answer.arrayBuffer();
      expect(Buffer.from(text).toString()).not.toContain('Private: ');
      const rows = rowsOfCsv(text);
      const stored = new Set(hostile.map((each) => each.text));
      expect(rows.length).toBeGreaterThanOrEqual(Math.floor(hostile.length / share));
      for (const row of rows) {
        const cell = row[column] ?? '';
        expect([cell, stored.has(unescapeCsvText(cell)), cell.startsWith("'")]).toEqual([cell, true, true]);
        expect([cell, Object.values(row).filter((other) => other === cell).length >= columns]).toEqual([cell, true]);
        for (const other of Object.values(row)) expect(other).not.toMatch(STARTS_A_FORMULA);
      }
    },
  );

  it('no file of the application has a cell that starts one', async () => {
    const files = web.routes.filter(({ method, path: route }) => method === 'GET' && route.endsWith('.csv'));
    expect(files.length).toBeGreaterThan(10);
    for (const { path: route } of files) {
      const sku = (
        await database.dataSource.query<{ id: string }[]>('select sku_id as id from subscribed_sku limit 1')
      )[0];
      const address = route.replace(':skuId', sku?.id ?? '').replace(':id', '1');
      const answer = await asPerson(address);
      // An id that is no uuid, and a bulk action that nobody began, are not there.
      expect([route, [200, 400, 404].includes(answer.status)]).toEqual([route, true]);
      if (answer.status !== 200) continue;
      const cellsOf = rowsOfCsv(await answer.arrayBuffer()).flatMap((row) => Object.values(row));
      expect([route, cellsOf.filter((cell) => STARTS_A_FORMULA.test(cell))]).toEqual([route, []]);
    }
  });
});
