import type { CellProblem } from './cell-text.js';

/** One row as the file has it. */
export interface SheetRow {
  /** Line of the file, or row of the sheet, on which it starts. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Positions of the cells that a workbook stores as numbers; empty for CSV. */
  readonly numbers: ReadonlySet<number>;
}

/** What the file says about all its rows. */
export interface SheetKind {
  readonly format: 'csv' | 'xlsx';
  /** Whether the workbook counts days from 1904. */
  readonly counts1904: boolean;
}

/** Something to tell about a row; a refused row is not imported, a warning is only shown. */
export interface RowProblem extends CellProblem {
  readonly severity: 'refused' | 'warning';
  /** Header of the column; null when it is about the whole row. */
  readonly column: string | null;
}

/**
 * Why the cells of a row cannot be told apart by the header row; null when they can.
 * @param width columns of the header row
 */
export function widthProblem({ cells }: SheetRow, width: number, { format }: SheetKind): CellProblem | null {
  const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (filled > width) {
    return {
      message: `The row has ${filled} cells, but the header row has ${width}.`,
      fix: 'Put cells that contain the separator in quotation marks, or remove what is too much.',
    };
  }
  if (format === 'csv' && cells.length < width) {
    return {
      message: `The row has ${cells.length} cells, but the header row has ${width}.`,
      fix: 'Give every row the same number of separators; leave a cell empty where there is nothing to say.',
    };
  }
  return null;
}

export const NOT_UTF8: CellProblem = {
  message: 'The cell holds the sign for a character that was lost; the file was probably not UTF-8 when it was saved.',
  fix: 'Save the file from its source again as "CSV UTF-8".',
};
