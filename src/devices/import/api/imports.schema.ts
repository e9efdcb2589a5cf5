import { anyObject, choice, instant, list, orNull, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { REGISTER_FIELDS } from '../domain/register-fields.js';
import { FILE_KINDS } from '../import-mapping.entity.js';
import { SHOWN_OUTCOMES } from '../import.queries.js';
import { IMPORT_STATES, ROW_OUTCOMES } from '../register-import.entity.js';

const FIELD_NAMES = REGISTER_FIELDS.map((field) => field.name);
/** A text, or a number for prices in pence and ids. */
const cell: Schema = { description: 'A text, a number (prices are in pence) or null.', nullable: true };

export const importSchema = record({
  id: whole(),
  state: choice(IMPORT_STATES),
  fileName: orNull(text()),
  format: orNull(choice(['csv', 'xlsx'])),
  mapping: orNull(text('Name of the saved mapping that was used.')),
  columns: list(record({ header: text(), field: choice(FIELD_NAMES) }), 'Columns that were read.'),
  ignoredColumns: list(text(), 'Headers of columns that were not.'),
  counts: record(Object.fromEntries(SHOWN_OUTCOMES.map((outcome) => [outcome, whole()])), 'Rows by outcome.'),
  startedBy: text(),
  startedAt: instant(),
  checkedAt: orNull(instant()),
  appliedBy: orNull(text()),
  appliedAt: orNull(instant()),
  undoneBy: orNull(text()),
  undoneAt: orNull(instant()),
  undoReason: orNull(text()),
});

const rowSchema = record({
  line: whole('Line of the file on which the row starts.'),
  outcome: choice(ROW_OUTCOMES),
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
  deviceId: orNull(whole('The machine that the row is about.')),
  candidateDeviceIds: list(whole(), 'The machines to choose from when several fit.'),
  undoRefusal: orNull(text('Why undoing left the entry as it is.')),
});

export const previewSchema = record({
  import: importSchema,
  rows: list(rowSchema),
  nextAfterLine: orNull(whole('Send it as `afterLine` for the next page; null on the last page.')),
});

export const undoSchema = record({
  restored: whole('Entries brought back to what they were.'),
  removed: whole('Entries that the import had made.'),
  refused: whole('Rows whose entry was changed since and therefore left alone.'),
  import: importSchema,
});

export const mappingSchema = record({
  name: text(),
  fileKind: choice(FILE_KINDS),
  columns: anyObject('Header of the file to name of the field.'),
  createdBy: text(),
  createdAt: instant(),
  changedBy: text(),
  changedAt: instant(),
});
