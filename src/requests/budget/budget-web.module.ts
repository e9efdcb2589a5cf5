import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { BudgetController } from './api/budget.controller.js';
import { CostCentresController } from './api/cost-centres.controller.js';
import { TeamBudgetsController } from './api/team-budgets.controller.js';
import { BudgetModule } from './budget.module.js';
import { BudgetListsController } from './web/budget-lists.controller.js';
import { CostCentrePagesController } from './web/cost-centre-pages.controller.js';
import { TeamBudgetPagesController } from './web/team-budget-pages.controller.js';

/** Cost centres and budgets, for people and programs: pages and API. */
@Module({
  imports: [BudgetModule, DirectoryModule],
  controllers: [
    BudgetController,
    CostCentresController,
    TeamBudgetsController,
    BudgetListsController,
    CostCentrePagesController,
    TeamBudgetPagesController,
  ],
})
export class BudgetWebModule {}
