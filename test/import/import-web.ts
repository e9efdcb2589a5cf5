import type { TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

/** The import feature as part of the whole application. */
export type ImportWeb = TestWeb;

export const startImportWeb = (database: Pick<TestDatabase, 'address'>): Promise<ImportWeb> => startTestWeb(database);
