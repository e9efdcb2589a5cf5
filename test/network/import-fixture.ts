import { Readable } from 'node:stream';
import type { Actor } from '../../src/audit/actor.js';
import { Transactor } from '../../src/database/transactor.js';
import type { ImportedKind } from '../../src/network/import/domain/import-words.js';
import { NetworkImportApplication } from '../../src/network/import/network-import-application.service.js';
import { NetworkImportComparison } from '../../src/network/import/network-import-comparison.service.js';
import { NetworkImportReading } from '../../src/network/import/network-import-reading.service.js';
import { NetworkImportQueries, type NetworkImportSummary } from '../../src/network/import/network-import.queries.js';
import { NetworkImportService, type NetworkStageOptions } from '../../src/network/import/network-import.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const IMPORTER: Actor = 'person:00000000-0000-4000-8000-000000000001';

/** Imports of network data over a database of their own. */
export interface NetworkImportFixture {
  readonly database: TestDatabase;
  readonly imports: NetworkImportService;
  readonly queries: NetworkImportQueries;
  stage(kind: ImportedKind, content: string, options?: Partial<NetworkStageOptions>): Promise<NetworkImportSummary>;
  /** Stages and applies. */
  bring(kind: ImportedKind, content: string, options?: Partial<NetworkStageOptions>): Promise<NetworkImportSummary>;
  rows<T = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<T[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Cuts bytes so that pieces end in the middle of lines and characters. */
function inPieces(content: string, size = 7_001): Readable {
  const bytes = Buffer.from(content);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Readable.from(pieces, { objectMode: false });
}

export async function openNetworkImports(connections = 8): Promise<NetworkImportFixture> {
  const database = await createTestDatabase({ connections });
  const { dataSource } = database;
  const transactor = new Transactor(dataSource);
  const queries = new NetworkImportQueries(dataSource);
  const imports = new NetworkImportService(
    transactor,
    new NetworkImportReading(transactor),
    new NetworkImportComparison(),
    new NetworkImportApplication(),
    queries,
  );
  const stage: NetworkImportFixture['stage'] = (kind, content, options = {}) =>
    imports.stage(inPieces(content), { kind, actor: IMPORTER, ...options });
  return {
    ...{ database, imports, queries, stage },
    bring: async (kind, content, options) => imports.apply((await stage(kind, content, options)).id, IMPORTER),
    rows: (sql, parameters) => dataSource.query(sql, parameters),
    clear: () =>
      dataSource.query(`truncate network_site, network_link, network_range, remote_access, wifi_survey, site_test,
        area_coverage, network_import, network_import_row, network_change cascade`),
    close: () => database.drop(),
  };
}
