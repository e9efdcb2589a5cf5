import { Module } from '@nestjs/common';
import { BulkQueries } from './bulk.queries.js';
import { BulkService } from './bulk.service.js';
import { ContradictionService } from './contradiction.service.js';
import { CustodyQueries } from './custody.queries.js';
import { CustodyService } from './custody.service.js';
import { EvidenceQueries } from './evidence.queries.js';
import { EvidenceService } from './evidence.service.js';
import { ReceivingService } from './receiving.service.js';

/** Who has which machine: the commands of custody, single and bulk, and what there is to read of it. */
@Module({
  providers: [
    CustodyService,
    ReceivingService,
    BulkService,
    ContradictionService,
    EvidenceService,
    CustodyQueries,
    BulkQueries,
    EvidenceQueries,
  ],
  exports: [
    CustodyService,
    ReceivingService,
    BulkService,
    ContradictionService,
    EvidenceService,
    CustodyQueries,
    BulkQueries,
    EvidenceQueries,
  ],
})
export class LifecycleModule {}
