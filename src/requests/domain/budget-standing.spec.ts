import { budgetFigures, budgetStanding } from './budget-standing.js';

const amounts = { spent: 30_000, committed: 50_000, backOrdered: 20_000, waiting: 20_000 };

describe('the standing of a budget', () => {
  it('counts what waits for stock once, as part of what is committed', () => {
    expect(budgetFigures(100_000, amounts)).toMatchObject({ forecast: 100_000, left: 20_000 });
  });

  it.each([
    [null, 'none'],
    [100_000, 'within'],
    [99_999, 'forecast-over'],
    [80_000, 'forecast-over'],
    [79_999, 'over'],
    [0, 'over'],
  ] as const)('with %s pence is %s', (amount, standing) => {
    expect(budgetStanding(budgetFigures(amount, amounts))).toBe(standing);
  });

  it('is within a budget of nothing while nothing is asked for', () => {
    expect(budgetStanding(budgetFigures(0, { spent: 0, committed: 0, backOrdered: 0, waiting: 0 }))).toBe('within');
  });
});
