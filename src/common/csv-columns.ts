import type { CsvColumn, CsvValue } from './csv.js';

/** A column of a list: the same object on the page and in the file. */
export interface NamedColumn<Row> extends CsvColumn<Row> {
  /** What `columns=` in an address calls it. */
  readonly name: string;
}

/**
 * What an export shows of each member of its rows: a heading for a plain value, columns of their own for anything else,
 * none to leave it out. A member that nobody decided about does not compile, so that a file never lags behind its list.
 */
export type ColumnsByMember<Row> = {
  readonly [Member in keyof Row]-?: Row[Member] extends CsvValue ? string : readonly NamedColumn<Row>[];
};

/** The columns of an export, in the order in which the members are written down; a plain value is named as its member. */
export function columnsOf<Row extends object>(members: ColumnsByMember<Row>): readonly NamedColumn<Row>[] {
  const entries = Object.entries(members) as [keyof Row & string, string | readonly NamedColumn<Row>[]][];
  return entries.flatMap(([member, column]) =>
    typeof column === 'string'
      ? [{ name: member, header: column, value: (row: Row) => row[member] as CsvValue }]
      : column,
  );
}

/**
 * The columns that a text such as `name,model` asks for, in its order; null when one of them is unknown or named twice.
 * @param text names with commas between them; undefined asks for all columns.
 */
export function columnsNamed<Row>(
  columns: readonly NamedColumn<Row>[],
  text: string | undefined,
): readonly NamedColumn<Row>[] | null {
  if (text === undefined) return columns;
  const names = text.split(',');
  const chosen = names.flatMap((name) => columns.filter((column) => column.name === name));
  return chosen.length === names.length && new Set(names).size === names.length ? chosen : null;
}
