import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unescapeCsvText } from '../../src/common/csv.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

describe('exports of text that a spreadsheet could run', () => {
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
                               user_type, presence)
           values ($1, $2, $2, $2, $2, $2, $2, 'Member', 'present') returning entra_id),
         machine as (
           insert into device (name, serial_number, manufacturer, model, operating_system, operating_system_version,
                               ownership, compliance_state, upgrade_eligibility, user_entra_id, presence)
           select $2, $2, $2, $2, $2, $2, $2, $2, $2, entra_id, 'present' from added),
         run as (
           insert into sync_run (source, trigger, kind, status, stage, fence, started_at, finished_at, note, error_code,
                                 error_message, error_fix)
           values ('users', 'schedule', 'full', 'failed', 'done', 1, now(), now(), $2, $2, $2, $2))
         insert into subscribed_sku (sku_id, sku_part_number, capability_status) values ($1, $2, $2)`,
        [id, cell],
      );
    }
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it.each([
    ['/api/v1/people.csv', 6, 'Name'],
    ['/api/v1/devices.csv', 10, 'Hostname'],
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
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s\u200B;"]*[=+\-@＝＋－＠]/u);
    }
  });
});
