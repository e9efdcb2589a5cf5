/** Amounts of a budget, or of part of one, in pence. */
export interface Amounts {
  /** Handed over, and not brought back. */
  readonly spent: number;
  /** Approved and not handed over, at the prices that were approved. */
  readonly committed: number;
  /** Of what is committed, what waits for stock. */
  readonly backOrdered: number;
  /** Asked for and not decided yet. */
  readonly waiting: number;
}

/** What a budget comes to. */
export interface BudgetFigures extends Amounts {
  /** Null when none is set. */
  readonly amount: number | null;
  /** What is spent when everything that is approved and that waits for a decision comes. */
  readonly forecast: number;
  /** Of the amount, neither spent nor committed; below zero when more is. Null without an amount. */
  readonly left: number | null;
}

/** How a budget stands: `none` without an amount. */
export const BUDGET_STANDINGS = ['none', 'within', 'forecast-over', 'over'] as const;
export type BudgetStanding = (typeof BUDGET_STANDINGS)[number];

export const BUDGET_STANDING_WORDS: Readonly<Record<BudgetStanding, string>> = {
  none: 'No budget set',
  within: 'Within budget',
  'forecast-over': 'Would go over if all is approved',
  over: 'Over budget',
};

/** What follows from the amounts. @param amount of the budget; null when none is set */
export function budgetFigures(amount: number | null, amounts: Amounts): BudgetFigures {
  const { spent, committed, backOrdered, waiting } = amounts;
  return {
    amount,
    spent,
    committed,
    backOrdered,
    waiting,
    forecast: spent + committed + waiting,
    left: amount === null ? null : amount - spent - committed,
  };
}

/** How a budget stands. What is handed over and what is approved together may not exceed it. */
export function budgetStanding({ left, waiting }: Pick<BudgetFigures, 'left' | 'waiting'>): BudgetStanding {
  if (left === null) return 'none';
  if (left < 0) return 'over';
  return left < waiting ? 'forecast-over' : 'within';
}
