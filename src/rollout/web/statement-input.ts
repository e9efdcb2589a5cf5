import { InputError, type FieldError } from '../../common/errors.js';
import { isDay } from '../../common/instant.js';
import { visibleText } from '../../common/visible-text.js';
import { wholeDay, withWholeDays } from '../../web/form-days.js';
import { DEFERRAL_REASONS, type Statement } from '../domain/statements.js';
import { CONFIRMED_STYLES, type FormStatement } from './statement-fields.js';

/** Characters of a reason. */
const LONGEST_REASON = 2_000;
/** Several lines, without any other control character. */
const LINES = /^(?:[^\p{Cc}\p{Cs}]|\n)*$/u;

/**
 * What was typed into the form of a statement, as the statement takes it.
 * @param deviceId the machine that was named, where the form names one
 * @throws InputError naming each field with what is wrong with it
 */
export function readStatement(statement: FormStatement, typed: object, deviceId: number | null = null): Statement {
  const given = new Typed(typed);
  const read = statementFrom(statement, given, deviceId);
  if (given.errors.length > 0) throw new InputError('Put right what is marked.', given.errors);
  return read;
}

function statementFrom(statement: FormStatement, given: Typed, deviceId: number | null): Statement {
  switch (statement) {
    case 'confirm-work-style':
      return { statement, workStyle: given.choice('workStyle', 'Choose a work style', CONFIRMED_STYLES) };
    case 'defer':
      return {
        statement,
        reason: given.choice('deferral', 'Choose why', DEFERRAL_REASONS),
        until: given.day('until', true) ?? '',
      };
    case 'exempt':
      return { statement, reason: given.reason(), until: given.day('until', false) };
    case 'state-desktop':
      return { statement, deviceId: deviceId ?? 0 };
    case 'release-desktop':
      return { statement, deviceId: given.number('desktop', 'Choose a desktop'), reason: given.reason() };
    case 'state-no-desktop':
    case 'roll-back':
    case 'reopen':
      return { statement, reason: given.reason() };
    case 'retract':
      return { statement, key: given.text('key', 'Choose what was wrong', 400), reason: given.reason() };
    case 'confirm-receipt':
    case 'end-deferral':
    case 'end-exemption':
      return { statement };
  }
}

/** The fields of a form, with what turned out to be wrong with them. */
class Typed {
  readonly errors: FieldError[] = [];
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(values: object) {
    this.values = withWholeDays(values, ['until']) as Readonly<Record<string, unknown>>;
  }

  reason(): string {
    return this.text('reason', 'Enter the reason', LONGEST_REASON);
  }

  text(field: string, missing: string, longest: number): string {
    const value = this.values[field];
    const text = typeof value === 'string' ? visibleText(value) : '';
    if (text === '') this.#wrong(field, missing);
    else if (text.length > longest) this.#wrong(field, `Use at most ${longest} characters`);
    else if (!LINES.test(text)) this.#wrong(field, 'Use text without control characters');
    return text;
  }

  choice<Choice extends string>(field: string, missing: string, choices: readonly Choice[]): Choice {
    const chosen = choices.find((each) => each === this.values[field]);
    if (chosen === undefined) this.#wrong(field, missing);
    return chosen ?? choices[0]!;
  }

  number(field: string, missing: string): number {
    const value = this.values[field];
    if (typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value)) return Number(value);
    this.#wrong(field, missing);
    return 0;
  }

  day(field: string, required: boolean): string | null {
    const day = wholeDay(this.values[field]);
    if (day === undefined && !required) return null;
    if (day === undefined) this.#wrong(field, 'Enter the day');
    else if (typeof day !== 'string' || !isDay(day)) this.#wrong(field, 'Enter a day that exists, such as 27 3 2027');
    else return day;
    return null;
  }

  #wrong(field: string, message: string): void {
    this.errors.push({ field, message });
  }
}
