import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { REGISTER_FIELDS } from './domain/register-fields.js';

/** Columns of the register that an import writes: its fields and what is derived from them. */
const COLUMNS = [
  ...REGISTER_FIELDS.map((field) => field.column),
  ...['asset_tag_key', 'serial_key', 'manufacturer_key', 'holder_entra_id'],
];
const ALL_COLUMNS = [...COLUMNS, 'currency', 'import_id', 'version', 'changed_by', 'changed_at'];

/** What undoing an import did. */
export interface UndoCounts {
  /** Entries brought back to what they were. */
  readonly restored: number;
  /** Entries that the import had made, now removed. */
  readonly removed: number;
  /** Rows whose entry was changed since and therefore left alone. */
  readonly refused: number;
}

/** Carries a compared import into the register, and back out of it, in set-based statements. */
@Injectable()
export class ImportApplication {
  /** Keeps every other writer off the register until the transaction ends; readers and the synchronisation go on. */
  async lockRegister(tx: EntityManager): Promise<void> {
    await tx.query('lock table device_register in share row exclusive mode');
  }

  /** Writes all rows with the outcomes `new` and `changed`, and keeps what was there before. */
  async apply(tx: EntityManager, importId: number, actor: string): Promise<void> {
    await tx.query(REMEMBER, [importId]);
    await tx.query(INSERT_NEW, [importId, actor]);
    await tx.query(UPDATE_CHANGED, [importId, actor]);
  }

  /** Brings back what was there before, but for entries that changed since; those rows get their reason. */
  async undo(tx: EntityManager, importId: number): Promise<UndoCounts> {
    const [, refused] = await tx.query<[unknown, number]>(REFUSE_UNDO, [importId]);
    const [, removed] = await tx.query<[unknown, number]>(REMOVE_NEW, [importId]);
    const [, restored] = await tx.query<[unknown, number]>(RESTORE_CHANGED, [importId]);
    return { restored, removed, refused };
  }
}

const REMEMBER = `
  update register_import_row as row
  set applied_version = nextval('device_register_version_sequence'),
      register_id = coalesce(row.register_id, nextval(pg_get_serial_sequence('device_register', 'id'))),
      before = (select to_jsonb(entry) from device_register as entry where entry.id = row.register_id)
  where row.import_id = $1 and row.outcome in ('new', 'changed')`;

const INSERT_NEW = `
  insert into device_register (id, device_id, import_id, version, changed_by, ${COLUMNS.join(', ')})
  select row.register_id, row.device_id, row.import_id, row.applied_version, $2, ${said(COLUMNS)}
  from register_import_row as row
  cross join lateral jsonb_populate_record(null::device_register, row.fields) as said
  where row.import_id = $1 and row.outcome = 'new'`;

/** A field that the row does not mention keeps its value. */
const UPDATE_CHANGED = `
  update device_register as entry
  set (${COLUMNS.join(', ')}) = row(${said(COLUMNS)}),
      device_id = coalesce(row.device_id, entry.device_id),
      import_id = row.import_id, version = row.applied_version, changed_by = $2, changed_at = now()
  from register_import_row as row
  join device_register as earlier on earlier.id = row.register_id
  cross join lateral jsonb_populate_record(earlier, row.fields) as said
  where row.import_id = $1 and row.outcome = 'changed' and entry.id = row.register_id`;

const REFUSE_UNDO = `
  with applied as materialized (
    select line, register_id, applied_version, before->>'asset_tag_key' as tag_key, before->>'serial_key' as serial_key,
           coalesce(before->>'manufacturer_key', '') as maker_key, (before->>'device_id')::integer as device_id
    from register_import_row where import_id = $1 and outcome in ('new', 'changed')
  ), taken as (
    select line from applied join device_register as other on other.asset_tag_key = applied.tag_key
    where other.id <> applied.register_id
    union
    select line from applied join device_register as other
      on other.serial_key = applied.serial_key and coalesce(other.manufacturer_key, '') = applied.maker_key
    where other.id <> applied.register_id
    union
    select line from applied join device_register as other on other.device_id = applied.device_id
    where other.id <> applied.register_id
  ), reason as (
    select applied.line,
           case when entry.id is null then 'The entry was removed since.'
                when entry.version <> applied.applied_version then 'The entry was changed since.'
                when taken.line is not null then 'Another entry now has the earlier asset tag, serial number or machine.'
           end as text
    from applied
    left join taken using (line)
    left join device_register as entry on entry.id = applied.register_id
  )
  update register_import_row as row set undo_refusal = reason.text
  from reason where row.import_id = $1 and row.line = reason.line and reason.text is not null`;

const REMOVE_NEW = `
  delete from device_register as entry using register_import_row as row
  where row.import_id = $1 and row.outcome = 'new' and row.undo_refusal is null and entry.id = row.register_id`;

/** The link to a machine comes back too, unless the entry was linked to another one since. */
const RESTORE_CHANGED = `
  update device_register as entry
  set (${ALL_COLUMNS.join(', ')}) = row(${said(ALL_COLUMNS)}),
      device_id = case when entry.device_id is not distinct from coalesce(row.device_id, said.device_id)
                       then said.device_id else entry.device_id end
  from register_import_row as row
  cross join lateral jsonb_populate_record(null::device_register, row.before) as said
  where row.import_id = $1 and row.outcome = 'changed' and row.undo_refusal is null and entry.id = row.register_id`;

function said(columns: readonly string[]): string {
  return columns.map((column) => `said.${column}`).join(', ');
}
