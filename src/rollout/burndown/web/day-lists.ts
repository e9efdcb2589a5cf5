import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition, type ListField } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { DEVICE_AGE_WORDS, DIMENSION_WORDS } from '../../domain/burndown/figures.js';
import {
  DESKTOP_STATE_WORDS,
  MOVE_STATE_WORDS,
  READINESS_WORDS,
  SCOPE_REASON_WORDS,
  WORK_STYLE_WORDS,
  type WorkStyle,
} from '../../domain/move-words.js';
import { stateTag } from '../../web/move-tags.js';
import { DesktopsOnDayParameters, MovesOnDayParameters, ScopeChangesParameters } from '../api/day-lists.parameters.js';
import {
  DESKTOP_ON_DAY_COLUMNS,
  DESKTOP_SCOPE_COLUMNS,
  MOVE_ON_DAY_COLUMNS,
  PERSON_SCOPE_COLUMNS,
} from '../day-lists.columns.js';
import type { ScopeDirection } from '../day-filter.js';
import type { DesktopOnDay, DesktopScopeChange } from '../desktops-on-day.queries.js';
import type { MoveOnDay, PersonScopeChange } from '../moves-on-day.queries.js';

const ON: ListField = {
  name: 'on',
  label: 'As at the end of',
  kind: 'day',
  hint: 'For example, 23/11/2026. Today unless given.',
};
const PARTS: readonly ListField[] = [
  { name: 'directorate', label: 'Directorate', kind: 'text' },
  { name: 'team', label: 'Team', kind: 'text' },
  { name: 'site', label: 'Site', kind: 'text' },
  { name: 'workStyle', label: 'Work style', kind: 'choice', options: optionsOf(WORK_STYLE_WORDS) },
  {
    name: 'deviceAge',
    label: 'Age of the desktop',
    hint: 'When the rollout began.',
    kind: 'choice',
    options: optionsOf(DEVICE_AGE_WORDS),
  },
  { name: 'without', label: 'Not known of them', kind: 'choice', options: optionsOf(DIMENSION_WORDS) },
];
const DIRECTIONS: Readonly<Record<ScopeDirection, string>> = { in: 'Came in', out: 'Went out' };
const CHANGE_FIELDS: readonly ListField[] = [
  ON,
  { name: 'direction', label: 'In or out', kind: 'choice', options: optionsOf(DIRECTIONS) },
  { name: 'reason', label: 'Why', kind: 'choice', options: optionsOf(SCOPE_REASON_WORDS) },
  ...PARTS,
];

const workStyle = ({ workStyle: style }: { readonly workStyle: WorkStyle | null }): Cell => ({
  text: style === null ? '' : WORK_STYLE_WORDS[style],
});
const person = ({ id, name }: { readonly id: number; readonly name: string | null }): Cell => ({
  text: name ?? 'Without a name',
  href: paths.move(id),
});
const machine = (row: {
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
}): Cell => ({
  text: row.name ?? row.serialNumber ?? 'Without a name',
  href: paths.device(row.id),
});
const change = {
  at: ({ at }: PersonScopeChange | DesktopScopeChange, now: Date): Cell => ({ time: shownTime(at, now) }),
  direction: ({ direction }: PersonScopeChange | DesktopScopeChange): Cell => ({ text: DIRECTIONS[direction] }),
  reason: ({ reason }: PersonScopeChange | DesktopScopeChange): Cell => ({ text: SCOPE_REASON_WORDS[reason] }),
};

/** People of the rollout as they stood at the end of a day. */
export const MOVES_ON_DAY_LIST: ListDefinition<MoveOnDay, MovesOnDayParameters> = {
  name: null,
  title: 'People of the rollout',
  section: 'rollout',
  path: paths.rolloutMoves(),
  one: 'person',
  many: 'people',
  parameters: MovesOnDayParameters,
  fields: [
    { name: 'search', label: 'Name or email address', hint: 'The beginning is enough.', kind: 'search' },
    ON,
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(MOVE_STATE_WORDS) },
    {
      name: 'standing',
      label: 'Scope',
      kind: 'choice',
      options: optionsOf({ in_scope: 'In scope', out_of_scope: 'Out of scope' }),
    },
    { name: 'readiness', label: 'Readiness', kind: 'choice', options: optionsOf(READINESS_WORDS) },
    { name: 'atRisk', label: 'At risk', hint: 'Booked, and not ready any more.', kind: 'choice', options: yesOrNo() },
    { name: 'baseline', label: 'In the baseline', kind: 'choice', options: yesOrNo() },
    ...PARTS,
  ],
  columns: MOVE_ON_DAY_COLUMNS,
  shown: ['name', 'state', 'stateSince', 'readiness', 'directorate', 'team', 'site'],
  sorts: { name: 'name', stateSince: 'since' },
  defaultSort: 'name',
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.move(id) }),
    name: person,
    state: ({ state, atRisk }) =>
      atRisk ? { parts: [stateTag(state), { text: 'At risk', tag: 'govuk-tag--orange' }] } : stateTag(state),
    stateSince: ({ stateSince }, now) => ({ time: shownTime(stateSince, now) }),
    scopeReason: ({ scopeReason }) => ({ text: SCOPE_REASON_WORDS[scopeReason] }),
    readiness: ({ readiness }) => ({ text: readiness === null ? '' : READINESS_WORDS[readiness] }),
    workStyle,
    oldestDesktopAt: ({ oldestDesktopAt }, now) => ({ time: shownTime(oldestDesktopAt, now) }),
  },
  file: { path: '/api/v1/rollout/moves.csv', permission: 'estate:export' },
  nothing: 'Nobody was part of the rollout at the end of this day.',
};

