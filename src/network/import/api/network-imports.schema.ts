import { choice, instant, list, orNull, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { IMPORTED_KINDS, NETWORK_IMPORT_STATES, NETWORK_ROW_OUTCOMES, SHOWN_OUTCOMES } from '../domain/import-words.js';

const cell: Schema = { description: 'A text, a number or null.', nullable: true };

export const networkImportSchema = record({
  id: whole(),
  kind: choice(IMPORTED_KINDS),
  state: choice(NETWORK_IMPORT_STATES),
  fileName: orNull(text()),
  format: orNull(choice(['csv', 'xlsx'])),
  snapshot: orNull(text('The day of the figures, for coverage of areas.')),
  columns: list(record({ header: text(), field: text() }), 'Columns that were read.'),
  ignoredColumns: list(text(), 'Headers of columns that were not.'),
  rowsRead: whole('Rows of the file; postcodes become districts.'),
  counts: record(
    Object.fromEntries(SHOWN_OUTCOMES.map((outcome) => [outcome, whole()])),
    'What applying does, by outcome.',
  ),
  createdBy: text(),
  createdAt: instant(),
  checkedAt: orNull(instant()),
  appliedBy: orNull(text()),
  appliedAt: orNull(instant()),
});

export const networkImportRowSchema = record({
  line: whole('Line of the file on which the row starts.'),
  outcome: choice(NETWORK_ROW_OUTCOMES),
  values: list(record({ field: text(), label: text(), value: cell })),
  changes: list(record({ field: text(), label: text(), from: cell, to: cell })),
  problems: list(
    record({
      severity: choice(['refused', 'warning']),
      column: orNull(text()),
      message: text('What is wrong.'),
      fix: text('How to put it right.'),
    }),
  ),
});
