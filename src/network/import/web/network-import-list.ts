import { shownDay, shownTime } from '../../../common/uk-time.js';
import { optionsOf, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { NetworkImportRowsParameters, NetworkImportsParameters } from '../api/network-imports.parameters.js';
import {
  IMPORTED_KIND_WORDS,
  type NetworkImportState,
  type NetworkRowOutcome,
  type ShownOutcome,
} from '../domain/import-words.js';
import { NETWORK_IMPORT_COLUMNS, NETWORK_IMPORT_ROW_COLUMNS } from '../network-import.columns.js';
import type { NetworkImportRowShown, NetworkImportSummary } from '../network-import.queries.js';

/** Where an import stands, in words. */
export const STATE_NAMES: Readonly<Record<NetworkImportState, string>> = {
  reading: 'Being read',
  checked: 'Not applied yet',
  applied: 'Applied',
};
/** Its colour: never without the word. */
export const STATE_TAGS: Readonly<Record<NetworkImportState, string>> = {
  reading: 'govuk-tag--blue',
  checked: 'govuk-tag--yellow',
  applied: 'govuk-tag--green',
};
/** What an import does with a row, in words. */
export const OUTCOME_NAMES: Readonly<Record<ShownOutcome, string>> = {
  new: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
  refused: 'Refused',
};
const OUTCOME_TAGS: Readonly<Record<NetworkRowOutcome, string>> = {
  read: 'govuk-tag--grey',
  new: 'govuk-tag--green',
  changed: 'govuk-tag--blue',
  unchanged: 'govuk-tag--grey',
  refused: 'govuk-tag--red',
};

/** An import with the words for who did what. */
export type NetworkImportListRow = NetworkImportSummary & { readonly sender: string; readonly applier: string };

/** Past imports, the latest first. */
export const NETWORK_IMPORT_LIST: ListDefinition<NetworkImportListRow, NetworkImportsParameters> = {
  name: null,
  title: 'Imports about networks',
  section: 'network',
  path: paths.networkImports(),
  one: 'import',
  many: 'imports',
  parameters: NetworkImportsParameters,
  fields: [
    { name: 'kind', label: 'About', kind: 'choice', options: optionsOf(IMPORTED_KIND_WORDS) },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(STATE_NAMES) },
    { name: 'createdFrom', label: 'Sent from', kind: 'day' },
    { name: 'createdTo', label: 'Sent to', kind: 'day' },
  ],
  columns: NETWORK_IMPORT_COLUMNS,
  shown: ['fileName', 'kind', 'state', 'new', 'changed', 'unchanged', 'refused', 'createdBy', 'createdAt'],
  sorts: {},
  defaultSort: null,
  numeric: ['rowsRead', 'new', 'changed', 'unchanged', 'refused'],
  cells: {
    id: ({ id }) => ({ text: `Import ${id}`, href: paths.networkImport(id) }),
    fileName: ({ id, fileName }) => ({ text: fileName ?? `Import ${id}`, href: paths.networkImport(id) }),
    kind: ({ kind }) => ({ text: IMPORTED_KIND_WORDS[kind] }),
    state: ({ state }) => ({ text: STATE_NAMES[state], tag: STATE_TAGS[state] }),
    snapshot: ({ snapshot }) => ({ text: snapshot === null ? '' : shownDay(snapshot) }),
    createdBy: ({ sender }) => ({ text: sender }),
    appliedBy: ({ applier }) => ({ text: applier }),
    createdAt: ({ createdAt }, now) => ({ time: shownTime(createdAt, now) }),
    checkedAt: ({ checkedAt }, now) => ({ time: shownTime(checkedAt, now) }),
    appliedAt: ({ appliedAt }, now) => ({ time: shownTime(appliedAt, now) }),
  },
  file: { path: '/api/v1/network/imports.csv', permission: 'network:manage' },
  nothing:
    'Nothing has been imported yet. Send a file of sites, links, ranges of addresses, surveys, tests or coverage.',
};

/** The rows of one import: what each says, what it changes, and what is wrong with it. */
export function networkImportRowList(
  id: number,
  title: string,
): ListDefinition<NetworkImportRowShown, NetworkImportRowsParameters> {
  return {
    name: null,
    title,
    section: 'network',
    path: paths.networkImport(id),
    one: 'row',
    many: 'rows',
    parameters: NetworkImportRowsParameters,
    fields: [{ name: 'outcome', label: 'Outcome', kind: 'choice', options: optionsOf(OUTCOME_NAMES) }],
    columns: NETWORK_IMPORT_ROW_COLUMNS,
    shown: ['line', 'outcome', 'values', 'changes', 'problems'],
    sorts: {},
    defaultSort: null,
    cells: {
      line: ({ line }) => ({ text: `Line ${line}` }),
      outcome: ({ outcome }) => ({
        text: outcome === 'read' ? 'Being compared' : OUTCOME_NAMES[outcome],
        tag: OUTCOME_TAGS[outcome],
      }),
      values: ({ values }) => ({ parts: values.map(({ label, value }) => ({ text: `${label}: ${value}` })) }),
      changes: ({ changes }) => ({
        parts: changes.map(({ label, from, to }) => ({ text: `${label}: ${from ?? 'nothing'} → ${to ?? 'nothing'}` })),
      }),
      problems: ({ problems }) => ({
        parts: problems.map(({ column, message, fix }) => ({
          text: `${column === null ? '' : `${column}: `}${message} ${fix}`,
        })),
      }),
    },
    file: { path: `/api/v1/network/imports/${id}/rows.csv`, permission: 'network:manage' },
    nothing: 'The file has no rows.',
  };
}
