import type { MoveFactKind } from '../domain/move-fact.js';
import {
  READINESS_WORDS,
  SCOPE_REASON_WORDS,
  WORK_STYLE_WORDS,
  type ReadinessOutcome,
  type ScopeReason,
  type WorkStyle,
} from '../domain/move-words.js';
import type { KnownFact } from '../moves.queries.js';

const WORDS: Readonly<Record<MoveFactKind, string>> = {
  'entered-scope': 'Came into the programme',
  'left-scope': 'Out of the programme’s scope',
  'left-organisation': 'Left the council',
  'returned-to-organisation': 'Came back to the council',
  exempted: 'Exempted',
  'exemption-ended': 'Exemption ended',
  deferred: 'Deferred',
  'deferral-ended': 'Deferral ended',
  'work-style-proposed': 'Work style proposed',
  'work-style-confirmed': 'Work style confirmed',
  assessed: 'Assessed',
  'desktop-assigned': 'Desktop of this person',
  'desktop-released': 'Desktop no longer of this person',
  'no-desktop-stated': 'Said to have no desktop',
  'laptop-assigned': 'Laptop handed over',
  'laptop-received': 'Laptop confirmed as received',
  'laptop-observed': 'Seen signed in to the laptop',
  'laptop-returned': 'Laptop came back',
  'desktop-return-due': 'Desktop due back',
  'desktop-recovered': 'Desktop recovered',
  'desktop-wiped': 'Desktop wiped',
  'desktop-returned-to-use': 'Desktop given out again',
  'desktop-seen': 'Recovered desktop seen online',
  'desktop-left-estate': 'Desktop left the estate another way',
  'desktop-reclassified': 'Machine classified anew: not a desktop',
  'slot-booked': 'Appointment booked',
  'slot-cancelled': 'Appointment cancelled',
  'slot-missed': 'Appointment missed',
  'slot-attended': 'Appointment kept',
  'readiness-changed': 'Readiness changed',
  'rolled-back': 'Rolled back',
  reopened: 'Reopened',
  retracted: 'Something known turned out to be wrong',
};

const DEFERRALS: Readonly<Record<string, string>> = {
  parental_leave: 'parental leave',
  sickness: 'sickness',
  secondment: 'secondment',
  other: 'another reason',
};
const ASSIGNMENTS: Readonly<Record<string, string>> = {
  custody: 'by custody',
  'primary-user': 'as primary user in Intune',
  statement: 'by what somebody said',
};

/** A fact in one sentence. */
export function factText({ kind, details }: Pick<KnownFact, 'kind' | 'details'>): string {
  const more = detailText(kind, details);
  return more === '' ? WORDS[kind] : `${WORDS[kind]}: ${more}`;
}

function detailText(kind: MoveFactKind, details: Readonly<Record<string, unknown>>): string {
  const given = (name: string): string => (typeof details[name] === 'string' ? details[name] : '');
  switch (kind) {
    case 'entered-scope':
    case 'left-scope':
    case 'desktop-left-estate':
      return (SCOPE_REASON_WORDS[given('reason') as ScopeReason] ?? '').toLowerCase();
    case 'deferred':
      return `until ${given('until')}, ${DEFERRALS[given('reason')] ?? 'another reason'}`;
    case 'work-style-proposed':
      return `${WORK_STYLE_WORDS[given('workStyle') as WorkStyle] ?? ''} (${given('because')})`;
    case 'work-style-confirmed':
      return WORK_STYLE_WORDS[given('workStyle') as WorkStyle] ?? '';
    case 'desktop-assigned':
    case 'laptop-assigned':
      return ASSIGNMENTS[given('by')] ?? '';
    case 'desktop-wiped':
      return given('evidence') === '' ? 'without evidence' : `evidence ${given('evidence')}`;
    case 'readiness-changed':
      return (READINESS_WORDS[given('outcome') as ReadinessOutcome] ?? '').toLowerCase();
    default:
      return given('reason');
  }
}
