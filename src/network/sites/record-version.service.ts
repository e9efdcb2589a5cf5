import type { EntityManager } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import { lockRecord } from '../../database/record-version.js';

/** What is changed under its version, by its table. */
const RECORDS = {
  network_site: 'site',
  network_link: 'link',
  wifi_survey: 'survey',
  network_range: 'range',
  remote_access: 'gateway',
} as const;
type RecordTable = keyof typeof RECORDS;

/** Locks a record of the inventory, see `lockRecord`. */
export function lockVersion(tx: EntityManager, table: RecordTable, id: number, version: string): Promise<void> {
  return lockRecord(tx, { table, called: RECORDS[table] }, id, version);
}

/** Locks a site against changes of its name while something of it is written. @returns its name. @throws NotFoundError */
export async function lockSite(tx: EntityManager, id: number): Promise<string> {
  const [site] = await tx.query<{ name: string }[]>('select name from network_site where id = $1 for key share', [id]);
  if (!site) throw new NotFoundError('There is no such site.');
  return site.name;
}
