import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { manufacturerKey } from '../domain/identity/manufacturer-name.js';
import { SERIAL_SPACES } from '../domain/identity/serial-number.js';

/** Compares the rows of an import with the register, the machines and the people, in a fixed number of statements. */
@Injectable()
export class ImportComparison {
  /**
   * Tells the planner how large an import is; without it, it takes a new import for a few rows and compares each with
   * each. In a transaction of its own, so that its locks are short.
   */
  async measure(tx: EntityManager): Promise<void> {
    await tx.query('analyze register_import_row, device_register');
  }

  /**
   * Links entries without a machine to the one machine that now fits, as when a boxed laptop is enrolled. A link is not a
   * new version of an entry, so it does not stand in the way of undoing an import.
   * @returns how many were linked
   */
  async link(tx: EntityManager): Promise<number> {
    const [, linked] = await tx.query<[unknown, number]>(LINK, [await makers(tx), SERIAL_SPACES]);
    return linked;
  }

  /**
   * Decides for every row that was not refused what applying it would do, and keeps the counts and a hash of the result.
   * @returns the hash: equal hashes mean that applying would do the same
   */
  async compare(tx: EntityManager, importId: number): Promise<string> {
    await tx.query(RESOLVE_HOLDERS, [importId]);
    await tx.query(DECIDE, [importId, await makers(tx), SERIAL_SPACES]);
    await tx.query(FIND_SAME_MACHINE, [importId]);
    const [[summary]] = await tx.query<[{ comparison_hash: string }[], number]>(SUMMARISE, [importId]);
    return summary?.comparison_hash ?? '';
  }
}

/** Manufacturers of the estate with the form in which they are compared, as JSON. */
async function makers(tx: EntityManager): Promise<string> {
  const rows = await tx.query<{ manufacturer: string }[]>(
    'select distinct manufacturer from device where manufacturer is not null',
  );
  return JSON.stringify(rows.map(({ manufacturer }) => ({ name: manufacturer, key: manufacturerKey(manufacturer) })));
}

/** A note becomes a person when exactly one who is present has that user principal name or e-mail address. */
const RESOLVE_HOLDERS = `
  with named as (
    select distinct lower(fields->>'holder_note') as address from register_import_row
    where import_id = $1 and outcome <> 'refused' and fields ? 'holder_note'
  ), found as (
    select address, min(entra_id) as entra_id from (
      select named.address, person.entra_id from named
      join person on lower(person.user_principal_name) = named.address where person.presence = 'present'
      union
      select named.address, person.entra_id from named
      join person on lower(person.mail) = named.address where person.presence = 'present'
    ) as match group by address having count(*) = 1
  )
  update register_import_row as row
  set fields = row.fields || jsonb_build_object('holder_entra_id', found.entra_id)
  from named left join found using (address)
  where row.import_id = $1 and row.outcome <> 'refused' and lower(row.fields->>'holder_note') = named.address
    and (not row.fields ? 'holder_entra_id' or row.fields->>'holder_entra_id' is distinct from found.entra_id)`;

