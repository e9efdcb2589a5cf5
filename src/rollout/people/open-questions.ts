import { MOVE_QUESTIONS, type MoveQuestion } from '../domain/move-answers.js';
import { isInScope, type MoveState } from '../domain/move-words.js';

/** States in which answers still change something. */
const BEFORE_THE_LAPTOP: readonly MoveState[] = [
  'not_started',
  'assessed',
  'blocked',
  'ready',
  'scheduled',
  'rolled_back',
];

/** Answers that leave something to do, and so are asked for again. */
const UNSETTLED: Readonly<Partial<Record<MoveQuestion, readonly string[]>>> = {
  devices: ['wrong'],
  'local-data': ['not-sure'],
  'manager-word': ['not-yet'],
};

/** The word of the manager is theirs alone to give. */
export const MANAGERS_QUESTION: MoveQuestion = 'manager-word';

/**
 * What is still to be answered about a move.
 * @param answers the latest answer to each question
 * @param asManager whether somebody above the person in the line is asked, who is asked for their word too
 */
export function openQuestions(
  state: MoveState,
  answers: readonly { readonly question: string; readonly answer: string }[],
  asManager: boolean,
): MoveQuestion[] {
  if (!isInScope(state) || !BEFORE_THE_LAPTOP.includes(state)) return [];
  const latest = new Map(answers.map(({ question, answer }) => [question, answer]));
  return MOVE_QUESTIONS.filter((question) => {
    if (question === MANAGERS_QUESTION && !asManager) return false;
    const answer = latest.get(question);
    return answer === undefined || UNSETTLED[question]?.includes(answer) === true;
  });
}
