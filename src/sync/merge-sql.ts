import { stagingTable, type Source } from './sources/source.js';

/**
 * The statements that turn a staged read into stored records. Identifiers come from the source's own definition, values
 * are parameters. In every statement `$1` is the run's id; `o` is a stored record and `s` a staged one.
 */
export interface MergeSql {
  /** What the read would do, as counts. */
  readonly count: string;
  /** Ids that the read would begin to remove, with how they left. */
  readonly removalCandidates: string;
  /** Writes records that differ or came back, and their history. */
  readonly update: string;
  readonly insert: string;
  /** A complete read that does not show a record: absent, and missing at the second time. */
  readonly markAbsent: string;
  /** A delta that says a record was removed. `$2`: whether present records may be removed. */
  readonly markRemoved: string;
  /** Records missing for 30 days are gone. */
  readonly age: string;
}

/** Days for which a record stays missing before it counts as gone. */
const DAYS_MISSING = 30;

export function mergeSql(source: Source): MergeSql {
  const { table, key, shared, columns } = source.target;
  const staging = stagingTable(source);
  const scope = shared ? `o.source = '${source.name}'` : 'true';
  const names = columns.join(', ');
  const of = (alias: string, some: readonly string[]): string => some.map((name) => `${alias}.${name}`).join(', ');
  const differs = (some: readonly string[]): string => `(${of('n', some)}) is distinct from (${of('o', some)})`;
  // Attributes are merged, as a partial record speaks only of some of them. Null clears one: a list says null where a
  // delta leaves a property out that was never set, and both must come to the same.
  const merged = (name: string): string =>
    name === 'attributes' ? 'jsonb_strip_nulls(o.attributes || p.attributes) as attributes' : `p.${name}`;
  // Only what the resolver looks at makes it look again.
  const summary = columns.filter((name) => name !== 'attributes');
  const resolve = table === 'device_record';
  const touch = `changed_at = now(), changed_run_id = $1`;
  const history = (kind: string, from: string): string =>
    `insert into sync_change (run_id, source, external_id, kind) select $1, '${source.name}', ${key}, ${kind} from ${from}`;
  const notStaged = `not exists (select from ${staging} s where s.external_id = o.${key})`;

  return {
    count: `
      select (select count(*)::int from ${table} o where ${scope} and o.presence = 'present') as active,
             (select count(*)::int from ${table} o where ${scope} and o.absent_since > now() - interval '24 hours')
               as removed_within_day,
             count(*)::int as staged,
             count(*) filter (where s.removal is null)::int as shown,
             count(*) filter (where s.quarantined)::int as quarantined,
             count(*) filter (where s.removal is null and not s.quarantined and o.${key} is null)::int as additions,
             count(*) filter (where s.removal is not null and o.${key} is null)::int as ignored,
             count(*) filter (where o.presence = 'present')::int as known
      from ${staging} s left join ${table} o on o.${key} = s.external_id and ${scope}`,
    removalCandidates: `
      select o.${key} as external_id, 'absent' as removal from ${table} o
      where $1 = 'full' and ${scope} and o.presence = 'present' and o.absent_since is null and ${notStaged}
      union all
      select o.${key}, s.removal from ${staging} s join ${table} o on o.${key} = s.external_id and ${scope}
      where s.removal is not null and o.presence = 'present'`,
    update: `
      with differing as materialized (
        select o.id, o.${key} as key, ${of('n', columns)},
               o.presence <> 'present' or o.absent_since is not null as returned,
               ${resolve ? `o.presence <> 'present' or ${differs(summary)}` : 'false'} as resolve,
               ${columns.map((name) => changeOf(name)).join(`
               || `)} as changes
        from ${staging} s
        join ${table} o on o.${key} = s.external_id and ${scope}
        cross join lateral json_populate_record(o, s.fields) p
        cross join lateral (select ${columns.map(merged).join(', ')} offset 0) n
        where s.removal is null and not s.quarantined
          and (${differs(columns)} or o.presence <> 'present' or o.absent_since is not null)
      ), written as (
        update ${table} t set (${names}) = row(${of('d', columns)}),
          presence = 'present', absent_since = null, absent_reads = 0, ${touch}
          ${resolve ? ', resolution_pending = t.resolution_pending or d.resolve' : ''}
        from differing d where t.id = d.id
      ), kept as (
        insert into sync_change (run_id, source, external_id, kind, changes)
        select $1, '${source.name}', key, case when returned then 'returned' else 'changed' end, changes from differing
        returning kind
      )
      select count(*) filter (where kind = 'changed')::int as changed,
             count(*) filter (where kind = 'returned')::int as returned from kept`,
    insert: `
      with added as (
        insert into ${table} (${key}, ${shared ? 'source, ' : ''}${names}, first_seen_run_id, changed_run_id)
        select s.external_id, ${shared ? 's.source, ' : ''}${columns.map((name) => defaulted(table, name)).join(', ')}, $1, $1
        from ${staging} s
        cross join lateral json_populate_record(null::${table}, s.fields) n
        where s.removal is null and not s.quarantined
          and not exists (select from ${table} o where o.${key} = s.external_id and ${scope})
        returning 1
      )
      select count(*)::int as added from added`,
    markAbsent: `
      with marked as (
        update ${table} o set absent_since = coalesce(o.absent_since, now()), absent_reads = o.absent_reads + 1,
          presence = case when o.absent_reads >= 1 then 'missing' else o.presence end, ${touch}
          ${resolve ? ', resolution_pending = o.resolution_pending or o.absent_reads >= 1' : ''}
        where ${scope} and o.presence = 'present' and ${notStaged}
        returning o.${key}, o.presence
      ), kept as (${history(`case when presence = 'missing' then 'missing' else 'absent' end`, 'marked')})
      select count(*) filter (where presence = 'present')::int as absent,
             count(*) filter (where presence = 'missing')::int as missing from marked`,
    markRemoved: `
      with marked as (
        update ${table} o set presence = case when s.removal = 'deleted' then 'gone' else 'missing' end,
          absent_since = coalesce(o.absent_since, now()), absent_reads = o.absent_reads + 1, ${touch}
          ${resolve ? ', resolution_pending = true' : ''}
        from ${staging} s
        where s.external_id = o.${key} and ${scope} and s.removal is not null
          and ((o.presence = 'present' and $2) or (o.presence = 'missing' and s.removal = 'deleted'))
        returning o.${key}, o.presence
      ), kept as (${history('presence', 'marked')})
      select count(*) filter (where presence = 'missing')::int as missing,
             count(*) filter (where presence = 'gone')::int as gone from marked`,
    age: `
      with marked as (
        update ${table} o set presence = 'gone', ${touch} ${resolve ? ', resolution_pending = true' : ''}
        where ${scope} and o.presence = 'missing' and o.absent_since < now() - interval '${DAYS_MISSING} days'
        returning o.${key}
      ), kept as (${history(`'gone'`, 'marked')})
      select count(*)::int as gone from marked`,
  };
}

/**
 * SQL of what changed in one column, as `{ name: [before, after] }`; an attribute counts as a column of its own. Spelt
 * out column by column: comparing two whole rows as JSON costs more than writing them.
 */
function changeOf(column: string): string {
  const pair =
    column === 'attributes'
      ? `(select coalesce(jsonb_object_agg(name, jsonb_build_array(o.attributes->name, n.attributes->name)), '{}')
                  from jsonb_object_keys(o.attributes || n.attributes) name
                  where o.attributes->name is distinct from n.attributes->name)`
      : `jsonb_build_object('${column}', jsonb_build_array(o.${column}, n.${column}))`;
  return `case when o.${column} is distinct from n.${column} then ${pair} else '{}' end`;
}

/** Columns that must not be null take their empty value where a new record does not speak of them. */
function defaulted(table: Source['target']['table'], column: string): string {
  if (column === 'attributes') return `jsonb_strip_nulls(coalesce(n.attributes, '{}'))`;
  if (table === 'person' && column === 'licence_assignments') return `coalesce(n.licence_assignments, '[]')`;
  if (table === 'subscribed_sku' && column === 'service_plans') return `coalesce(n.service_plans, '[]')`;
  return `n.${column}`;
}
