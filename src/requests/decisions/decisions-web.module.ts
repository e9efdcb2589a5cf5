import { Module } from '@nestjs/common';
import { DirectoryModule } from '../../directory/directory.module.js';
import { ApprovalsController } from './api/approvals.controller.js';
import { DelegationsController } from './api/delegations.controller.js';
import { DecisionsModule } from './decisions.module.js';
import { ApprovalPagesController } from './web/approvals.controller.js';
import { DelegationPagesController } from './web/delegation-pages.controller.js';

/** Approvals, delegations and linked accounts, for people and programs: pages and API. */
@Module({
  imports: [DecisionsModule, DirectoryModule],
  controllers: [ApprovalsController, DelegationsController, ApprovalPagesController, DelegationPagesController],
})
export class DecisionsWebModule {}
