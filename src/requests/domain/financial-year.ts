/** The first and the last day of a financial year. */
export interface FinancialYear {
  /** In which it begins. */
  readonly year: number;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Financial years that budgets can be for. */
export const FIRST_YEAR = 2000;
export const LAST_YEAR = 2100;

/**
 * The financial year in which a day lies, named by the calendar year in which it begins. That of local authorities is from
 * 1 April to 31 March (Local Government Finance Act 1992, section 116).
 * @param day such as `2026-11-23`
 */
export function financialYearOf(day: string): number {
  const year = Number(day.slice(0, 4));
  return day.slice(5) < '04-01' ? year - 1 : year;
}

/** The days of a financial year. @param year in which it begins */
export function financialYear(year: number): FinancialYear {
  return { year, firstDay: `${year}-04-01`, lastDay: `${year + 1}-03-31` };
}

/** A financial year as people say it, such as `2026 to 2027`. */
export function financialYearWords(year: number): string {
  return `${year} to ${year + 1}`;
}
