import { Module } from '@nestjs/common';
import { ProgrammeQueries } from '../../rollout/programme.queries.js';
import { BeneficiariesQueries } from './beneficiaries.queries.js';
import { CatalogueQueries } from './catalogue.queries.js';
import { DraftPlanningQueries } from './draft-planning.queries.js';
import { DraftsQueries } from './drafts.queries.js';
import { RequestAccessQueries } from './request-access.queries.js';
import { RequestEndingsService } from './request-endings.service.js';
import { RequestsQueries } from './requests.queries.js';
import { RequestsService } from './requests.service.js';
import { WholeRequestQueries } from './whole-request.queries.js';

const OPEN = [
  BeneficiariesQueries,
  CatalogueQueries,
  DraftPlanningQueries,
  DraftsQueries,
  RequestAccessQueries,
  RequestEndingsService,
  RequestsQueries,
  RequestsService,
  WholeRequestQueries,
];

/** Asking for equipment: drafts, submission, changes, and who sees what. For any process. */
@Module({ providers: [...OPEN, ProgrammeQueries], exports: OPEN })
export class AskingModule {}
