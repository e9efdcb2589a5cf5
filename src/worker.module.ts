import { Module, type DynamicModule } from '@nestjs/common';
import { AttestationModule } from './attestation/attestation.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.types.js';
import { graphSettings } from './config/demonstration.js';
import { JOB_LIMITS, type DatabaseAddress } from './database/data-source.js';
import { DatabaseModule } from './database/database.module.js';
import { NamingConventionModule } from './devices/form-factor.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { CallQualityJobs } from './network/call-quality/call-quality.jobs.js';
import { NetworkModule } from './network/network.module.js';
import { RequestsModule } from './requests/requests.module.js';
import { RolloutMessagesModule } from './rollout/messages/messages.module.js';
import { RolloutModule } from './rollout/rollout.module.js';
import { CallRecordsJobs } from './sync/call-records/call-records.jobs.js';
import { SyncJobs } from './sync/sync.jobs.js';
import { SyncModule } from './sync/sync.module.js';

/** The modules of a process that does work rather than answering requests: the worker, and commands that synchronise. */
@Module({})
export class WorkerModule {
  static forRoot(config: Config, address: DatabaseAddress): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        DatabaseModule.forRoot(address, JOB_LIMITS),
        NamingConventionModule.forRoot(config.namingConvention),
        JobsModule.forRoot(address),
        AttestationModule,
        NetworkModule,
        RolloutModule,
        RolloutMessagesModule,
        RequestsModule,
        SyncModule.forRoot(() => graphSettings(config)),
      ],
      providers: [SyncJobs, CallRecordsJobs, CallQualityJobs],
    };
  }
}
