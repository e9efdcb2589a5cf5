import { OptionalText, RequiredText, RequiredWhole } from '../../../web/form-fields.js';
import { FIRST_YEAR, LAST_YEAR } from '../../domain/financial-year.js';
import { PoundsField } from '../../pounds-field.js';
import { MOST_BUDGET_PENCE } from '../api/budget-bodies.js';

const VERSION = 'Load the page again';

/** A new cost centre. */
export class NewCostCentreForm {
  @RequiredText('Enter the code', { longest: 50 })
  code: string;

  @RequiredText('Enter the name', { longest: 200 })
  name: string;

  @OptionalText({ longest: 320 })
  budgetHolder?: string;
}

/** A cost centre that was looked at. */
export class CostCentreForm {
  @RequiredText('Enter the name', { longest: 200 })
  name: string;

  @OptionalText({ longest: 320 })
  budgetHolder?: string;

  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** The budget of a year, of a cost centre that was looked at. */
export class BudgetForm {
  @RequiredWhole('Choose the financial year', FIRST_YEAR, LAST_YEAR)
  year: number;

  @PoundsField('Enter the budget', MOST_BUDGET_PENCE)
  amount: number;

  @RequiredText(VERSION, { longest: 18 })
  version: string;
}
