import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import type { Page } from '../../common/paging.js';
import { Answers, page, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { IdentityQueries, type DecisionView } from '../identity.queries.js';
import { ReviewService, type DecisionOutcome } from '../review.service.js';
import { DecisionsParameters } from './identity.parameters.js';
import { decisionSchema, outcomeSchema } from './identity.schema.js';
import { ReasonBody } from '../../web/reason.parameters.js';

/** What people decided about which records are one machine. */
@ApiTags('Identity')
@Controller('api/v1/decisions')
export class DecisionsController {
  constructor(
    private readonly identity: IdentityQueries,
    private readonly reviews: ReviewService,
  ) {}

  @Access('estate:read')
  @Get()
  @Answers({
    summary: 'List the merges and splits that people decided on, the latest first',
    description: '404 when `deviceId` is no device.',
    schema: page(decisionSchema),
  })
  async list(@Query() { deviceId, ...parameters }: DecisionsParameters): Promise<Page<DecisionView>> {
    const current = deviceId === undefined ? undefined : await this.identity.currentDevice(deviceId);
    return this.identity.decisions({ ...parameters, deviceId: current });
  }

  @Access('identity:decide', { audit: 'identity.decision-undone' })
  @Post(':id/undo')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take a decision back',
    description:
      'Its records return to the devices that they were on, and the review that it answered opens again. 409 when it is undone already.',
    schema: outcomeSchema,
    parameter: recordId('decision'),
  })
  undo(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: ReasonBody,
    @Current() access: CurrentAccess,
  ): Promise<DecisionOutcome> {
    return this.reviews.undo(id, access.actor, body.reason);
  }
}
