import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { BudgetController } from './api/budget.controller.js';
import { CostCentresController } from './api/cost-centres.controller.js';
import { BudgetModule } from './budget.module.js';
import { BudgetListsController } from './web/budget-lists.controller.js';
import { CostCentrePagesController } from './web/cost-centre-pages.controller.js';

/** Cost centres and budgets, for people and programs: pages and API. */
@Module({
  imports: [BudgetModule, DirectoryModule],
  controllers: [BudgetController, CostCentresController, BudgetListsController, CostCentrePagesController],
})
export class BudgetWebModule {}
