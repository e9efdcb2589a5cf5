import type { FieldError } from '../common/errors.js';
import type { NamedColumn } from '../common/csv-columns.js';
import type { Page } from '../common/paging.js';
import { shownNumber } from '../common/shown-number.js';
import { type ShownTime, shownTime } from '../common/uk-time.js';
import { MOST_COUNTED, type Count } from '../database/bounded-count.js';
import type { Permission } from '../auth/permissions.js';
import type { Cell, ListDefinition, ListField } from './list-definition.js';
import { COLUMN_BOX, listAddress, type ListRequest } from './list-request.js';

/** A filter on its form, filled in. */
export interface FieldView extends ListField {
  readonly value: string;
  readonly error: string | null;
}

/** A heading; a link when the list can be sorted by it. */
export interface HeadingView {
  readonly text: string;
  readonly numeric: boolean;
  /** What `aria-sort` says; null when the list cannot be sorted by it. */
  readonly sort: { readonly state: 'ascending' | 'descending' | 'none'; readonly href: string } | null;
}

/** A list ready for its template. */
export interface ListView {
  readonly title: string;
  readonly section: string;
  readonly path: string;
  readonly many: string;
  readonly fields: readonly FieldView[];
  /** Whether a filter other than the search box is in use or wrong. */
  readonly filtersOpen: boolean;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly boxes: readonly { readonly name: string; readonly text: string; readonly checked: boolean }[];
  readonly errors: readonly FieldError[];
  /** What the list is narrowed to, each with the address of the list without it. */
  readonly applied: readonly { readonly label: string; readonly value: string; readonly href: string }[];
  readonly clearHref: string;
  readonly count: string | null;
  readonly headings: readonly HeadingView[];
  readonly rows: readonly (readonly Cell[])[];
  readonly nothing: string;
  readonly next: string | null;
  readonly first: string | null;
  readonly files: readonly { readonly text: string; readonly href: string }[];
  readonly age: ShownTime | null;
}

/** Puts together what the page of a list shows; `page` is null when something asked for is not valid. */
export function listView<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  request: ListRequest<Row, Parameters>,
  found: { readonly page: Page<Row>; readonly count: Count } | null,
  permissions: ReadonlySet<Permission>,
  now: Date,
): ListView {
  const { query, columns, errors } = request;
  const page = found?.page ?? { items: [], next: null, asOf: null };
  const fields = list.fields.map((field) => ({
    ...field,
    value: query[field.name] ?? '',
    error: errors.find((error) => error.field === field.name)?.message ?? null,
  }));
  const applied = fields
    .filter(({ value, error }) => value !== '' && error === null)
    .map((field) => ({
      label: field.label,
      value: field.options?.find(({ value }) => value === field.value)?.text ?? field.value,
      href: listAddress(list.path, { ...query, [field.name]: undefined }),
    }));
  const { sort, columns: chosen } = query;
  const typed = fields.filter(({ kind }) => kind !== 'hidden');
  return {
    title: list.title,
    section: list.section,
    path: list.path,
    many: list.many,
    fields: typed,
    filtersOpen: fields.some(({ kind, error }) => kind !== 'search' && error !== null),
    hidden: Object.entries(query)
      .filter(([name]) => name !== 'columns' && !typed.some((field) => field.name === name))
      .map(([name, value]) => ({ name, value })),
    boxes: list.columns.map(({ name, header }) => ({
      name: COLUMN_BOX + name,
      text: header,
      checked: columns.some((column) => column.name === name),
    })),
    errors,
    applied,
    clearHref: listAddress(list.path, { sort, columns: chosen }),
    count: found === null ? null : countText(found.count, list),
    headings: columns.map((column) => heading(list, column, query)),
    rows: page.items.map((row) => columns.map((column) => cellOf(list, column, row, now))),
    nothing: applied.length > 0 ? `No ${list.many} match. Remove a filter, or look for something else.` : list.nothing,
    next: page.next === null ? null : listAddress(list.path, { ...query, cursor: page.next }),
    first: request.isFirstPage ? null : listAddress(list.path, query),
    files: found === null ? [] : filesOf(list, query, columns, permissions),
    age: shownTime(page.asOf, now),
  };
}

function countText(count: Count, { one, many }: { readonly one: string; readonly many: string }): string {
  if (count === null) return `Too many ${many} to count quickly`;
  if (count.more) return `More than ${shownNumber(MOST_COUNTED)} ${many}`;
  return count.rows === 1 ? `1 ${one}` : `${shownNumber(count.rows)} ${many}`;
}

function heading<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  { name, header }: NamedColumn<Row>,
  query: Readonly<Record<string, string>>,
): HeadingView {
  const ascending = list.sorts[name];
  const numeric = list.numeric?.includes(name) === true;
  if (ascending === undefined) return { text: header, numeric, sort: null };
  const current = query['sort'] ?? list.defaultSort;
  const state = current === ascending ? 'ascending' : current === `-${ascending}` ? 'descending' : 'none';
  const sort = state === 'ascending' ? `-${ascending}` : ascending;
  return { text: header, numeric, sort: { state, href: listAddress(list.path, { ...query, sort }) } };
}

function cellOf<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  column: NamedColumn<Row>,
  row: Row,
  now: Date,
): Cell {
  const cell = list.cells[column.name];
  if (cell) return cell(row, now);
  const value = column.value(row);
  if (value === null || value === undefined) return { text: '' };
  if (typeof value === 'boolean') return { text: value ? 'Yes' : 'No' };
  if (typeof value === 'number') return { text: shownNumber(value) };
  return value instanceof Date ? { time: shownTime(value, now) } : { text: String(value) };
}

function filesOf<Row, Parameters extends object>(
  list: ListDefinition<Row, Parameters>,
  query: Readonly<Record<string, string>>,
  columns: readonly NamedColumn<Row>[],
  permissions: ReadonlySet<Permission>,
): ListView['files'] {
  if (list.file === null || !permissions.has(list.file.permission)) return [];
  // A file has an order of its own, in which no row can be left out or come twice while rows change.
  const filter = Object.entries(query).filter(([name]) => name !== 'sort' && name !== 'columns');
  const address = (more: readonly (readonly [string, string])[]): string => {
    const text = new URLSearchParams([...filter, ...more.map(([name, value]): [string, string] => [name, value])]);
    return text.size === 0 ? (list.file?.path ?? '') : `${list.file?.path}?${text.toString()}`;
  };
  const names = columns.map(({ name }) => name).join(',');
  return [
    { text: 'these columns', href: address([['columns', names]]) },
    { text: 'all columns', href: address([]) },
  ];
}
