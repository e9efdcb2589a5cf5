import { financialYear, financialYearOf, financialYearWords } from './financial-year.js';

describe('a financial year', () => {
  it.each([
    ['2026-03-31', 2025],
    ['2026-04-01', 2026],
    ['2026-12-31', 2026],
    ['2027-01-01', 2026],
    ['2027-03-31', 2026],
    ['2024-02-29', 2023],
  ])('begins in April: %s lies in that of %i', (day, year) => {
    expect(financialYearOf(day)).toBe(year);
    const { firstDay, lastDay } = financialYear(year);
    expect(firstDay <= day && day <= lastDay).toBe(true);
  });

  it('is called by both of its years', () => {
    expect(financialYearWords(2026)).toBe('2026 to 2027');
  });
});
