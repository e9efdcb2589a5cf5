import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ImportedKind } from './domain/import-words.js';
import { IMPORT_TARGETS, referencesOf, type ImportTarget } from './import-targets.js';

/** Compares the rows of an import with what is known, in a fixed number of statements. */
@Injectable()
export class NetworkImportComparison {
  /**
   * Tells the planner how large an import is; without it, it takes a new import for a few rows and compares each with
   * each. In a transaction of its own, so that its locks are short.
   */
  async measure(tx: EntityManager): Promise<void> {
    await tx.query('analyze network_import_row');
  }

  /**
   * Decides for every row that was not refused what applying it would do, and keeps the counts and a hash of the result.
   * A row that cannot be applied is refused and stays so.
   * @returns the hash: equal hashes mean that applying would do the same
   */
  async compare(tx: EntityManager, importId: number, kind: ImportedKind): Promise<string> {
    const target = IMPORT_TARGETS[kind];
    for (const reference of referencesOf(kind)) {
      await tx.query(resolve(reference), [importId]);
      await tx.query(refuseUnknown(reference), [importId, reference.field]);
    }
    await tx.query(refuseRepeated(target), [importId]);
    await tx.query(decide(target), [
      importId,
      target.problem?.field ?? null,
      target.problem?.message ?? null,
      target.problem?.fix ?? null,
    ]);
    const [[summary]] = await tx.query<[{ comparison_hash: string }[], number]>(SUMMARISE, [importId]);
    return summary?.comparison_hash ?? '';
  }
}

/** SQL of what a row says of a column, null where it says nothing. */
export function saidOf(fields: string, { name, type }: { readonly name: string; readonly type: string }): string {
  return `(${fields}->>'${name}')::${type}`;
}

/** SQL of the header of a field in the file of import $1. */
const header = (field: string): string =>
  `(select each->>'header' from network_import, jsonb_array_elements(columns) as each
    where id = $1 and each->>'field' = ${field})`;

function resolve({ field, column, table }: { field: string; column: string; table: string }): string {
  return `
    with found as (
      select line, (select id from ${table} where lower(name) = lower(fields->>'${field}')) as id
      from network_import_row where import_id = $1 and outcome <> 'refused' and fields ? '${field}'
    )
    update network_import_row as row
    set fields = case when found.id is null then row.fields - '${column}'
                      else row.fields || jsonb_build_object('${column}', found.id) end
    from found
    where row.import_id = $1 and row.line = found.line and (row.fields->>'${column}')::integer is distinct from found.id`;
}

/** $2 name of the field */
function refuseUnknown({ field, column }: { field: string; column: string }): string {
  const what = field === 'site' ? 'site' : 'gateway';
  return `
    update network_import_row set outcome = 'refused', problems = problems || jsonb_build_object(
      'severity', 'refused', 'column', ${header('$2')}, 'message', 'No ${what} of this name is entered.',
      'fix', 'Correct the name, or enter or import the ${what} first and send the file again.')
    where import_id = $1 and outcome <> 'refused' and fields ? '${field}' and not fields ? '${column}'`;
}

function refuseRepeated({ key }: ImportTarget): string {
  const parts = key.map((part) => {
    const said = saidOf('fields', { name: part.column, type: part.type });
    return part.caseMatters ? said : `lower(${said})`;
  });
  return `
    with keyed as (
      select line, first_value(line) over (partition by ${parts.join(', ')} order by line) as first_line
      from network_import_row where import_id = $1 and outcome <> 'refused'
    )
    update network_import_row as row set outcome = 'refused', problems = row.problems || jsonb_build_object(
      'severity', 'refused', 'column', null, 'message', 'Line ' || keyed.first_line || ' is about the same.',
      'fix', 'Keep one of the two rows.')
    from keyed where row.import_id = $1 and row.line = keyed.line and keyed.first_line < row.line`;
}

/** $2 to $4: field, message and fix of what a row cannot do */
function decide({ table, columns, key, among, problem }: ImportTarget): string {
  const matches = key.map(({ column, type, caseMatters }) => {
    const said = saidOf('line.fields', { name: column, type });
    return caseMatters ? same(column, said) : `lower(entry.${column}) = lower(${said})`;
  });
  const fixed = new Set(key.filter(({ caseMatters }) => caseMatters).map(({ column }) => column));
  const compared = columns.filter(({ name }) => !fixed.has(name));
  const values = compared.map(
    ({ name, field, shown }) =>
      `('${field}', to_jsonb(${shown(`entry.${name}`)}), to_jsonb(${shown(`said.${name}`)}), entry.${name} is distinct from said.${name})`,
  );
  return `
    with line as materialized (
      select line, fields from network_import_row where import_id = $1 and outcome <> 'refused'
    ), compared as (
      select line.line, entry.id as target_id, difference.changes, coalesce(${problem?.when ?? 'false'}, false) as is_wrong
      from line
      left join lateral (
        select entry.id, ${columns.map(({ name }) => `entry.${name}`).join(', ')} from ${table} as entry
        where ${matches.join(' and ')} and ${among} order by entry.id desc limit 1
      ) as entry on true
      cross join lateral (select ${columns
        .map((column) => `coalesce(${saidOf('line.fields', column)}, entry.${column.name}) as ${column.name}`)
        .join(', ')}) as said
      cross join lateral (
        select coalesce(jsonb_object_agg(each.field, jsonb_build_object('from', each.before, 'to', each.after)), '{}') as changes
        from (values ${values.join(', ')}) as each(field, before, after, differs)
        where entry.id is not null and each.differs
      ) as difference
    )
    update network_import_row as row
    set target_id = compared.target_id, changes = compared.changes,
        outcome = case when compared.is_wrong then 'refused' when compared.target_id is null then 'new'
                       when compared.changes <> '{}' then 'changed' else 'unchanged' end,
        problems = case when compared.is_wrong then row.problems || jsonb_build_object('severity', 'refused',
                     'column', ${header('$2::text')}, 'message', $3::text, 'fix', $4::text) else row.problems end
    from compared where row.import_id = $1 and row.line = compared.line`;
}

/** What may be left empty is compared as such; everything else so that an index serves. */
function same(column: string, said: string): string {
  return column === 'floors' ? `entry.${column} is not distinct from ${said}` : `entry.${column} = ${said}`;
}

const SUMMARISE = `
  update network_import set
    counts = (select coalesce(jsonb_object_agg(outcome, rows), '{}') from (
      select outcome, count(*) as rows from network_import_row where import_id = $1 group by outcome) as outcomes),
    comparison_hash = (select md5(coalesce(string_agg(md5(concat_ws('|', line, outcome, coalesce(target_id, 0),
        fields->>'site_id', fields->>'remote_access_id', changes::text)), '' order by line), ''))
      from network_import_row where import_id = $1)
  where id = $1
  returning comparison_hash`;
