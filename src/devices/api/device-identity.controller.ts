import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { Answers, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { IdentityQueries, type AliasView, type RecordView, type ReviewView } from '../identity.queries.js';
import { ReviewService, type DecisionOutcome } from '../review.service.js';
import { MergeBody, SplitBody } from './identity.parameters.js';
import { deviceIdentitySchema, outcomeSchema } from './identity.schema.js';

/** Why a device is the machine that it is. */
interface DeviceIdentity {
  readonly deviceId: number;
  readonly records: readonly RecordView[];
  readonly aliases: readonly AliasView[];
  readonly reviews: readonly ReviewView[];
}

/** Which records a device consists of, and what people decide about that. */
@ApiTags('Identity')
@Controller('api/v1/devices')
@UseGuards(NoParametersGuard)
export class DeviceIdentityController {
  constructor(
    private readonly identity: IdentityQueries,
    private readonly reviews: ReviewService,
  ) {}

  @Access('estate:read')
  @Get(':id/identity')
  @Answers({
    summary: 'Show the records of a device, the hostnames it had and the open questions about it',
    schema: deviceIdentitySchema,
    parameter: recordId('device'),
  })
  async one(@Param('id', RecordIdPipe) id: number): Promise<DeviceIdentity> {
    await this.identity.checkCurrent(id);
    const [records, aliases, reviews] = await Promise.all([
      this.identity.recordsOfDevice(id),
      this.identity.aliasesOfDevice(id),
      this.identity.reviewsOfDevice(id),
    ]);
    return { deviceId: id, records, aliases, reviews };
  }

  @Access('identity:decide', { audit: 'identity.merged' })
  @Post('merges')
  @HttpCode(200)
  @Answers({
    summary: 'Say that devices are one machine',
    description:
      'It keeps the lowest of their ids. 404 when one of them does not exist, 409 when one was merged already.',
    schema: outcomeSchema,
  })
  merge(@Body() body: MergeBody, @Current() access: CurrentAccess): Promise<DecisionOutcome> {
    return this.reviews.merge(body.deviceIds, access.actor, body.reason);
  }

  @Access('identity:decide', { audit: 'identity.split' })
  @Post(':id/splits')
  @HttpCode(200)
  @Answers({
    summary: 'Say that records of a device are another machine than its other records',
    description: '409 when the device was merged into another or a record is not on it any more.',
    schema: outcomeSchema,
    parameter: recordId('device'),
  })
  split(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: SplitBody,
    @Current() access: CurrentAccess,
  ): Promise<DecisionOutcome> {
    return this.reviews.split(id, body.recordIds, access.actor, body.reason);
  }
}
