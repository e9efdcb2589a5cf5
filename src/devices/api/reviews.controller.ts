import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import type { Page } from '../../common/paging.js';
import { Answers, page, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { IdentityQueries, type ReviewView } from '../identity.queries.js';
import { ReviewService, type DecisionOutcome } from '../review.service.js';
import { ReviewsParameters, SettlementBody } from './identity.parameters.js';
import { outcomeSchema, reviewSchema } from './identity.schema.js';

/** Questions about which records are one machine, and their answers. */
@ApiTags('Identity')
@Controller('api/v1/reviews')
export class ReviewsController {
  constructor(
    private readonly identity: IdentityQueries,
    private readonly reviews: ReviewService,
  ) {}

  @Access('estate:read')
  @Get()
  @Answers({ summary: 'List the open reviews, the oldest first', schema: page(reviewSchema) })
  list(@Query() parameters: ReviewsParameters): Promise<Page<ReviewView>> {
    return this.identity.openReviews(parameters);
  }

  @Access('estate:read')
  @Get(':id')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a review with the evidence side by side',
    schema: reviewSchema,
    parameter: recordId('review'),
  })
  one(@Param('id', RecordIdPipe) id: number): Promise<ReviewView> {
    return this.identity.review(id);
  }

  @Access('identity:decide', { audit: 'review.settled' })
  @Post(':id/settlement')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Answer a review: its machines are all the same, or all different',
    description: 'Once only. 409 when the review is not open any more.',
    schema: outcomeSchema,
    parameter: recordId('review'),
  })
  settle(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: SettlementBody,
    @Current() access: CurrentAccess,
  ): Promise<DecisionOutcome> {
    return this.reviews.settle(id, body.decision, access.actor, body.reason);
  }
}
