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

/** Reads one of the details of a fact, as far as it is a text. */
type Given = (name: string) => string;

const scopeReason = (given: Given): string => (SCOPE_REASON_WORDS[given('reason') as ScopeReason] ?? '').toLowerCase();
const workStyle = (given: Given): string => WORK_STYLE_WORDS[given('workStyle') as WorkStyle] ?? '';
const assignment = (given: Given): string => ASSIGNMENTS[given('by')] ?? '';

/** What is said of the details of a kind; of the others, their reason. */
const DETAILS: Partial<Readonly<Record<MoveFactKind, (given: Given) => string>>> = {
  'entered-scope': scopeReason,
  'left-scope': scopeReason,
  'desktop-left-estate': scopeReason,
  deferred: (given) => `until ${given('until')}, ${DEFERRALS[given('reason')] ?? 'another reason'}`,
  'work-style-proposed': (given) => `${workStyle(given)} (${given('because')})`,
  'work-style-confirmed': workStyle,
  'desktop-assigned': assignment,
  'laptop-assigned': assignment,
  'desktop-wiped': (given) => (given('evidence') === '' ? 'without evidence' : `evidence ${given('evidence')}`),
  'readiness-changed': (given) => (READINESS_WORDS[given('outcome') as ReadinessOutcome] ?? '').toLowerCase(),
};

/** A fact in one sentence. */
export function factText({ kind, details }: Pick<KnownFact, 'kind' | 'details'>): string {
  const given: Given = (name) => (typeof details[name] === 'string' ? details[name] : '');
  const more = DETAILS[kind]?.(given) ?? given('reason');
  return more === '' ? WORDS[kind] : `${WORDS[kind]}: ${more}`;
}
