import { Module } from '@nestjs/common';
import { BudgetQueries } from './budget.queries.js';
import { CostCentresQueries } from './cost-centres.queries.js';
import { CostCentresService } from './cost-centres.service.js';
import { TeamBudgetsQueries } from './team-budgets.queries.js';
import { TeamBudgetsService } from './team-budgets.service.js';

const PROVIDERS = [BudgetQueries, CostCentresQueries, CostCentresService, TeamBudgetsQueries, TeamBudgetsService];

/** Who pays for what is asked for, and how their budgets stand. For any process. */
@Module({
  providers: PROVIDERS,
  exports: PROVIDERS,
})
export class BudgetModule {}
