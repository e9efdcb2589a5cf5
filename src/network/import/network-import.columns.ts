import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import type { NetworkImportRowShown, NetworkImportSummary } from './network-import.queries.js';

const counted = (name: keyof NetworkImportSummary['counts'], header: string): NamedColumn<NetworkImportSummary> => ({
  name,
  header,
  value: ({ counts }) => counts[name],
});

/** What an export of imports shows: what their list shows. */
export const NETWORK_IMPORT_COLUMNS = columnsOf<NetworkImportSummary>({
  id: 'Number',
  fileName: 'File',
  kind: 'About',
  state: 'State',
  snapshot: 'Day of the figures',
  rowsRead: 'Rows of the file',
  counts: [
    counted('new', 'New'),
    counted('changed', 'Changed'),
    counted('unchanged', 'Unchanged'),
    counted('refused', 'Refused'),
  ],
  format: 'Format',
  columns: [
    {
      name: 'columns',
      header: 'Columns read',
      value: ({ columns }) => columns.map(({ header }) => header).join('; '),
    },
  ],
  ignoredColumns: [
    { name: 'ignoredColumns', header: 'Columns ignored', value: ({ ignoredColumns }) => ignoredColumns.join('; ') },
  ],
  createdBy: 'Sent by',
  createdAt: 'Sent',
  checkedAt: 'Checked',
  appliedBy: 'Applied by',
  appliedAt: 'Applied',
});

/** What an export of the rows of an import shows: what their list shows. */
export const NETWORK_IMPORT_ROW_COLUMNS = columnsOf<NetworkImportRowShown>({
  line: 'Line',
  outcome: 'Outcome',
  values: [
    {
      name: 'values',
      header: 'Values',
      value: ({ values }) => values.map(({ label, value }) => `${label}: ${value}`).join('; '),
    },
  ],
  changes: [
    {
      name: 'changes',
      header: 'Changes',
      value: ({ changes }) => changes.map(({ label, from, to }) => `${label}: ${from ?? ''} to ${to ?? ''}`).join('; '),
    },
  ],
  problems: [
    {
      name: 'problems',
      header: 'Problems',
      value: ({ problems }) =>
        problems
          .map(({ column, message, fix }) => `${column === null ? '' : `${column}: `}${message} ${fix}`)
          .join(' '),
    },
  ],
});
