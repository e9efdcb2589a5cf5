import { Module } from '@nestjs/common';
import { FulfilmentJobs } from './fulfilment.jobs.js';
import { HandoverService } from './handover.service.js';
import { PickSweep } from './pick-sweep.service.js';
import { PickingQueries } from './picking.queries.js';
import { PickingService } from './picking.service.js';
import { PicksQueries } from './picks.queries.js';
import { ReceiptService } from './receipt.service.js';
import { ReservationSweep } from './reservation-sweep.service.js';

const PROVIDERS = [
  FulfilmentJobs,
  HandoverService,
  PickSweep,
  PickingQueries,
  PickingService,
  PicksQueries,
  ReceiptService,
  ReservationSweep,
];

/** From a promise to a serial number in somebody's hands. For any process. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class FulfilmentModule {}
