import { Module } from '@nestjs/common';
import { AskingModule } from '../asking/asking.module.js';
import { ApprovalDetailsQueries } from './approval-details.queries.js';
import { ApprovalsQueries } from './approvals.queries.js';
import { ApprovalSweep } from './approval-sweep.service.js';
import { DecisionsJobs } from './decisions.jobs.js';
import { DecisionsService } from './decisions.service.js';
import { DelegationsQueries } from './delegations.queries.js';
import { DelegationsService } from './delegations.service.js';
import { LinkedAccountsQueries } from './linked-accounts.queries.js';
import { LinkedAccountsService } from './linked-accounts.service.js';

const OPEN = [
  ApprovalDetailsQueries,
  ApprovalsQueries,
  ApprovalSweep,
  DecisionsJobs,
  DecisionsService,
  DelegationsQueries,
  DelegationsService,
  LinkedAccountsQueries,
  LinkedAccountsService,
];

/** Who decides about requests, decisions, and who stands in for whom. For any process. */
@Module({ imports: [AskingModule], providers: OPEN, exports: OPEN })
export class DecisionsModule {}
