import { Module } from '@nestjs/common';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { NetworkModule } from '../network.module.js';
import { ConnectionChecksController } from './api/connection-checks.controller.js';
import { CHECK_LIMITS, checkLimits, type CheckLimits } from './check-limits.js';
import { CheckPlaces } from './check-places.js';
import { CheckTransfers } from './check-transfers.js';
import { ConnectionChecksQueries } from './connection-checks.queries.js';
import { CheckTransfersController } from './web/check-transfers.controller.js';
import { MyConnectionController } from './web/my-connection.controller.js';

/** The connection check: its page, what its script talks to, and the API of one’s own results. */
@Module({
  imports: [NetworkModule],
  controllers: [MyConnectionController, CheckTransfersController, ConnectionChecksController],
  providers: [
    ConnectionChecksQueries,
    {
      provide: CHECK_LIMITS,
      inject: [CONFIG],
      useFactory: ({ connectionChecks }: Config): CheckLimits => checkLimits(connectionChecks),
    },
    { provide: CheckPlaces, inject: [CHECK_LIMITS], useFactory: (limits: CheckLimits) => new CheckPlaces(limits) },
    {
      provide: CheckTransfers,
      inject: [CHECK_LIMITS],
      useFactory: (limits: CheckLimits) => new CheckTransfers(limits),
    },
  ],
})
export class ConnectionCheckWebModule {}