/** Desktops of the rollout as they stood at the end of a day. */
export const DESKTOPS_ON_DAY_LIST: ListDefinition<DesktopOnDay, DesktopsOnDayParameters> = {
  name: null,
  title: 'Desktops of the rollout',
  section: 'rollout',
  path: paths.rolloutDesktops(),
  one: 'desktop',
  many: 'desktops',
  parameters: DesktopsOnDayParameters,
  fields: [
    { name: 'search', label: 'Hostname or serial number', hint: 'The beginning is enough.', kind: 'search' },
    ON,
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(DESKTOP_STATE_WORDS) },
    {
      name: 'standing',
      label: 'Standing',
      kind: 'choice',
      options: optionsOf({
        in_scope: 'In scope',
        out_of_scope: 'Out of scope',
        remaining: 'Still to be recovered',
        recovered: 'Recovered, wiped or not',
      }),
    },
    { name: 'baseline', label: 'In the baseline', kind: 'choice', options: yesOrNo() },
    ...PARTS,
  ],
  columns: DESKTOP_ON_DAY_COLUMNS,
  shown: ['name', 'serialNumber', 'model', 'state', 'stateSince', 'directorate', 'team', 'site'],
  sorts: { name: 'name', stateSince: 'since' },
  defaultSort: 'name',
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.device(id) }),
    name: machine,
    state: ({ state }) => ({ text: DESKTOP_STATE_WORDS[state] }),
    stateSince: ({ stateSince }, now) => ({ time: shownTime(stateSince, now) }),
    scopeReason: ({ scopeReason }) => ({ text: SCOPE_REASON_WORDS[scopeReason] }),
    workStyle,
    enrolledAt: ({ enrolledAt }, now) => ({ time: shownTime(enrolledAt, now) }),
  },
  file: { path: '/api/v1/rollout/desktops.csv', permission: 'estate:export' },
  nothing: 'No desktop was part of the rollout at the end of this day.',
};

/** People who came into the scope or left it until the end of a day. */
export const PERSON_SCOPE_LIST: ListDefinition<PersonScopeChange, ScopeChangesParameters> = {
  name: null,
  title: 'People who came into the rollout or left it',
  section: 'rollout',
  path: paths.rolloutPersonScope(),
  one: 'change',
  many: 'changes',
  parameters: ScopeChangesParameters,
  fields: CHANGE_FIELDS,
  columns: PERSON_SCOPE_COLUMNS,
  shown: ['name', 'at', 'direction', 'reason', 'directorate', 'team', 'site'],
  sorts: { at: 'at' },
  defaultSort: '-at',
  cells: {
    ...change,
    id: ({ id }) => ({ text: String(id), href: paths.move(id) }),
    name: person,
    state: ({ state }) => stateTag(state),
    workStyle,
  },
  file: { path: '/api/v1/rollout/scope/people.csv', permission: 'estate:export' },
  nothing: 'Nobody came into the rollout or left it.',
};

/** Desktops that came into the scope or left it until the end of a day. */
export const DESKTOP_SCOPE_LIST: ListDefinition<DesktopScopeChange, ScopeChangesParameters> = {
  name: null,
  title: 'Desktops that came into the rollout or left it',
  section: 'rollout',
  path: paths.rolloutDesktopScope(),
  one: 'change',
  many: 'changes',
  parameters: ScopeChangesParameters,
  fields: CHANGE_FIELDS,
  columns: DESKTOP_SCOPE_COLUMNS,
  shown: ['name', 'serialNumber', 'at', 'direction', 'reason', 'directorate', 'team', 'site'],
  sorts: { at: 'at' },
  defaultSort: '-at',
  cells: {
    ...change,
    id: ({ id }) => ({ text: String(id), href: paths.device(id) }),
    name: machine,
    state: ({ state }) => ({ text: DESKTOP_STATE_WORDS[state] }),
    workStyle,
  },
  file: { path: '/api/v1/rollout/scope/desktops.csv', permission: 'estate:export' },
  nothing: 'No desktop came into the rollout or left it.',
};
