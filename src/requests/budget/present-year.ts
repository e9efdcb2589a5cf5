import { londonDay } from '../../common/uk-time.js';
import { financialYearOf } from '../domain/financial-year.js';

/** The financial year of today, by the day in the UK. */
export function presentYear(): number {
  return financialYearOf(londonDay(new Date()));
}
