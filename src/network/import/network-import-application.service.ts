import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { noteNetworkChange } from '../network-changes.service.js';
import type { ImportedKind } from './domain/import-words.js';
import { IMPORT_TARGETS, type ImportTarget } from './import-targets.js';
import { saidOf } from './network-import-comparison.service.js';

/** Carries a compared import into the records that it is about, in set-based statements. */
@Injectable()
export class NetworkImportApplication {
  /** Keeps every other writer off the records, and the sites as they are, until the transaction ends; readers go on. */
  async lock(tx: EntityManager, kind: ImportedKind): Promise<void> {
    const { table } = IMPORT_TARGETS[kind];
    if (table !== 'network_site') await tx.query('lock table network_site in share mode');
    // Also off those who lock a record before they change it, or each could wait for the other.
    await tx.query(`lock table ${table} in exclusive mode`);
  }

  /** Writes all rows with the outcomes `new` and `changed`, and notes the sites that are judged by them. */
  async apply(tx: EntityManager, importId: number, kind: ImportedKind, actor: string): Promise<void> {
    const target = IMPORT_TARGETS[kind];
    const by = target.stamp === 'person' ? [importId, actor] : [importId];
    await tx.query(insertNew(target), by);
    await tx.query(updateChanged(target), by);
    if (!target.judgesSites) return;
    const sites = await tx.query<{ name: string }[]>(kind === 'sites' ? NAMED_SITES : SITES, [importId]);
    await noteNetworkChange(tx, { kind: 'site', subjects: sites.map(({ name }) => name) });
  }
}

function insertNew({ table, columns, stamp }: ImportTarget): string {
  return `
    insert into ${table} (${columns.map(({ name }) => name).join(', ')}, ${stamp === 'person' ? 'changed_by' : 'import_id'})
    select ${columns.map((column) => saidOf('row.fields', column)).join(', ')}, ${stamp === 'person' ? '$2' : 'row.import_id'}
    from network_import_row as row where row.import_id = $1 and row.outcome = 'new' order by row.line`;
}

/** A field that the row does not mention keeps its value. */
function updateChanged({ table, columns, stamp }: ImportTarget): string {
  const values = columns.map(
    (column) => `${column.name} = coalesce(${saidOf('row.fields', column)}, entry.${column.name})`,
  );
  const stamps =
    stamp === 'person'
      ? `changed_by = $2, changed_at = now(), version = nextval('network_version_sequence')`
      : 'import_id = row.import_id';
  return `
    update ${table} as entry set ${values.join(', ')}, ${stamps}
    from network_import_row as row
    where row.import_id = $1 and row.outcome = 'changed' and entry.id = row.target_id`;
}

const NAMED_SITES = `
  select fields->>'name' as name from network_import_row where import_id = $1 and outcome in ('new', 'changed')`;

const SITES = `
  select name from network_site where id in (
    select (fields->>'site_id')::integer from network_import_row where import_id = $1 and outcome in ('new', 'changed'))`;
