import { Line, OptionalLine, Whole } from '../../../web/body-fields.js';
import { FIRST_YEAR, LAST_YEAR } from '../../domain/financial-year.js';

/** Largest budget: a billion pounds, in pence. */
export const MOST_BUDGET_PENCE = 100_000_000_000;

/** What is said of a cost centre. */
export class CostCentreBody {
  @Line('What it is called.', 200)
  name: string;

  @OptionalLine('User principal name or object id of who decides about its money.', 320)
  budgetHolder?: string | null;
}

/** A cost centre with its code. */
export class NewCostCentreBody extends CostCentreBody {
  @Line('As the directory spells it; it stays what it is.', 50)
  code: string;
}

/** The budget of a financial year. */
export class BudgetBody {
  @Whole('Calendar year in which the financial year begins.', { minimum: FIRST_YEAR, maximum: LAST_YEAR })
  year: number;

  @Whole('In pence.', { minimum: 0, maximum: MOST_BUDGET_PENCE })
  amountPence: number;
}

/** What a team may ask for. */
export class TeamAmountBody {
  @Whole('In pence.', { minimum: 0, maximum: MOST_BUDGET_PENCE })
  amountPence: number;
}

/** The budget of a team in a financial year. */
export class TeamBudgetBody extends BudgetBody {
  @Line('Department of the directory, in full.', 200)
  team: string;
}
