import { Module, type DynamicModule } from '@nestjs/common';
import type { DatabaseAddress } from '../database/data-source.js';
import { JOB_DATABASE, JobQueueService } from './job-queue.service.js';

/** The job queue for whoever runs or enqueues work. */
@Module({})
export class JobsModule {
  static forRoot(address: DatabaseAddress): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [{ provide: JOB_DATABASE, useValue: address }, JobQueueService],
      exports: [JobQueueService],
    };
  }
}
