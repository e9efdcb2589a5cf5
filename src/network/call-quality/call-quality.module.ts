import { Module } from '@nestjs/common';
import { CallQualityService } from './call-quality.service.js';

/** What calls say of networks. For any process. */
@Module({ providers: [CallQualityService], exports: [CallQualityService] })
export class CallQualityModule {}
