import type { DataSource } from 'typeorm';
import { isInstant } from '../common/instant.js';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
} from '../common/paging.js';
import type { SqlConditions } from './sql-conditions.js';

/** An order that a list may be asked for: an SQL expression that an index covers together with the id. */
export interface SortOrder {
  readonly expression: string;
  readonly type: 'text' | 'timestamptz' | 'bigint';
  readonly descending?: boolean;
}

/** A list query: everything but the order, the limit and the place to begin. */
export interface ListQuery {
  /** The table, which has a numeric `id`; conditions and orders speak of its columns only. */
  readonly table: string;
  readonly conditions: SqlConditions;
  /** SQL of a JSON object, one item of the list, over the table and `joins`; computed for the rows shown only. */
  readonly item: string;
  readonly joins?: string;
  /** Sources whose last success says how old the list is. */
  readonly sources: readonly string[];
}

const WRITTEN: Record<SortOrder['type'], (expression: string) => string> = {
  text: (expression) => expression,
  bigint: (expression) => `(${expression})::text`,
  timestamptz: (expression) => `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
};
const VALID: Record<SortOrder['type'], (value: string) => boolean> = {
  text: () => true,
  bigint: (value) => /^\d{1,18}$/.test(value),
  timestamptz: isInstant,
};

interface ListRow {
  readonly items: readonly unknown[] | null;
  readonly last_value: string | null;
  readonly last_id: number | string | null;
  readonly more: boolean;
  readonly as_of: string | null;
}

/**
 * Reads one page of a list in one statement: rows in the given order, those without a value last, ties by id.
 * It begins after a row and not at a number of rows, so that deep pages cost what the first one costs and rows that
 * appear in between are neither skipped nor shown twice.
 * @throws InputError for a cursor that is not one of this order.
 */
export async function keysetPage<T>(
  dataSource: DataSource,
  query: ListQuery,
  order: { readonly name: string; readonly by: SortOrder },
  request: PageRequest,
): Promise<Page<T>> {
  const { conditions, table, item, joins = '' } = query;
  const { by } = order;
  const id = `${table}.id`;
  const after = request.cursor === undefined ? null : decodeCursor(order.name, request.cursor);
  if (after !== null && after.value !== null && !VALID[by.type](after.value)) throw invalidCursor();

  const where = conditions.toSql();
  const [comparison, direction] = by.descending ? ['<', 'desc'] : ['>', 'asc'];
  const size = (request.limit ?? DEFAULT_LIMIT) + 1;
  const rowsWhere = (bound: string, sorted: string, limit: string): string =>
    `select ${by.expression} as sort_value, ${id} as sort_id from ${table}
     where ${where} and ${bound} order by ${sorted} limit ${limit}`;

  // Rows with a value and rows without are looked up apart, each by an index in order; one condition with
  // "or ... is null" would be a full scan. The second look is not taken when the first has filled the page.
  let valued = `select null::${by.type} as sort_value, null::bigint as sort_id where false`;
  let unvalued = `${by.expression} is null`;
  if (after === null || after.value !== null) {
    const bound =
      after === null
        ? `${by.expression} is not null`
        : `(${by.expression}, ${id}) ${comparison} ` +
          `(${conditions.parameter(after.value)}::${by.type}, ${conditions.parameter(after.id)}::bigint)`;
    valued = rowsWhere(bound, `${by.expression} ${direction}, ${id} ${direction}`, String(size));
  } else {
    unvalued += ` and ${id} ${comparison} ${conditions.parameter(after.id)}::bigint`;
  }

  const rows = await dataSource.query<ListRow[]>(
    `with valued as materialized (${valued}),
     unvalued as materialized (
       ${rowsWhere(unvalued, `${id} ${direction}`, `greatest(0, ${size} - (select count(*) from valued))`)}
     ), numbered as (
       select *, row_number() over (order by sort_value ${direction} nulls last, sort_id ${direction}) as place
       from (select * from valued union all select * from unvalued) as found
     ), last_shown as (
       select ${WRITTEN[by.type]('sort_value')} as value, sort_id from numbered where place <= ${size - 1}
       order by place desc limit 1
     )
     select (select json_agg(${item} order by numbered.place)
               from numbered join ${table} on ${id} = sort_id ${joins} where numbered.place <= ${size - 1}) as items,
            (select value from last_shown) as last_value,
            (select sort_id from last_shown) as last_id,
            (select count(*) from numbered) = ${size} as more,
            ${asOf(conditions.parameter(query.sources))} as as_of`,
    conditions.parameters,
  );
  const row = rows[0];
  const more = row?.more === true && row.last_id !== null;
  return {
    items: (row?.items ?? []) as T[],
    next: more ? encodeCursor(order.name, { value: row.last_value, id: Number(row.last_id) }) : null,
    asOf: row?.as_of ?? null,
  };
}

/** SQL for the age of what these sources tell: the oldest last success among those that ever succeeded, in UTC. */
export function asOf(sources: string): string {
  return `(select to_char(min(last_success_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
           from sync_source where source = any(${sources}))`;
}
