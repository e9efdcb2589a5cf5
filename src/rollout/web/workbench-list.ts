import { shownTime } from '../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../web/list-definition.js';
import { paths } from '../../web/paths.js';
import { MovesParameters } from '../api/moves.parameters.js';
import { DOUBT_WORDS } from '../domain/doubt-words.js';
import type { MoveDoubtKind } from '../domain/move-doubt.js';
import {
  MOVE_STATE_WORDS,
  OUT_OF_SCOPE_STATES,
  READINESS_WORDS,
  SCOPE_REASON_WORDS,
  WORK_STYLE_WORDS,
  type MoveState,
} from '../domain/move-words.js';
import { RULE_WORDS } from '../domain/readiness/rules.js';
import { MOVE_COLUMNS } from '../moves.columns.js';
import type { MoveSummary, MachineOfMove } from '../moves.queries.js';
import { stateTag } from './move-tags.js';

const DOUBTS: Readonly<Record<MoveDoubtKind | 'any', string>> = {
  any: 'Anything doubtful',
  ...(Object.fromEntries(Object.entries(DOUBT_WORDS).map(([kind, { short }]) => [kind, short])) as Record<
    MoveDoubtKind,
    string
  >),
};

/** The rollout manager's list of moves. */
export const WORKBENCH_LIST: ListDefinition<MoveSummary, MovesParameters> = {
  name: 'moves',
  title: 'Moves',
  section: 'workbench',
  path: paths.workbench(),
  one: 'move',
  many: 'moves',
  parameters: MovesParameters,
  fields: [
    { name: 'search', label: 'Name or email address', hint: 'The beginning is enough.', kind: 'search' },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(MOVE_STATE_WORDS) },
    {
      name: 'readiness',
      label: 'Readiness',
      kind: 'choice',
      options: optionsOf({ ...READINESS_WORDS, not_asked: 'Not asked yet' }),
    },
    { name: 'doubt', label: 'Doubts', kind: 'choice', options: optionsOf(DOUBTS) },
    { name: 'workStyle', label: 'Work style', kind: 'choice', options: optionsOf(WORK_STYLE_WORDS) },
    { name: 'workStyleConfirmed', label: 'Work style confirmed', kind: 'choice', options: yesOrNo() },
    { name: 'atRisk', label: 'At risk', hint: 'Booked, and not ready any more.', kind: 'choice', options: yesOrNo() },
    { name: 'directorate', label: 'Directorate', kind: 'text' },
    { name: 'team', label: 'Team', kind: 'text' },
    { name: 'site', label: 'Site', kind: 'text' },
    { name: 'manager', label: 'Line manager', hint: 'The beginning of the name is enough.', kind: 'text' },
    { name: 'missed', label: 'Appointments missed, at least', kind: 'text' },
    { name: 'blockedBy', label: 'What stands in the way', kind: 'choice', options: optionsOf(RULE_WORDS) },
    { name: 'onlyBlocker', label: 'And nothing else', kind: 'choice', options: yesOrNo() },
    { name: 'blockedReason', label: 'Reason that stands in the way', kind: 'hidden' },
    { name: 'blockedSubject', label: 'Site or application that stands in the way', kind: 'hidden' },
    { name: 'blockedOwner', label: 'Whoever is to clear it', kind: 'hidden' },
    { name: 'blockedCause', label: 'What is to be put right in a network', kind: 'hidden' },
    { name: 'blockedCauseId', label: 'Which of its kind', kind: 'hidden' },
    { name: 'waveId', label: 'Wave', kind: 'hidden' },
  ],
  columns: MOVE_COLUMNS,
  shown: ['person', 'state', 'readiness', 'team', 'site', 'appointmentAt', 'doubts'],
  sorts: { id: 'id', stateSince: 'since', appointmentAt: 'appointment', team: 'team' },
  defaultSort: 'id',
  numeric: ['desktopCount', 'recoveredCount', 'wipedCount', 'missedCount'],
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.move(id) }),
    person: ({ id, person }) => ({ text: person.displayName ?? 'Without a name', href: paths.move(id) }),
    state: ({ state }) => stateTag(state),
    stateSince: ({ stateSince }, now) => ({ time: shownTime(stateSince, now) }),
    scopeReason: ({ scopeReason }) => ({ text: SCOPE_REASON_WORDS[scopeReason] }),
    readiness: readinessCell,
    atRisk: ({ atRisk }) => ({ text: atRisk ? 'At risk' : '' }),
    workStyle: ({ workStyle, workStyleConfirmed }) => ({
      text: workStyle === null ? '' : `${WORK_STYLE_WORDS[workStyle]}${workStyleConfirmed ? '' : ' (proposed)'}`,
    }),
    workStyleConfirmed: ({ workStyleConfirmed }) => ({ text: workStyleConfirmed ? 'Confirmed' : 'Not confirmed' }),
    manager: ({ manager }) =>
      manager === null ? {} : { text: manager.displayName ?? 'Without a name', href: paths.person(manager.id) },
    wave: ({ wave }) => (wave === null ? {} : { text: wave.name, href: paths.wave(wave.id) }),
    laptop: ({ laptop }) => machineCell(laptop),
    appointmentAt: ({ appointmentAt }, now) => (appointmentAt === null ? {} : { time: shownTime(appointmentAt, now) }),
    doubts: ({ doubts }) => ({ parts: doubts.map(({ kind }) => ({ text: DOUBT_WORDS[kind].short })) }),
  },
  file: { path: '/api/v1/moves.csv', permission: 'estate:export' },
  nothing: 'There is no move yet. Plan a programme and start it.',
};

/** States in which nobody waits for the rules any more, or not for now. */
const UNASKED: ReadonlySet<MoveState> = new Set([...OUT_OF_SCOPE_STATES, 'handed_over', 'desktop_recovered', 'closed']);

function readinessCell({ state, readiness, atRisk }: MoveSummary): Cell {
  if (UNASKED.has(state)) return {};
  const words = readiness === null ? 'Not asked yet' : READINESS_WORDS[readiness];
  return { text: atRisk ? `${words}: at risk` : words };
}

function machineCell(machine: MachineOfMove | null): Cell {
  return machine === null
    ? {}
    : { text: machine.name ?? machine.serialNumber ?? 'Without a name', href: paths.device(machine.id) };
}