/** $1 import, $2 manufacturers as JSON, $3 characters that do not count in a serial number. */
const DECIDE = `
  with maker as materialized (
    select * from jsonb_to_recordset($2::jsonb) as maker(name text, key text)
  ), line as materialized (
    select line, fields, decided_device_id, fields->>'serial_key' as serial_key, fields->>'asset_tag_key' as tag_key,
           fields->>'manufacturer_key' as maker_key
    from register_import_row where import_id = $1 and outcome <> 'refused'
  ), machine as (
    select line.line, array_agg(device.id order by device.id) as ids
    from line
    join device on upper(translate(device.serial_number, $3, '')) = line.serial_key and device.merged_into_id is null
    left join maker on maker.name = device.manufacturer
    where line.maker_key is null or maker.key is null or maker.key = line.maker_key
    group by line.line
  ), target as materialized (
    select line.*, coalesce(machine.ids, '{}') as candidates,
           case when line.decided_device_id = any(machine.ids) then line.decided_device_id
                when cardinality(machine.ids) = 1 then machine.ids[1] end as device_id
    from line left join machine using (line)
  ), by_serial as (
    select line, array_agg(distinct id) as ids from (
      select target.line, entry.id from target
      join device_register as entry on entry.serial_key = target.serial_key
      where entry.manufacturer_key is null or target.maker_key is null or entry.manufacturer_key = target.maker_key
      union all
      select target.line, entry.id from target join device_register as entry on entry.device_id = target.device_id
    ) as match group by line
  ), verdict as materialized (
    select target.*, entry.id as register_id, to_jsonb(entry) as entry,
      case
        when target.device_id is null and cardinality(target.candidates) > 1 then 'several-machines'
        when cardinality(by_serial.ids) > 1 then 'several-entries'
        when by_tag.id <> by_serial.ids[1] then 'tag-of-another'
        when by_serial.ids is null and by_tag.serial_key is not null and target.serial_key is not null
          then 'tag-with-other-serial'
        when by_serial.ids is null and by_tag.device_id <> target.device_id then 'tag-of-another'
        when entry.serial_key is not null and entry.manufacturer_key <> target.maker_key then 'other-manufacturer'
      end as conflict
    from target
    left join by_serial using (line)
    left join device_register as by_tag on by_tag.asset_tag_key = target.tag_key
    left join device_register as entry on entry.id = coalesce(by_serial.ids[1], by_tag.id)
  ), compared as (
    select verdict.*, difference.changes from verdict
    cross join lateral (
      select coalesce(jsonb_object_agg(said.key, jsonb_build_object('from', verdict.entry->said.key, 'to', said.value)), '{}')
        as changes
      from jsonb_each(verdict.fields || case when verdict.device_id is null then '{}'
                                             else jsonb_build_object('device_id', verdict.device_id) end) as said
      where verdict.conflict is null and verdict.register_id is not null
        and verdict.entry->said.key is distinct from said.value
    ) as difference
  )
  update register_import_row as row
  set candidate_device_ids = compared.candidates, device_id = compared.device_id, register_id = compared.register_id,
      conflict = compared.conflict, changes = compared.changes,
      outcome = case when compared.conflict is not null then 'conflict'
                     when compared.register_id is null then 'new'
                     when compared.changes <> '{}' then 'changed'
                     else 'unchanged' end
  from compared
  where row.import_id = $1 and row.line = compared.line`;

/** Two rows can lead to one machine by different ways, one by its serial number and one by its tag. */
const FIND_SAME_MACHINE = `
  with placed as (
    select line,
           case when register_id is not null then min(line) over (partition by register_id) end as first_of_entry,
           case when device_id is not null then min(line) over (partition by device_id) end as first_of_machine
    from register_import_row where import_id = $1 and outcome in ('new', 'changed', 'unchanged')
      and (register_id is not null or device_id is not null)
  )
  update register_import_row as row set outcome = 'conflict', conflict = 'same-machine', changes = '{}'
  from placed
  where row.import_id = $1 and row.line = placed.line
    and placed.line > least(placed.first_of_entry, placed.first_of_machine)`;

/** $1 manufacturers as JSON, $2 characters that do not count in a serial number. */
const LINK = `
  with maker as materialized (
    select * from jsonb_to_recordset($1::jsonb) as maker(name text, key text)
  ), fit as (
    select entry.id, min(device.id) as device_id
    from device_register as entry
    join device on upper(translate(device.serial_number, $2, '')) = entry.serial_key and device.merged_into_id is null
    left join maker on maker.name = device.manufacturer
    where entry.device_id is null
      and (entry.manufacturer_key is null or maker.key is null or maker.key = entry.manufacturer_key)
    group by entry.id having count(*) = 1
  ), one_each as (
    select min(id) as id, device_id from fit group by device_id having count(*) = 1
  )
  update device_register as entry set device_id = one_each.device_id
  from one_each
  where entry.id = one_each.id
    and not exists (select from device_register as other where other.device_id = one_each.device_id)`;

const SUMMARISE = `
  update register_import set
    counts = (select coalesce(jsonb_object_agg(outcome, rows), '{}') from (
      select outcome, count(*) as rows from register_import_row where import_id = $1 group by outcome) as outcomes),
    comparison_hash = (select md5(coalesce(string_agg(
        md5(concat_ws('|', line, outcome, coalesce(register_id, 0), coalesce(device_id, 0), changes::text)), '' order by line), ''))
      from register_import_row where import_id = $1)
  where id = $1
  returning comparison_hash`;
