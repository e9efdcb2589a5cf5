import { Module } from '@nestjs/common';
import { CustodyBulkController } from './api/custody-bulk.controller.js';
import { CustodyController } from './api/custody.controller.js';
import { EvidenceController } from './api/evidence.controller.js';
import { DeviceTitleQueries } from './device-title.queries.js';
import { LifecycleModule } from './lifecycle.module.js';
import { BulkPagesController } from './web/bulk-pages.controller.js';
import { CustodyPagesController } from './web/custody-pages.controller.js';
import { EvidencePagesController } from './web/evidence-pages.controller.js';
import { ReceivingPagesController } from './web/receiving.controller.js';

/** Custody for people and programs: pages and API. What is more specific comes first, since commands are any word. */
@Module({
  imports: [LifecycleModule],
  controllers: [
    EvidenceController,
    CustodyController,
    CustodyBulkController,
    BulkPagesController,
    EvidencePagesController,
    ReceivingPagesController,
    CustodyPagesController,
  ],
  providers: [DeviceTitleQueries],
})
export class LifecycleWebModule {}
