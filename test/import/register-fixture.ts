import { Readable } from 'node:stream';
import { Transactor } from '../../src/database/transactor.js';
import { ImportApplication } from '../../src/devices/import/import-application.service.js';
import { ImportComparison } from '../../src/devices/import/import-comparison.service.js';
import { ImportMappings } from '../../src/devices/import/import-mappings.service.js';
import { ImportReading } from '../../src/devices/import/import-reading.service.js';
import { ImportQueries, type ImportSummary } from '../../src/devices/import/import.queries.js';
import { ImportService, type StageOptions } from '../../src/devices/import/import.service.js';
import { SearchIndexService } from '../../src/devices/search-index.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const ACTOR = 'person:00000000-0000-4000-8000-000000000001';

/** The import feature over a database of its own. */
export interface RegisterFixture {
  readonly database: TestDatabase;
  readonly imports: ImportService;
  readonly mappings: ImportMappings;
  readonly queries: ImportQueries;
  stage(content: string | Uint8Array, options?: Partial<StageOptions>): Promise<ImportSummary>;
  /** Stages and applies. */
  bring(content: string | Uint8Array): Promise<ImportSummary>;
  /** Adds machines as a synchronisation and resolver would leave them; gives their ids. */
  addDevices(devices: readonly { serial?: string; manufacturer?: string; name?: string }[]): Promise<number[]>;
  addPeople(people: readonly { entraId: string; upn: string; mail?: string; presence?: string }[]): Promise<void>;
  /** All entries of the register, each as one object, in order of their id. */
  register(): Promise<Record<string, unknown>[]>;
  rows<T = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<T[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Cuts bytes so that pieces end in the middle of lines and characters. */
export function inPieces(content: string | Uint8Array, size = 7_001): Readable {
  const bytes = Buffer.from(content);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Readable.from(pieces, { objectMode: false });
}

export async function openRegister(connections = 8): Promise<RegisterFixture> {
  const database = await createTestDatabase({ connections });
  const { dataSource } = database;
  const transactor = new Transactor(dataSource);
  const queries = new ImportQueries(dataSource);
  const mappings = new ImportMappings(transactor);
  const imports = new ImportService(
    transactor,
    new ImportReading(transactor),
    new ImportComparison(),
    new ImportApplication(),
    mappings,
    queries,
    new SearchIndexService(dataSource),
  );
  const stage: RegisterFixture['stage'] = (content, options = {}) =>
    imports.stage(inPieces(content), { actor: ACTOR, ...options });
  return {
    ...{ database, imports, mappings, queries, stage },
    bring: async (content) => imports.apply((await stage(content)).id, ACTOR),
    addDevices: async (devices) => {
      const rows = await dataSource.query<{ id: number }[]>(
        `insert into device (serial_number, manufacturer, name)
         select serial, manufacturer, name from jsonb_to_recordset($1::jsonb) as d(serial text, manufacturer text, name text)
         returning id`,
        [JSON.stringify(devices)],
      );
      return rows.map(({ id }) => id);
    },
    addPeople: async (people) => {
      await dataSource.query(
        `insert into person (entra_id, user_principal_name, mail, presence)
         select "entraId", upn, mail, coalesce(presence, 'present')
         from jsonb_to_recordset($1::jsonb) as p("entraId" text, upn text, mail text, presence text)`,
        [JSON.stringify(people)],
      );
    },
    register: async () => {
      const rows = await dataSource.query<{ entry: Record<string, unknown> }[]>(
        'select to_jsonb(entry) as entry from device_register as entry order by id',
      );
      return rows.map(({ entry }) => entry);
    },
    rows: (sql, parameters) => dataSource.query(sql, parameters),
    clear: () =>
      dataSource.query('truncate device_register, register_import_row, register_import, device, person cascade'),
    close: () => database.drop(),
  };
}
