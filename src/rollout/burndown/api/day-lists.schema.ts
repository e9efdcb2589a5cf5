import { choice, flag, instant, orNull, record, text, whole } from '../../../web/api-schema.js';
import {
  DESKTOP_STATES,
  MOVE_STATES,
  READINESS_OUTCOMES,
  SCOPE_REASONS,
  WORK_STYLES,
} from '../../domain/move-words.js';
import { SCOPE_DIRECTIONS } from '../day-filter.js';

const part = {
  workStyle: orNull(choice(WORK_STYLES)),
  directorate: orNull(text()),
  team: orNull(text()),
  site: orNull(text()),
};
const person = { id: whole('Number of the move.'), name: orNull(text()), entraId: text() };
const machine = { id: whole('Number of the machine.'), name: orNull(text()), serialNumber: orNull(text()) };
const change = { at: instant(), direction: choice(SCOPE_DIRECTIONS), reason: choice(SCOPE_REASONS) };

export const moveOnDay = record({
  ...person,
  state: choice(MOVE_STATES),
  stateSince: instant(),
  scopeReason: choice(SCOPE_REASONS, 'Why they are in scope or out of it.'),
  readiness: orNull(choice(READINESS_OUTCOMES)),
  atRisk: flag('Booked, and not ready any more.'),
  ...part,
  oldestDesktopAt: orNull(instant('When the oldest of their desktops was enrolled.')),
  inBaseline: flag('Whether they were there when the rollout began.'),
});

export const desktopOnDay = record({
  ...machine,
  model: orNull(text()),
  state: choice(DESKTOP_STATES),
  stateSince: instant(),
  scopeReason: choice(SCOPE_REASONS, 'Why it is in scope or out of it.'),
  ...part,
  enrolledAt: orNull(instant()),
  inBaseline: flag('Whether it was there when the rollout began.'),
});

export const personScopeChange = record({ ...person, ...change, state: choice(MOVE_STATES), ...part });

export const desktopScopeChange = record({ ...machine, ...change, state: choice(DESKTOP_STATES), ...part });
