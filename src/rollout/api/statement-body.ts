import { InputError, NotFoundError, type FieldError } from '../../common/errors.js';
import { isDay } from '../../common/instant.js';
import { visibleText } from '../../common/visible-text.js';
import { membersOf } from '../../web/json-body.js';
import { MOVE_QUESTIONS } from '../domain/move-answers.js';
import { WORK_STYLES } from '../domain/move-words.js';
import {
  DEFERRAL_REASONS,
  STATEMENTS,
  type GivenAnswer,
  type Statement,
  type StatementName,
} from '../domain/statements.js';

/** The members of the body of each statement. */
export const STATEMENT_MEMBERS: Readonly<Record<StatementName, readonly string[]>> = {
  answer: ['answers'],
  'confirm-work-style': ['workStyle'],
  'confirm-receipt': [],
  defer: ['reason', 'until'],
  'end-deferral': [],
  exempt: ['reason', 'until'],
  'end-exemption': [],
  'state-no-desktop': ['reason'],
  'state-desktop': ['deviceId'],
  'release-desktop': ['deviceId', 'reason'],
  'roll-back': ['reason'],
  reopen: ['reason'],
  retract: ['key', 'reason'],
};

const LONGEST_REASON = 2_000;
const LONGEST_KEY = 400;
/** Characters of the details of one answer, as JSON. */
const LONGEST_DETAILS = 10_000;
const LARGEST_ID = 2_147_483_647;

/** The statement of an address or body. @throws NotFoundError */
export function statementNamed(word: unknown): StatementName {
  const found = STATEMENTS.find((statement) => statement === word);
  if (found !== undefined) return found;
  throw new NotFoundError('There is no such statement.');
}

/**
 * A statement from the members of a JSON body.
 * @throws InputError 400 naming each member that is not as it has to be
 */
export function statementIn(statement: StatementName, body: unknown): Statement {
  const given = new Members(membersOf(body ?? {}, STATEMENT_MEMBERS[statement]));
  const read = statementFrom(statement, given);
  if (given.errors.length > 0) throw new InputError('Put the request right.', given.errors, 400);
  return read;
}

function statementFrom(statement: StatementName, given: Members): Statement {
  switch (statement) {
    case 'answer':
      return { statement, answers: given.answers() };
    case 'confirm-work-style':
      return { statement, workStyle: given.choice('workStyle', WORK_STYLES) };
    case 'defer':
      return { statement, reason: given.choice('reason', DEFERRAL_REASONS), until: given.day('until') };
    case 'exempt':
      return { statement, reason: given.text('reason', LONGEST_REASON), until: given.dayOrNull('until') };
    case 'state-desktop':
      return { statement, deviceId: given.id('deviceId') };
    case 'release-desktop':
      return { statement, deviceId: given.id('deviceId'), reason: given.text('reason', LONGEST_REASON) };
    case 'state-no-desktop':
    case 'roll-back':
    case 'reopen':
      return { statement, reason: given.text('reason', LONGEST_REASON) };
    case 'retract':
      return { statement, key: given.text('key', LONGEST_KEY), reason: given.text('reason', LONGEST_REASON) };
    case 'confirm-receipt':
    case 'end-deferral':
    case 'end-exemption':
      return { statement };
  }
}

/** Reads members one by one and gathers what is wrong with them. */
class Members {
  readonly errors: FieldError[] = [];

  constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  text(name: string, longest: number): string {
    const value = this.members[name];
    const text = typeof value === 'string' ? visibleText(value) : '';
    if (text !== '' && text.length <= longest && !/[^\P{Cc}\n]|\p{Cs}/u.test(text)) return text;
    return this.#wrong(name, `give a text of 1 to ${longest} characters`, '');
  }

  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const found = choices.find((choice) => choice === this.members[name]);
    return found ?? this.#wrong(name, `give one of ${choices.join(', ')}`, choices[0]);
  }

  day(name: string): string {
    const value = this.members[name];
    return typeof value === 'string' && isDay(value) ? value : this.#wrong(name, 'give a day such as 2027-01-31', '');
  }

  dayOrNull(name: string): string | null {
    const value = this.members[name];
    return value === undefined || value === null ? null : this.day(name);
  }

  id(name: string): number {
    const value = this.members[name];
    const isId = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_ID;
    return isId ? value : this.#wrong(name, 'give the number of a device', 0);
  }

  answers(): GivenAnswer[] {
    const given = this.members['answers'];
    if (!Array.isArray(given) || given.length === 0 || given.length > MOVE_QUESTIONS.length) {
      return this.#wrong('answers', `give 1 to ${MOVE_QUESTIONS.length} answers`, []);
    }
    return given.flatMap((one: unknown, index) => this.#answer(one, `answers[${index}]`));
  }

  #answer(given: unknown, name: string): GivenAnswer[] {
    const { question, answer, details = {} } = membersOf(given, ['question', 'answer', 'details']);
    const known = MOVE_QUESTIONS.find((one) => one === question);
    if (known === undefined) return this.#wrong(`${name}.question`, `give one of ${MOVE_QUESTIONS.join(', ')}`, []);
    if (typeof answer !== 'string') return this.#wrong(`${name}.answer`, 'give an answer', []);
    if (!isDetails(details)) return this.#wrong(`${name}.details`, 'give an object that is not too large', []);
    return [{ question: known, answer, details }];
  }

  #wrong<Instead>(field: string, message: string, instead: Instead): Instead {
    this.errors.push({ field, message });
    return instead;
  }
}

function isDetails(details: unknown): details is Readonly<Record<string, unknown>> {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return false;
  const text = JSON.stringify(details);
  return text.length <= LONGEST_DETAILS && !text.includes('\\u0000');
}
