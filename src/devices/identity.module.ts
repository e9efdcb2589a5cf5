import { Module } from '@nestjs/common';
import { IdentityQueries } from './identity.queries.js';
import { IdentityService } from './identity.service.js';
import { ReviewService } from './review.service.js';

/** Which records describe which machine, and what people decide about it. */
@Module({
  providers: [IdentityService, IdentityQueries, ReviewService],
  exports: [IdentityService, IdentityQueries, ReviewService],
})
export class IdentityModule {}
