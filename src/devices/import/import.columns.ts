import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import type { ImportRow } from './import.queries.js';
import type { ListedImport } from './import-list.queries.js';

const counted = (name: keyof ListedImport['counts'], header: string): NamedColumn<ListedImport> => ({
  name,
  header,
  value: ({ counts }) => counts[name],
});

/** What an export of imports shows: what their list shows. */
export const IMPORT_COLUMNS = columnsOf<ListedImport>({
  id: 'Number',
  fileName: 'File',
  state: 'State',
  counts: [
    counted('new', 'New'),
    counted('changed', 'Changed'),
    counted('unchanged', 'Unchanged'),
    counted('conflict', 'Conflicts'),
    counted('refused', 'Refused'),
  ],
  format: 'Format',
  mapping: 'Mapping',
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
  startedBy: 'Sent by',
  startedAt: 'Sent',
  checkedAt: 'Checked',
  appliedBy: 'Applied by',
  appliedAt: 'Applied',
  undoneBy: 'Undone by',
  undoneAt: 'Undone',
  undoReason: 'Reason for undoing',
});

/** What an export of the rows of an import shows: what their list shows. */
export const IMPORT_ROW_COLUMNS = columnsOf<ImportRow>({
  line: 'Line',
  outcome: 'Outcome',
  deviceId: 'Device',
  values: [
    {
      name: 'values',
      header: 'Values',
      value: ({ values }) => values.map(({ label, value }) => `${label}: ${value ?? ''}`).join('; '),
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
      value: ({ problems }) => problems.map(({ message, fix }) => `${message} ${fix}`).join(' '),
    },
  ],
  candidateDeviceIds: [
    { name: 'candidates', header: 'Fits devices', value: ({ candidateDeviceIds }) => candidateDeviceIds.join('; ') },
  ],
  undoRefusal: 'Left alone by undoing',
});
