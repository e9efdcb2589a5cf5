import { Module } from '@nestjs/common';
import { ConnectionCheckJobs } from './connection-checks.jobs.js';
import { ConnectionChecks } from './connection-checks.service.js';

/** Results of connection checks that people keep. For any process. */
@Module({
  providers: [ConnectionChecks, ConnectionCheckJobs],
  exports: [ConnectionChecks, ConnectionCheckJobs],
})
export class ConnectionCheckModule {}
