import { ANSWER_WORDS, MOVE_QUESTIONS, QUESTION_WORDS, type MoveQuestion } from '../domain/move-answers.js';
import { InputError, type FieldError } from '../../common/errors.js';
import { visibleText } from '../../common/visible-text.js';
import type { GivenAnswer } from '../domain/statements.js';
import type { AnswerChoices, LatestAnswer } from '../move-answers.queries.js';
import type { Standpoint } from '../move-standpoint.queries.js';

/** Questions as they are put to somebody who answers for another person. */
const ABOUT_ANOTHER: Readonly<Record<MoveQuestion, string>> = {
  devices: 'Are these the machines that they use?',
  'usual-sites': 'At which sites do they usually work?',
  applications: 'Which applications do they need that not everybody has?',
  'assistive-technology': 'Do they need assistive technology?',
  'local-data': 'Are there files on the disk of their desktop that are nowhere else?',
  training: 'Do they need training?',
  'manager-word': QUESTION_WORDS['manager-word'],
};

/** One question on the form, with the latest answer to it. */
export interface QuestionField {
  readonly question: MoveQuestion;
  readonly label: string;
  readonly value: string | null;
  readonly items: readonly { readonly value: string; readonly text: string }[];
  /** What can be ticked besides, and what was; null for questions without a list. */
  readonly list: {
    readonly name: 'sites' | 'applications';
    readonly items: readonly object[];
    readonly value: readonly string[];
  } | null;
}

/** Which questions somebody is asked: the manager's word is neither the person's own to give nor their delegate's. */
export function questionsFor({ isOneself, isAbove, isDelegate }: Standpoint, manages: boolean): MoveQuestion[] {
  const givesWord = !isOneself && (isAbove || manages || !isDelegate);
  return MOVE_QUESTIONS.filter((question) => question !== 'manager-word' || givesWord);
}

/** The questions with their latest answers. */
export function questionFields(
  questions: readonly MoveQuestion[],
  latest: readonly LatestAnswer[],
  choices: AnswerChoices,
  isOneself: boolean,
): QuestionField[] {
  return questions.map((question) => {
    const known = latest.find((each) => each.question === question);
    const name = LISTS[question];
    const value = name === undefined ? [] : (known?.details[name] ?? []);
    const names = name === undefined ? [] : offered(choices[name], value);
    return {
      question,
      label: isOneself ? QUESTION_WORDS[question] : ABOUT_ANOTHER[question],
      value: known?.answer ?? null,
      items: Object.entries(ANSWER_WORDS[question])
        // Where there is no list, nothing of it can be named.
        .filter(([answer]) => answer !== 'listed' || names.length > 0)
        .map(([answer, text]) => ({ value: answer, text })),
      list: name === undefined ? null : { name, value, items: names.map((each) => ({ value: each, text: each })) },
    };
  });
}

const LISTS: Partial<Readonly<Record<MoveQuestion, 'sites' | 'applications'>>> = {
  'usual-sites': 'sites',
  applications: 'applications',
};

/** What was chosen once stays a choice, even if the directory does not have it any more. */
function offered(choices: readonly string[], chosen: readonly string[]): string[] {
  return [...new Set([...choices, ...chosen])];
}

const LONGEST_NEED = 2_000;

/**
 * The answers that differ from the latest ones; questions that were left open are not answered.
 * @param mayReadNeed whether the form showed what is needed; else what is known of it is kept
 * @param actor who answers, as a reference
 * @throws InputError naming each field with what is wrong with it
 */
export function readAnswers(
  typed: Readonly<Record<string, unknown>>,
  questions: readonly MoveQuestion[],
  latest: readonly LatestAnswer[],
  choices: AnswerChoices,
  { mayReadNeed, actor }: { readonly mayReadNeed: boolean; readonly actor: string },
): GivenAnswer[] {
  const errors: FieldError[] = [];
  const answers = questions.flatMap((question): GivenAnswer[] => {
    const answer = typed[question];
    if (answer === undefined || answer === '') return [];
    if (typeof answer !== 'string' || !(answer in ANSWER_WORDS[question])) {
      errors.push({ field: question, message: 'Choose one of the answers' });
      return [];
    }
    const known = latest.find((each) => each.question === question);
    const list = LISTS[question];
    const details =
      list !== undefined && answer === 'listed'
        ? { [list]: listed(typed[list], offered(choices[list], known?.details[list] ?? []), list, errors) }
        : question === 'assistive-technology' && answer !== 'none'
          ? needOf(typed['need'], known, mayReadNeed, actor, errors)
          : {};
    return isSame({ answer, details }, known) ? [] : [{ question, answer, details }];
  });
  if (errors.length > 0) throw new InputError('Put right what is marked.', errors);
  return answers;
}

function listed(
  given: unknown,
  offeredNames: readonly string[],
  field: 'sites' | 'applications',
  errors: FieldError[],
): string[] {
  const chosen = given === undefined ? [] : [given].flat();
  const names = offeredNames.filter((name) => chosen.includes(name));
  if (names.length === 0 || names.length < chosen.length) {
    errors.push({ field, message: 'Tick at least one of the list' });
  }
  return names;
}

function needOf(
  typed: unknown,
  known: LatestAnswer | undefined,
  mayReadNeed: boolean,
  actor: string,
  errors: FieldError[],
): LatestAnswer['details'] {
  const { need: before, needFrom } = known?.details ?? {};
  const need = typeof typed === 'string' ? visibleText(typed) : '';
  if (need.length > LONGEST_NEED) errors.push({ field: 'need', message: `Use at most ${LONGEST_NEED} characters` });
  // Whoever cannot read it does not wipe it out by leaving it empty.
  if (need === '' && !mayReadNeed) return kept(before, needFrom);
  if (need === before) return kept(before, needFrom);
  return need === '' ? {} : { need, needFrom: actor };
}

function kept(need: string | undefined, needFrom: string | undefined): LatestAnswer['details'] {
  return need === undefined ? {} : { need, ...(needFrom === undefined ? {} : { needFrom }) };
}

function isSame(
  given: { readonly answer: string; readonly details: object },
  known: LatestAnswer | undefined,
): boolean {
  if (known === undefined || given.answer !== known.answer) return false;
  const text = (details: object): string =>
    JSON.stringify(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(given.details) === text(known.details);
}
