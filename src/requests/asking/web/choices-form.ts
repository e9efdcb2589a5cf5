import { InputError, type FieldError } from '../../../common/errors.js';
import { isDay } from '../../../common/instant.js';
import { visibleText } from '../../../common/visible-text.js';
import { wholeDay } from '../../../web/form-days.js';
import type { FormValues } from '../../../web/submitted-form.js';
import { MOST_OF_ONE, type PlannedThings } from '../../domain/line-plan.js';
import { neededByFault } from '../../domain/working-days.js';
import { LONGEST_REASON } from '../draft-check.js';
import type { DraftDetails } from '../draft-rows.queries.js';

/** What was chosen on the form of a new request. */
export interface Choices {
  /** Numbers of people in the directory. */
  readonly people: readonly number[];
  /** Everybody who is on the page, whoever was ticked. */
  readonly everybody: boolean;
  readonly things: PlannedThings;
  readonly details: DraftDetails;
}

const QUANTITY = /^quantity-([1-9]\d{0,8})$/;
const DAY_PARTS = ['neededBy-day', 'neededBy-month', 'neededBy-year'];
const KNOWN = new Set(['people', 'everybody', 'bundle', 'delivery', 'site', 'reason', 'costCentreCode', ...DAY_PARTS]);

/**
 * Reads the form of a new request.
 * @param today the UK's day
 * @throws InputError 422 with what is wrong beside each field, 400 for what no form of this site sends
 */
export function readChoices(values: FormValues, today: string): Choices {
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(values)) {
    const isKnown = KNOWN.has(name) || QUANTITY.test(name);
    if (!isKnown || (Array.isArray(value) && name !== 'people')) {
      throw new InputError('The form is not readable. Load the page again.', [], 400);
    }
  }
  const fault = (field: string, message: string): void => void errors.push({ field, message });
  const choices = {
    people: peopleIn(values['people'], fault),
    everybody: one(values, 'everybody') === 'yes',
    things: { bundle: bundleIn(one(values, 'bundle'), fault), items: itemsIn(values, fault) },
    details: detailsIn(values, today, fault),
  };
  if (errors.length > 0) throw new InputError('Put the request right.', errors);
  return choices;
}

type Fault = (field: string, message: string) => void;

function one(values: FormValues, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? visibleText(value) : '';
}

function peopleIn(value: FormValues[string] | undefined, fault: Fault): number[] {
  const given = value === undefined ? [] : [value].flat();
  const people = given.filter((each) => /^[1-9]\d{0,8}$/.test(each)).map(Number);
  if (people.length < given.length) fault('people', 'Choose people of the list');
  return people;
}

function bundleIn(value: string, fault: Fault): PlannedThings['bundle'] {
  if (value === '' || value === 'none') return null;
  if (value === 'by-work-style' || value === 'as-it-is') return value;
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  fault('bundle', 'Choose a bundle of the list');
  return null;
}

function itemsIn(values: FormValues, fault: Fault): PlannedThings['items'] {
  return Object.keys(values).flatMap((name) => {
    const productId = QUANTITY.exec(name)?.[1];
    const text = one(values, name);
    if (productId === undefined || text === '' || text === '0') return [];
    const quantity = /^[1-9]\d?$/.test(text) ? Number(text) : null;
    if (quantity === null || quantity > MOST_OF_ONE) {
      fault(name, `Enter a whole number from 0 to ${MOST_OF_ONE}`);
      return [];
    }
    return [{ productId: Number(productId), quantity }];
  });
}

function detailsIn(values: FormValues, today: string, fault: Fault): DraftDetails {
  const delivery = one(values, 'delivery') === 'home' ? ('home' as const) : ('site' as const);
  const site = textIn(values, 'site', 200, fault);
  if (!['home', 'site'].includes(one(values, 'delivery'))) fault('delivery', 'Choose where it is delivered');
  else if (delivery === 'site' && site === null) fault('site', 'Enter the site to which it is delivered');
  return {
    neededBy: dayIn(values, today, fault),
    delivery,
    site,
    reason: textIn(values, 'reason', LONGEST_REASON, fault),
    costCentreCode: textIn(values, 'costCentreCode', 50, fault),
  };
}

function textIn(values: FormValues, name: string, longest: number, fault: Fault): string | null {
  const text = one(values, name);
  if (text.length > longest) fault(name, `Use at most ${longest} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', ''))) fault(name, 'Use text without control characters');
  return text === '' ? null : text;
}

function dayIn(values: FormValues, today: string, fault: Fault): string | null {
  const [day, month, year] = DAY_PARTS.map((part) => one(values, part));
  const typed = [year, month, day].join('-');
  if (typed === '--') {
    fault('neededBy', 'Enter the day by which it is needed');
    return null;
  }
  const whole = wholeDay(typed);
  if (typeof whole !== 'string' || !isDay(whole)) {
    fault('neededBy', 'Enter a day that exists, such as 27 3 2027');
    return null;
  }
  const wrong = neededByFault(whole, today);
  if (wrong !== null) fault('neededBy', wrong);
  return whole;
}
