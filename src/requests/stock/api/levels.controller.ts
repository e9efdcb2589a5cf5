import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
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
import { LevelsQueries, type StockLevelView } from '../levels.queries.js';
import { LevelsService } from '../levels.service.js';
import { MovementsQueries, type StockMovementView } from '../movements.queries.js';
import { LEVEL_COLUMNS, MOVEMENT_COLUMNS } from '../stock.columns.js';
import { ThresholdBody, WatchBody } from './stock-bodies.js';
import {
  LevelsExportParameters,
  LevelsParameters,
  MovementsExportParameters,
  MovementsParameters,
} from './stock.parameters.js';
import { addedSchema, levelSchema, movementSchema } from './stock.schema.js';

/** How much there is of what, and what moved. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class LevelsController {
  constructor(
    private readonly queries: LevelsQueries,
    private readonly movements: MovementsQueries,
    private readonly levels: LevelsService,
  ) {}

  @Get('levels')
  @Access('requests:read')
  @Answers({ summary: 'List the levels of stock, low ones first', schema: page(levelSchema) })
  list(@Query() { limit, cursor, ...filter }: LevelsParameters): Promise<Page<StockLevelView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('levels.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the levels of stock', order: 'low ones first, then by product' })
  csv(
    @Query() { columns, ...filter }: LevelsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'stock',
      columns: columnsNamed(LEVEL_COLUMNS, columns) ?? LEVEL_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('levels')
  @Access('stock:write', { audit: 'stock-level.threshold-set' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Watch a product at a place, whether some are there or not yet',
    schema: addedSchema,
    status: 201,
    refusals: [409],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  watch(
    @Body() { productId, placeId, threshold }: WatchBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.levels.watch({ productId, placeId, threshold }, idempotencyKey(key), access.actor);
  }

  @Get('levels/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a level',
    description: 'The ETag begins with the version of the threshold; send it as `If-Match` with a change.',
    schema: levelSchema,
    parameter: recordId('level'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockLevelView> {
    const level = await this.queries.one(id);
    if (level === null) throw new NotFoundError('There is no such level.');
    void reply.header('etag', `"${level.version}"`);
    return level;
  }

  @Put('levels/:id')
  @Access('stock:write', { audit: 'stock-level.threshold-set' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Set the threshold of a level',
    description: '412 when it was changed since, 428 without `If-Match`.',
    schema: levelSchema,
    parameter: recordId('level'),
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the level that was looked at.' })
  async setThreshold(
    @Param('id', RecordIdPipe) id: number,
    @Body() { threshold }: ThresholdBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockLevelView> {
    await unlessChanged(this.levels.setThreshold(id, threshold ?? null, versionIn(ifMatch, 'level'), access.actor));
    return this.one(id, reply);
  }

  @Get('movements')
  @Access('requests:read')
  @Answers({ summary: 'List what moved in stock, the latest first', schema: page(movementSchema) })
  ledger(@Query() { limit, cursor, ...filter }: MovementsParameters): Promise<Page<StockMovementView>> {
    return this.movements.page(filter, { limit, cursor });
  }

  @Get('movements.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export what moved in stock', order: 'the latest first' })
  ledgerCsv(
    @Query() { columns, ...filter }: MovementsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'stock-movements',
      columns: columnsNamed(MOVEMENT_COLUMNS, columns) ?? MOVEMENT_COLUMNS,
      page: (request) => this.movements.page(filter, request),
    });
  }
}
