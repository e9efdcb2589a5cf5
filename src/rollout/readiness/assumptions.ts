import { InputError, type FieldError } from '../../common/errors.js';
import { READINESS_OUTCOMES, WORK_STYLE_WORDS, WORK_STYLES, type WorkStyle } from '../domain/move-words.js';
import { ASSUMED_FOR, type AssumedFor, type Assumption } from '../domain/readiness/assumption.js';
import { isReadinessRule } from '../domain/readiness/rules.js';

/** Assumptions that one form has room for. */
export const ASSUMPTIONS_AT_ONCE = 3;
/** Assumptions that one request of the API may make. */
const MOST_ASSUMPTIONS = 20;
const MEMBERS = ['rule', 'outcome', 'for', 'value'] as const;
type Given = Readonly<Partial<Record<(typeof MEMBERS)[number], unknown>>>;

/** What a form asked, as it was typed. */
export interface AskedWhatIf {
  readonly assumptions: readonly Assumption[];
  readonly errors: readonly FieldError[];
  readonly typed: readonly Readonly<Record<string, string>>[];
}

/**
 * The assumptions of an address such as `?rule1=laptop&outcome1=ready&for1=site&value1=Library`; rows without a rule are
 * left out.
 * @throws InputError 400 for a name that no form of this page sends, or one that comes twice
 */
export function assumptionsIn(query: Readonly<Record<string, unknown>>): AskedWhatIf {
  const numbers = Array.from({ length: ASSUMPTIONS_AT_ONCE }, (_, index) => index + 1);
  const known = new Set(numbers.flatMap((number) => MEMBERS.map((member) => `${member}${number}`)));
  const stray = Object.entries(query).find(([name, value]) => !known.has(name) || typeof value !== 'string');
  if (stray !== undefined) {
    const message = `is not known here; known are ${[...known].join(', ')}, each once`;
    throw new InputError('Put the parameters right.', [{ field: stray[0].slice(0, 100), message }], 400);
  }
  const typed = numbers.map((number) =>
    Object.fromEntries(MEMBERS.map((member) => [member, textOf(query[`${member}${number}`])])),
  );
  const read = typed.map((given, index) =>
    given['rule'] === '' ? null : { index: index + 1, ...assumptionOf(given) },
  );
  return {
    typed,
    assumptions: read.flatMap((each) => (each?.assumption ? [each.assumption] : [])),
    errors: read.flatMap(
      (each) => each?.errors.map(({ field, message }) => ({ field: `${field}${each.index}`, message })) ?? [],
    ),
  };
}

/** The assumptions of a JSON body. @throws InputError 400 or 422 */
export function assumptionsOfBody(body: unknown): readonly Assumption[] {
  const given = typeof body === 'object' && body !== null ? body : {};
  const { assumptions, ...rest } = given as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0 || !Array.isArray(assumptions)) {
    throw new InputError('Send an object with a list called assumptions, and nothing else.', [], 400);
  }
  if (assumptions.length < 1 || assumptions.length > MOST_ASSUMPTIONS) {
    throw new InputError(`Make 1 to ${MOST_ASSUMPTIONS} assumptions.`);
  }
  const read = assumptions.map((each: unknown) => assumptionOf((each ?? {}) as Given));
  const errors = read.flatMap((each, index) =>
    each.errors.map(({ field, message }) => ({ field: `assumptions[${index}].${field}`, message })),
  );
  if (errors.length > 0) throw new InputError('Put the assumptions right.', errors);
  return read.flatMap(({ assumption }) => (assumption === null ? [] : [assumption]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function assumptionOf(given: Given): { readonly assumption: Assumption | null; readonly errors: FieldError[] } {
  const errors: FieldError[] = [];
  const rule = typeof given.rule === 'string' && isReadinessRule(given.rule) ? given.rule : null;
  const outcome = READINESS_OUTCOMES.find((each) => each === given.outcome) ?? null;
  const whom = ASSUMED_FOR.find((each) => each === (given.for ?? 'all')) ?? null;
  const value = typeof given.value === 'string' ? given.value.trim() : given.value === undefined ? '' : null;
  if (rule === null) errors.push({ field: 'rule', message: 'Choose a rule' });
  if (outcome === null) errors.push({ field: 'outcome', message: 'Choose what it would say' });
  if (whom === null) errors.push({ field: 'for', message: 'Choose for whom' });
  if (value === null || value.length > 200 || /[\p{Cc}\p{Cs}]/u.test(value)) {
    errors.push({ field: 'value', message: 'Use at most 200 characters without control characters' });
  } else if (whom !== null && whom !== 'all' && value === '') {
    errors.push({ field: 'value', message: 'Enter which' });
  } else if (whom === 'work-style' && workStyleNamed(value) === null) {
    errors.push({ field: 'value', message: `Enter one of ${Object.values(WORK_STYLE_WORDS).join(', ')}` });
  }
  if (whom === 'application' && rule !== null && rule !== 'applications') {
    errors.push({ field: 'for', message: 'One application is a matter of the rule about applications' });
  }
  if (errors.length > 0 || rule === null || outcome === null || whom === null) return { assumption: null, errors };
  return { assumption: { rule, outcome, for: whom, value: valueFor(whom, value ?? '') }, errors };
}

function valueFor(whom: AssumedFor, value: string): string {
  if (whom === 'all') return '';
  return whom === 'work-style' ? (workStyleNamed(value) ?? value) : value;
}

/** People write what the pages call it, programs what the API does. */
function workStyleNamed(text: string): WorkStyle | null {
  const named = (style: WorkStyle): boolean =>
    style === text || WORK_STYLE_WORDS[style].toLowerCase() === text.toLowerCase();
  return WORK_STYLES.find(named) ?? null;
}
