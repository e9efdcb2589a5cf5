import { columnsOf } from '../common/csv-columns.js';
import { DOUBT_WORDS } from './domain/doubt-words.js';
import type { MoveSummary } from './moves.queries.js';

/** What an export of moves shows: what their list shows, a row a person. */
export const MOVE_COLUMNS = columnsOf<MoveSummary>({
  id: 'Number',
  person: [
    { name: 'person', header: 'Person', value: ({ person }) => person.displayName },
    { name: 'entraId', header: 'Entra ID', value: ({ person }) => person.entraId },
  ],
  state: 'State',
  stateSince: 'Since',
  scopeReason: 'Why in or out of scope',
  readiness: 'Readiness',
  atRisk: 'At risk',
  workStyle: 'Work style',
  workStyleConfirmed: 'Work style confirmed',
  directorate: 'Directorate',
  team: 'Team',
  site: 'Site',
  manager: [{ name: 'manager', header: 'Line manager', value: ({ manager }) => manager?.displayName }],
  wave: [{ name: 'wave', header: 'Wave', value: ({ wave }) => wave?.name }],
  laptop: [
    { name: 'laptop', header: 'Laptop', value: ({ laptop }) => laptop?.name ?? laptop?.serialNumber },
    { name: 'laptopSerialNumber', header: 'Serial number of the laptop', value: ({ laptop }) => laptop?.serialNumber },
  ],
  desktopCount: 'Desktops',
  recoveredCount: 'Desktops recovered',
  wipedCount: 'Desktops wiped',
  appointmentAt: 'Appointment',
  missedCount: 'Appointments missed',
  deferredUntil: 'Deferred until',
  doubts: [
    {
      name: 'doubts',
      header: 'Doubts',
      value: ({ doubts }) => doubts.map(({ kind }) => DOUBT_WORDS[kind].short).join('; '),
    },
  ],
  version: 'Version',
});
