import { Module } from '@nestjs/common';
import { AttestationJobs } from './attestation.jobs.js';
import { AttestationService } from './attestation.service.js';

/** The audit trail's proof to the outside, in the process that does work. */
@Module({ providers: [AttestationService, AttestationJobs], exports: [AttestationJobs] })
export class AttestationModule {}
