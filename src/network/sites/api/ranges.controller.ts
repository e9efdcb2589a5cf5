import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { RANGE_COLUMNS } from '../inventory.columns.js';
import { RangesQueries, type NetworkRangeView } from '../ranges.queries.js';
import { RangesService } from '../ranges.service.js';
import { RangeBody, rangeInput } from './inventory-bodies.js';
import { RangesExportParameters, RangesParameters } from './inventory.parameters.js';
import { addedSchema, rangeSchema } from './inventory.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the range that was looked at.' };

/** Ranges of addresses that tell where somebody is. */
@ApiTags('Network')
@Controller('api/v1/network')
export class RangesController {
  constructor(
    private readonly queries: RangesQueries,
    private readonly ranges: RangesService,
  ) {}

  @Get('ranges')
  @Access('network:read')
  @Answers({ summary: 'List the ranges of addresses', schema: page(rangeSchema) })
  list(@Query() { limit, cursor, ...filter }: RangesParameters): Promise<Page<NetworkRangeView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('ranges.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the ranges of addresses', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: RangesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-ranges',
      columns: columnsNamed(RANGE_COLUMNS, columns) ?? RANGE_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('ranges')
  @Access('network:manage', { audit: 'network-range.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Enter a range of addresses', schema: addedSchema, status: 201, refusals: [409, 422] })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() body: RangeBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.ranges.add(rangeInput(body), idempotencyKey(key), access.actor);
  }

  @Get('ranges/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a range of addresses',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: rangeSchema,
    parameter: recordId('range'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NetworkRangeView> {
    const range = await this.queries.one(id);
    if (range === null) throw new NotFoundError('There is no such range.');
    void reply.header('etag', `"${range.version}"`);
    return range;
  }

  @Post('ranges/:id')
  @Access('network:manage', { audit: 'network-range.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a range is',
    description: '409 when the range is entered elsewhere, 412 when it was changed since, 428 without `If-Match`.',
    schema: rangeSchema,
    parameter: recordId('range'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: RangeBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<NetworkRangeView> {
    await unlessChanged(this.ranges.change(id, rangeInput(body), versionIn(ifMatch, 'range'), access.actor));
    return this.one(id, reply);
  }

  @Post('ranges/:id/remove')
  @Access('network:manage', { audit: 'network-range.removed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Remove a range',
    description: '412 when it was changed since, 428 without `If-Match`.',
    schema: addedSchema,
    parameter: recordId('range'),
  })
  @ApiHeader(IF_MATCH)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<{ readonly id: number }> {
    await unlessChanged(this.ranges.remove(id, reason, versionIn(ifMatch, 'range'), access.actor));
    return { id };
  }
}
