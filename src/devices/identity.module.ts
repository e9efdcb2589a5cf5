import { Module } from '@nestjs/common';
import { IdentityService } from './identity.service.js';

/** Which records describe which machine. */
@Module({ providers: [IdentityService], exports: [IdentityService] })
export class IdentityModule {}
