import { londonDay } from '../../common/uk-time.js';
import { isAnswerTo, type MoveQuestion } from './move-answers.js';
import type { MoveFactKind } from './move-fact.js';
import { isInScope, type MoveState, type WorkStyle } from './move-words.js';

/** What people can say about a move. Nobody sets a state: each becomes a fact, and the state follows. */
export const STATEMENTS = [
  'answer',
  'confirm-work-style',
  'confirm-receipt',
  'defer',
  'end-deferral',
  'exempt',
  'end-exemption',
  'state-no-desktop',
  'state-desktop',
  'release-desktop',
  'roll-back',
  'reopen',
  'retract',
] as const;
export type StatementName = (typeof STATEMENTS)[number];

/** Why somebody is not moved for a time. */
export const DEFERRAL_REASONS = ['parental_leave', 'sickness', 'secondment', 'other'] as const;
export type DeferralReason = (typeof DEFERRAL_REASONS)[number];

/** One answer to a question about a move. */
export interface GivenAnswer {
  readonly question: MoveQuestion;
  readonly answer: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A statement with what goes with it. Days are those of Europe/London (ISO 8601). */
export type Statement =
  | { readonly statement: 'answer'; readonly answers: readonly GivenAnswer[] }
  | { readonly statement: 'confirm-work-style'; readonly workStyle: WorkStyle }
  | { readonly statement: 'confirm-receipt' }
  | { readonly statement: 'defer'; readonly reason: DeferralReason; readonly until: string }
  | { readonly statement: 'end-deferral' }
  | { readonly statement: 'exempt'; readonly reason: string; readonly until: string | null }
  | { readonly statement: 'end-exemption' }
  | { readonly statement: 'state-no-desktop'; readonly reason: string }
  | { readonly statement: 'state-desktop'; readonly deviceId: number }
  | { readonly statement: 'release-desktop'; readonly deviceId: number; readonly reason: string }
  | { readonly statement: 'roll-back'; readonly reason: string }
  | { readonly statement: 'reopen'; readonly reason: string }
  | { readonly statement: 'retract'; readonly key: string; readonly reason: string };

/** Statements as buttons name them. */
export const STATEMENT_WORDS: Readonly<Record<StatementName, string>> = {
  answer: 'Answer',
  'confirm-work-style': 'Confirm the work style',
  'confirm-receipt': 'Confirm that the laptop arrived',
  defer: 'Defer',
  'end-deferral': 'End the deferral',
  exempt: 'Exempt',
  'end-exemption': 'End the exemption',
  'state-no-desktop': 'State that there is no desktop to recover',
  'state-desktop': 'Add a desktop that they use',
  'release-desktop': 'State that others keep the desktop',
  'roll-back': 'Roll back',
  reopen: 'Reopen',
  retract: 'Retract something that was wrong',
};

export const DEFERRAL_WORDS: Readonly<Record<DeferralReason, string>> = {
  parental_leave: 'Parental leave',
  sickness: 'Long sickness',
  secondment: 'Secondment',
  other: 'Another reason',
};

/**
 * Who may say it: `concerned` is the person and everybody above them, `circle` their delegates besides, `above` only those
 * above, `manage` who runs the rollout, and `work` engineers besides those above. Who runs the rollout may say everything;
 * nobody decides about themselves.
 */
const WHO: Readonly<Record<StatementName, 'concerned' | 'circle' | 'above' | 'work' | 'manage'>> = {
  answer: 'circle',
  'confirm-work-style': 'above',
  'confirm-receipt': 'concerned',
  defer: 'above',
  'end-deferral': 'above',
  exempt: 'manage',
  'end-exemption': 'manage',
  'state-no-desktop': 'work',
  'state-desktop': 'work',
  'release-desktop': 'work',
  'roll-back': 'manage',
  reopen: 'manage',
  retract: 'manage',
};

/** What of a move decides whether something can be said about it. */
export interface StatedMove {
  readonly state: MoveState;
  readonly personEntraId: string;
  readonly version: string;
  readonly deferredUntil: string | null;
  readonly hasLaptop: boolean;
  readonly deferralIsOver: boolean;
}

/** Computed or counted elsewhere: these are put right where they come from. */
export const NOT_RETRACTABLE: readonly MoveFactKind[] = [
  'readiness-changed',
  'slot-booked',
  'slot-cancelled',
  'slot-missed',
  'slot-attended',
  'retracted',
];

/** Whether somebody can say of what is known that it was wrong. */
export function isRetractable({
  kind,
  retracted,
}: {
  readonly kind: MoveFactKind;
  readonly retracted: boolean;
}): boolean {
  return !retracted && !NOT_RETRACTABLE.includes(kind);
}

/** Who states something. */
export interface Stating {
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
  /** Whether they are above the person in the line. */
  readonly isAbove: boolean;
  /** Whether they stand in for the person today. */
  readonly isDelegate: boolean;
}

/** Why a statement is not taken, in words for whoever made it. */
export interface StatementRefusal {
  readonly kind: 'unknown' | 'permission' | 'changed' | 'state' | 'input';
  readonly message: string;
}

/** A deferral or exemption ends at the latest after three years: by then somebody has to look again. */
const LONGEST_DAYS = 1_096;

/** Whether a statement can be made about a move, by these people, now; null when it can. */
export function refusalOf(statement: Statement, move: StatedMove, by: Stating, now: Date): StatementRefusal | null {
  return refusalOfWho(statement, move, by) ?? refusalOfInput(statement, now) ?? refusalOfState(statement, move);
}

/** What of all that can be said about a move these people may say about it as it stands. */
export function possibleStatements(move: StatedMove, by: Stating): StatementName[] {
  return STATEMENTS.filter(
    (statement) => refusalTo(WHO[statement], move, by) === null && contradictionTo(statement, move) === null,
  );
}

function refusalOfWho(statement: Statement, move: StatedMove, by: Stating): StatementRefusal | null {
  const givesWord =
    statement.statement === 'answer' && statement.answers.some(({ question }) => question === 'manager-word');
  return refusalTo(givesWord ? 'above' : WHO[statement.statement], move, by);
}

function refusalTo(
  who: (typeof WHO)[StatementName],
  { personEntraId }: Pick<StatedMove, 'personEntraId'>,
  by: Stating,
): StatementRefusal | null {
  const isOneself = by.personEntraId === personEntraId;
  if (isOneself && who !== 'concerned' && who !== 'circle') {
    return { kind: 'permission', message: 'Nobody decides about their own move. Ask your manager.' };
  }
  const may =
    by.permissions.has('rollout:manage') ||
    (who !== 'manage' && by.isAbove) ||
    (who === 'work' && by.permissions.has('rollout:work')) ||
    ((who === 'concerned' || who === 'circle') && isOneself) ||
    (who === 'circle' && by.isDelegate);
  if (may) return null;
  return {
    kind: 'permission',
    message: who === 'manage' ? 'Only who runs the rollout can do this.' : 'This person is not in your line.',
  };
}

function refusalOfInput(statement: Statement, now: Date): StatementRefusal | null {
  const input = (message: string): StatementRefusal => ({ kind: 'input', message });
  if (statement.statement === 'answer') {
    if (statement.answers.length === 0) return input('Answer at least one question.');
    const wrong = statement.answers.find(({ question, answer }) => !isAnswerTo(question, answer));
    return wrong === undefined ? null : input(`"${wrong.answer}" is no answer to "${wrong.question}".`);
  }
  if ('until' in statement && statement.until !== null) {
    const latest = londonDay(new Date(now.getTime() + LONGEST_DAYS * 86_400_000));
    if (statement.until <= londonDay(now)) return input('Give a day after today.');
    if (statement.until > latest) return input(`Give a day up to ${latest}: by then somebody has to look again.`);
  }
  return 'reason' in statement && statement.reason.trim() === '' ? input('Give a reason.') : null;
}

function refusalOfState(statement: Statement, move: StatedMove): StatementRefusal | null {
  const message = contradictionTo(statement.statement, move);
  return message === null ? null : { kind: 'state', message };
}

const AFTER_HAND_OVER: readonly MoveState[] = ['handed_over', 'desktop_recovered', 'closed'];

function contradictionTo(statement: StatementName, move: StatedMove): string | null {
  switch (statement) {
    case 'retract':
      return null;
    case 'end-exemption':
      return move.state === 'exempt' ? null : 'The person is not exempt.';
    case 'end-deferral':
      return move.deferredUntil !== null || move.deferralIsOver ? null : 'The move is not deferred.';
    case 'reopen':
      return move.state === 'closed' ? null : 'Only a move that is done can be reopened.';
    case 'confirm-receipt':
      return move.hasLaptop ? null : 'No laptop of this move is known. Custody has to record the hand-over first.';
    case 'confirm-work-style':
    case 'answer':
    case 'state-desktop':
    case 'release-desktop':
      return move.state === 'left' ? 'The person has left the council.' : null;
    case 'exempt':
    case 'state-no-desktop':
    case 'roll-back':
    case 'defer':
      if (!isInScope(move.state)) return 'The person does not take part in the programme.';
      if (statement === 'defer' && AFTER_HAND_OVER.includes(move.state))
        return 'The laptop has been handed over already.';
      if (statement === 'roll-back' && !move.hasLaptop && move.state !== 'scheduled') {
        return 'Nothing has been handed over or booked yet.';
      }
      return null;
  }
}
