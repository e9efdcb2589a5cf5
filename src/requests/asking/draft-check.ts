import { InputError, type FieldError } from '../../common/errors.js';
import { MOST_OF_ONE, type DraftLine } from '../domain/line-plan.js';
import { neededByFault } from '../domain/working-days.js';
import type { DraftDetails } from './draft-rows.queries.js';

/** Most people and lines of one request; more are asked for by another one. */
export const MOST_PEOPLE = 100;
export const MOST_LINES = 600;
/** Longest reason. */
export const LONGEST_REASON = 1_000;

/** @throws InputError for what no draft can hold */
export function checkLines(lines: readonly DraftLine[]): void {
  const people = new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId));
  if (people.size > MOST_PEOPLE) throw refused('people', `Ask for at most ${MOST_PEOPLE} people at once`);
  if (lines.length > MOST_LINES) throw refused('lines', `Ask for at most ${MOST_LINES} things at once`);
  const known = new Set<string>();
  for (const [place, { beneficiaryEntraId, productId, quantity }] of lines.entries()) {
    const key = `${productId} ${beneficiaryEntraId}`;
    if (known.has(key)) throw refused(`lines.${place}.productId`, 'Name each product once for each person');
    known.add(key);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_OF_ONE) {
      throw refused(`lines.${place}.quantity`, `Enter a whole number from 1 to ${MOST_OF_ONE}`);
    }
  }
}

/** @throws InputError for details that cannot be submitted. @param today the UK's day */
export function checkDetails(details: DraftDetails, today: string): void {
  const fields = faultsOfDetails(details, today);
  if (fields.length > 0) throw new InputError('Put the request right.', fields);
}

/** What of a draft’s details keeps it from being submitted. @param today the UK's day */
export function faultsOfDetails(details: DraftDetails, today: string): FieldError[] {
  const fields: FieldError[] = [];
  if (details.neededBy === null) fields.push({ field: 'neededBy', message: 'Enter the day by which it is needed' });
  else {
    const fault = neededByFault(details.neededBy, today);
    if (fault !== null) fields.push({ field: 'neededBy', message: fault });
  }
  if (details.delivery === 'site' && details.site === null) {
    fields.push({ field: 'site', message: 'Enter the site to which it is delivered' });
  }
  return fields;
}

function refused(field: string, message: string): InputError {
  return new InputError('Put the request right.', [{ field, message }]);
}
