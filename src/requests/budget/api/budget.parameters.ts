import { OmitType } from '@nestjs/swagger';
import { ColumnsField, FlagField, PageParameters, TextField, WholeNumberField } from '../../../web/query-fields.js';
import { FIRST_YEAR, LAST_YEAR } from '../../domain/financial-year.js';
import { BUDGET_REQUEST_COLUMNS, COST_CENTRE_COLUMNS, TEAM_COLUMNS } from '../budget.columns.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };
const YEARS = { minimum: FIRST_YEAR, maximum: LAST_YEAR };
const YEAR = 'Calendar year in which the financial year begins; the present one without it.';

/** What the list of cost centres can be asked for. */
export class CostCentresParameters extends PageParameters {
  @TextField('Beginning of the code or the name, in any case.', 'CC-10')
  search?: string;

  @WholeNumberField(YEAR, YEARS)
  year?: number;
}

export class CostCentresExportParameters extends OmitType(CostCentresParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(COST_CENTRE_COLUMNS)
  columns?: string;
}

/** The financial year of a figure. */
export class YearParameters {
  @WholeNumberField(YEAR, YEARS)
  year?: number;
}

export class TeamsExportParameters extends YearParameters {
  @ColumnsField(TEAM_COLUMNS)
  columns?: string;
}

/** What the list of the requests behind a figure can be asked for. */
export class BudgetRequestsParameters extends PageParameters {
  @WholeNumberField(YEAR, YEARS)
  year?: number;

  @WholeNumberField('Only requests that this cost centre pays, by its number.', ID)
  costCentreId?: number;

  @FlagField('Only requests that name no cost centre, or only those that name one.')
  none?: boolean;

  @TextField('Only requests for people of this department, in full.', 'Adult Social Care')
  team?: string;
}

export class BudgetRequestsExportParameters extends OmitType(BudgetRequestsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(BUDGET_REQUEST_COLUMNS)
  columns?: string;
}
