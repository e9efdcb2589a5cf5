import { londonInstant } from '../../common/london-time.js';
import type { MoveFact } from './move-fact.js';
import type { ScopeReason } from './move-words.js';

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
  exemption: { readonly at: Date; readonly until: Date | null } | null;
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

/** Takes one more fact into the picture, of whatever kind. */
export function applyToScope(scope: ScopePicture, fact: MoveFact): void {
  switch (fact.kind) {
    case 'entered-scope':
      scope.outside = null;
      scope.firstEnteredAt ??= fact.at;
      scope.enteredAt ??= fact.at;
      scope.entryReason = fact.details.reason;
      if (fact.details.reason === 'rehire') comeBack(scope, fact.at);
      if (fact.details.reason === 'exemption_ended') scope.exemption = null;
      break;
    case 'left-scope':
      scope.outside = fact.details.reason;
      break;
    case 'left-organisation':
      scope.left ??= fact.at;
      break;
    case 'returned-to-organisation':
      comeBack(scope, fact.at);
      break;
    case 'exempted':
      scope.exemption = {
        at: fact.at,
        until: fact.details.until === null ? null : londonInstant(fact.details.until, '00:00'),
      };
      break;
    case 'exemption-ended':
      if (scope.exemption !== null) scope.entryReason = 'exemption_ended';
      scope.exemption = null;
      break;
    default:
  }
}

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
