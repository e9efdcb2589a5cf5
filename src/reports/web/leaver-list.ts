import { shownTime } from '../../common/uk-time.js';
import { optionsOf, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { LeaversParameters } from '../api/leavers.parameters.js';
import { LEAVER_COLUMNS } from '../leavers.columns.js';
import type { HolderSource, Leaver, LeaverReason } from '../leavers.queries.js';

const REASONS: Readonly<Record<LeaverReason, string>> = {
  disabled: 'Account disabled',
  missing: 'No longer in the directory',
  gone: 'Gone from the directory',
};
const SOURCES: Readonly<Record<HolderSource, string>> = {
  custody: 'Custody',
  'primary-user': 'Primary user in Intune',
};

/** Leavers and disabled accounts that still have equipment: what to get back, from whom, and whom to ask. */
export const LEAVER_LIST: ListDefinition<Leaver, LeaversParameters> = {
  name: 'leavers',
  title: 'Leavers with equipment',
  section: 'leavers',
  path: paths.leavers(),
  one: 'person',
  many: 'people',
  parameters: LeaversParameters,
  fields: [
    { name: 'search', label: 'Name or email address', hint: 'The beginning is enough.', kind: 'search' },
    { name: 'reason', label: 'Why', kind: 'choice', options: optionsOf(REASONS) },
    { name: 'source', label: 'Known from', kind: 'choice', options: optionsOf(SOURCES) },
    { name: 'department', label: 'Department', kind: 'text' },
    { name: 'officeLocation', label: 'Site', kind: 'text' },
    { name: 'manager', label: 'Line manager', hint: 'The beginning of the name is enough.', kind: 'text' },
  ],
  columns: LEAVER_COLUMNS,
  shown: ['displayName', 'reason', 'since', 'machines', 'sources', 'manager', 'department'],
  sorts: { displayName: 'name' },
  defaultSort: 'name',
  numeric: ['machineCount'],
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.person(id) }),
    displayName: ({ id, displayName }) => ({ text: displayName ?? 'Without a name', href: paths.person(id) }),
    reason: ({ reason }) => ({ text: REASONS[reason] }),
    since: ({ since }, now) => (since === null ? { text: 'Before the first read' } : { time: shownTime(since, now) }),
    manager: ({ manager }) =>
      manager === null
        ? { text: '' }
        : { text: manager.displayName ?? 'Without a name', href: paths.person(manager.id) },
    managerId: ({ manager }) => ({ text: manager === null ? '' : String(manager.id) }),
    machines: machinesCell,
    sources: ({ machines }) => ({ parts: machines.map(({ source }) => ({ text: SOURCES[source] })) }),
    models: ({ machines }) => ({ parts: machines.map(({ model }) => ({ text: model ?? '' })) }),
    serialNumbers: ({ machines }) => ({ parts: machines.map(({ serialNumber }) => ({ text: serialNumber ?? '' })) }),
  },
  file: { path: '/api/v1/leavers.csv', permission: 'estate:export' },
  nothing: 'Nobody who has left, and no disabled account, has equipment.',
};

function machinesCell({ machines, machineCount }: Leaver): Cell {
  const links = machines.map(({ id, name, serialNumber }) => ({
    text: name ?? serialNumber ?? 'Without a name',
    href: paths.device(id),
  }));
  const unlisted = machineCount - machines.length;
  return { parts: unlisted === 0 ? links : [...links, { text: `and ${unlisted} more` }] };
}
