import { Module } from '@nestjs/common';
import { CallQualityJobs } from './call-quality/call-quality.jobs.js';
import { CallQualityService } from './call-quality/call-quality.service.js';

/** What is known of networks: sites, measurements, verdicts. For any process. */
@Module({ providers: [CallQualityService, CallQualityJobs], exports: [CallQualityService, CallQualityJobs] })
export class NetworkModule {}
