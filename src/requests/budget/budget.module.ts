import { Module } from '@nestjs/common';
import { BudgetQueries } from './budget.queries.js';
import { CostCentresQueries } from './cost-centres.queries.js';
import { CostCentresService } from './cost-centres.service.js';

/** Who pays for what is asked for, and how their budgets stand. For any process. */
@Module({
  providers: [BudgetQueries, CostCentresQueries, CostCentresService],
  exports: [BudgetQueries, CostCentresQueries, CostCentresService],
})
export class BudgetModule {}
