import { type ShownTime, shownTime } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { QUESTION_WORDS } from '../../domain/move-answers.js';
import { MOVE_STATES, MOVE_STATE_WORDS, type MoveState } from '../../domain/move-words.js';
import type { MoveSummary } from '../../moves.queries.js';
import { stateTag } from '../../web/move-tags.js';
import type { ReadinessLine } from '../../web/readiness-lines.js';
import { openQuestions } from '../open-questions.js';
import type { AnswerOfMove, StateCount } from '../team.queries.js';

/** One of the team. */
export interface MemberLine {
  readonly name: string;
  readonly href: string;
  readonly tag: { readonly text: string; readonly tag: string };
  readonly atRisk: boolean;
  readonly appointment: ShownTime | null;
  readonly blockers: readonly string[];
  /** What is still to be answered, in the words of the questions. */
  readonly questions: readonly string[];
  readonly answer: string;
  /** Where to book; null while there is nothing to book. */
  readonly book: string | null;
}

/** One of the team, with what stands in the way and what their manager can do. */
export function memberLine(
  move: MoveSummary,
  blockers: readonly ReadinessLine[],
  answers: readonly AnswerOfMove[],
  now: Date,
): MemberLine {
  const questions = openQuestions(move.state, answers, true);
  return {
    name: move.person.displayName ?? 'Without a name',
    href: paths.move(move.id),
    tag: stateTag(move.state),
    atRisk: move.atRisk,
    appointment: shownTime(move.appointmentAt, now),
    blockers: move.state === 'blocked' || move.atRisk ? blockers.map(({ label, reason }) => `${label}: ${reason}`) : [],
    questions: questions.map((question) => QUESTION_WORDS[question]),
    answer: paths.moveCommand(move.id, 'answers'),
    book: move.state === 'ready' || move.state === 'scheduled' ? paths.bookMove(move.id) : null,
  };
}

/** How many stand where, each with the address of just these. */
export function teamCounts(
  states: readonly StateCount[],
  who: string,
  chosen: MoveState | undefined,
): { text: string; people: number; href: string; current: boolean }[] {
  return MOVE_STATES.flatMap((state) => {
    const people = states.find((each) => each.state === state)?.people ?? 0;
    const href = teamAddress({ who, state });
    return people === 0 ? [] : [{ text: MOVE_STATE_WORDS[state], people, href, current: state === chosen }];
  });
}

/** The page of a team with these of its parameters. */
export function teamAddress(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === 'direct' ? [] : [[name, value] as [string, string]],
  );
  const query = new URLSearchParams(given).toString();
  return query === '' ? paths.myTeam() : `${paths.myTeam()}?${query}`;
}
