import type { FactHandlers } from './fact-handlers.js';
import type { ScopeReason } from './move-words.js';
import { startOfDay } from './start-of-day.js';

/** What the facts so far say about a person and the scope of the programme. */
export interface ScopePicture {
  firstEnteredAt: Date | null;
  /** The first time too, or when somebody came back to the organisation. */
  enteredAt: Date | null;
  entryReason: ScopeReason;
  outside: 'rule' | 'reclassified' | null;
  left: Date | null;
  /** Times between leaving the organisation and coming back. */
  readonly absences: { readonly from: Date; readonly until: Date }[];
  exemption: { readonly until: Date | null } | null;
}

/** In the programme or not, and why. */
export interface Scope {
  readonly state: 'in' | 'left' | 'exempt' | 'out_of_scope';
  readonly reason: ScopeReason;
}

export function emptyScope(): ScopePicture {
  return {
    firstEnteredAt: null,
    enteredAt: null,
    entryReason: 'baseline',
    outside: null,
    left: null,
    absences: [],
    exemption: null,
  };
}

/** What facts do to the scope. */
export const SCOPE_HANDLERS: FactHandlers<ScopePicture> = {
  'entered-scope': (scope, { at, details }) => {
    scope.outside = null;
    scope.firstEnteredAt ??= at;
    scope.enteredAt ??= at;
    scope.entryReason = details.reason;
    if (details.reason === 'rehire') comeBack(scope, at);
    if (details.reason === 'exemption_ended') scope.exemption = null;
  },
  'left-scope': (scope, { details }) => {
    scope.outside = details.reason;
  },
  'left-organisation': (scope, { at }) => {
    scope.left ??= at;
  },
  'returned-to-organisation': (scope, { at }) => comeBack(scope, at),
  exempted: (scope, { details }) => {
    scope.exemption = { until: details.until === null ? null : startOfDay(details.until) };
  },
  'exemption-ended': (scope) => {
    if (scope.exemption !== null) scope.entryReason = 'exemption_ended';
    scope.exemption = null;
  },
};

function comeBack(scope: ScopePicture, at: Date): void {
  if (scope.left === null) return;
  scope.absences.push({ from: scope.left, until: at });
  scope.left = null;
  scope.entryReason = 'rehire';
  if (scope.enteredAt !== null) scope.enteredAt = at;
}

/** Where the person stands at a time; an exemption ends by itself on its day. */
export function scopeAt(scope: ScopePicture, time: number): Scope {
  if (scope.left !== null) return { state: 'left', reason: 'leaver' };
  if (scope.enteredAt === null || scope.outside !== null)
    return { state: 'out_of_scope', reason: scope.outside ?? 'rule' };
  const { exemption } = scope;
  if (exemption === null) return { state: 'in', reason: scope.entryReason };
  if (exemption.until === null || exemption.until.getTime() > time) return { state: 'exempt', reason: 'exemption' };
  return { state: 'in', reason: 'exemption_ended' };
}
