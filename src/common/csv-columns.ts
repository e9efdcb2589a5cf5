import type { CsvColumn, CsvValue } from './csv.js';

/**
 * What an export shows of each member of its rows: a heading for a plain value, columns of their own for anything else,
 * none to leave it out. A member that nobody decided about does not compile, so that a file never lags behind its list.
 */
export type ColumnsByMember<Row> = {
  readonly [Member in keyof Row]-?: Row[Member] extends CsvValue ? string : readonly CsvColumn<Row>[];
};

/** The columns of an export, in the order in which the members are written down. */
export function columnsOf<Row extends object>(members: ColumnsByMember<Row>): readonly CsvColumn<Row>[] {
  const entries = Object.entries(members) as [keyof Row, string | readonly CsvColumn<Row>[]][];
  return entries.flatMap(([member, column]) =>
    typeof column === 'string' ? [{ header: column, value: (row: Row) => row[member] as CsvValue }] : column,
  );
}
