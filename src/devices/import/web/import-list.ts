import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { ImportRowsParameters, ImportsParameters } from '../api/import-lists.parameters.js';
import { IMPORT_COLUMNS, IMPORT_ROW_COLUMNS } from '../import.columns.js';
import type { ListedImport } from '../import-list.queries.js';
import type { ImportRow, ShownOutcome } from '../import.queries.js';
import type { ImportState, RowOutcome } from '../register-import.entity.js';

/** Where an import stands, in words. */
export const STATE_NAMES: Readonly<Record<ImportState, string>> = {
  reading: 'Being read',
  checked: 'Not applied yet',
  applied: 'Applied',
  undone: 'Undone',
};
/** Its colour: never without the word. */
export const STATE_TAGS: Readonly<Record<ImportState, string>> = {
  reading: 'govuk-tag--blue',
  checked: 'govuk-tag--yellow',
  applied: 'govuk-tag--green',
  undone: 'govuk-tag--grey',
};
/** What an import does with a row, in words. */
export const OUTCOME_NAMES: Readonly<Record<ShownOutcome, string>> = {
  new: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
  conflict: 'Conflict',
  refused: 'Refused',
};
const OUTCOME_TAGS: Readonly<Record<RowOutcome, string>> = {
  read: 'govuk-tag--grey',
  new: 'govuk-tag--green',
  changed: 'govuk-tag--blue',
  unchanged: 'govuk-tag--grey',
  conflict: 'govuk-tag--orange',
  refused: 'govuk-tag--red',
};

/** An import with the words for who did what. */
export type ImportListRow = ListedImport & {
  readonly sender: string;
  readonly applier: string;
  readonly undoer: string;
};

/** Past imports, the latest first. */
export const IMPORT_LIST: ListDefinition<ImportListRow, ImportsParameters> = {
  name: 'imports',
  title: 'Imports',
  section: 'imports',
  path: paths.imports(),
  one: 'import',
  many: 'imports',
  parameters: ImportsParameters,
  fields: [
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(STATE_NAMES) },
    { name: 'startedFrom', label: 'Sent from', kind: 'day' },
    { name: 'startedTo', label: 'Sent to', kind: 'day' },
  ],
  columns: IMPORT_COLUMNS,
  shown: ['fileName', 'state', 'new', 'changed', 'unchanged', 'conflict', 'refused', 'startedBy', 'startedAt'],
  sorts: {},
  defaultSort: null,
  numeric: ['new', 'changed', 'unchanged', 'conflict', 'refused'],
  cells: {
    id: ({ id }) => ({ text: `Import ${id}`, href: paths.import(id) }),
    fileName: ({ id, fileName }) => ({ text: fileName ?? `Import ${id}`, href: paths.import(id) }),
    state: ({ state }) => ({ text: STATE_NAMES[state], tag: STATE_TAGS[state] }),
    startedBy: ({ sender }) => ({ text: sender }),
    appliedBy: ({ applier }) => ({ text: applier }),
    undoneBy: ({ undoer }) => ({ text: undoer }),
    startedAt: ({ startedAt }, now) => ({ time: shownTime(startedAt, now) }),
    checkedAt: ({ checkedAt }, now) => ({ time: shownTime(checkedAt, now) }),
    appliedAt: ({ appliedAt }, now) => ({ time: shownTime(appliedAt, now) }),
    undoneAt: ({ undoneAt }, now) => ({ time: shownTime(undoneAt, now) }),
  },
  file: { path: '/api/v1/imports.csv', permission: 'register:import' },
  nothing: 'Nothing has been imported yet. Send a file of what you know of machines: asset tags, purchases, places.',
};

/** The rows of one import: what each says, what it changes, and what is wrong with it. */
export function importRowList(id: number, title: string): ListDefinition<ImportRow, ImportRowsParameters> {
  return {
    name: null,
    title,
    section: 'imports',
    path: paths.import(id),
    one: 'row',
    many: 'rows',
    parameters: ImportRowsParameters,
    fields: [
      { name: 'outcome', label: 'Outcome', kind: 'choice', options: optionsOf(OUTCOME_NAMES) },
      { name: 'undoRefused', label: 'Left alone by undoing', kind: 'choice', options: yesOrNo('Only these', 'All') },
    ],
    columns: IMPORT_ROW_COLUMNS,
    shown: ['line', 'outcome', 'values', 'changes', 'problems', 'deviceId', 'candidates'],
    sorts: {},
    defaultSort: null,
    cells: {
      line: ({ line }) => ({ text: `Line ${line}` }),
      outcome: ({ outcome }) => ({
        text: outcome === 'read' ? 'Being compared' : OUTCOME_NAMES[outcome],
        tag: OUTCOME_TAGS[outcome],
      }),
      values: ({ values }) => ({ parts: values.map(({ label, value }) => ({ text: `${label}: ${value ?? ''}` })) }),
      changes: ({ changes }) => ({
        parts: changes.map(({ label, from, to }) => ({ text: `${label}: ${from ?? 'nothing'} → ${to ?? 'nothing'}` })),
      }),
      problems: ({ problems }) => ({ parts: problems.map(({ message, fix }) => ({ text: `${message} ${fix}` })) }),
      deviceId: ({ deviceId }) =>
        deviceId === null ? { text: '' } : { text: `Device ${deviceId}`, href: paths.device(deviceId) },
      candidates: (row) => candidatesCell(id, row),
    },
    file: { path: `/api/v1/imports/${id}/rows.csv`, permission: 'register:import' },
    nothing: 'The file has no rows.',
  };
}

function candidatesCell(importId: number, { line, candidateDeviceIds }: ImportRow): Cell {
  if (candidateDeviceIds.length === 0) return { text: '' };
  return { text: `Choose one of ${candidateDeviceIds.length}`, href: paths.importRow(importId, line) };
}
