import { RequiredText, RequiredWhole } from '../../../web/form-fields.js';
import { FIRST_YEAR, LAST_YEAR } from '../../domain/financial-year.js';
import { PoundsField } from '../../pounds-field.js';
import { MOST_BUDGET_PENCE } from '../api/budget-bodies.js';

/** The budget of a team. */
export class NewTeamBudgetForm {
  @RequiredText('Choose the team', { longest: 200 })
  team: string;

  @RequiredWhole('Choose the financial year', FIRST_YEAR, LAST_YEAR)
  year: number;

  @PoundsField('Enter the budget', MOST_BUDGET_PENCE)
  amount: number;
}

/** The amount of a team's budget that was looked at. */
export class TeamBudgetForm {
  @PoundsField('Enter the budget', MOST_BUDGET_PENCE)
  amount: number;

  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}

/** A team's budget that was looked at. */
export class TeamBudgetVersionForm {
  @RequiredText('Load the page again', { longest: 18 })
  version: string;
}
