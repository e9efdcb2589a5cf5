import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, list, page, record, recordId, text, whole } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import {
  CountsQueries,
  type CountedMachines,
  type StockCountLineView,
  type StockCountView,
} from '../counts.queries.js';
import { CountsService, type ScanOutcome } from '../counts.service.js';
import { COUNT_COLUMNS } from '../stock.columns.js';
import { CountBody, FiguresBody, SerialsBody } from './stock-bodies.js';
import { CountsExportParameters, CountsParameters } from './stock.parameters.js';
import { addedSchema, countContentSchema, countSchema } from './stock.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the count that was looked at.' };

/** Counts of what is really there. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class CountsController {
  constructor(
    private readonly queries: CountsQueries,
    private readonly counts: CountsService,
  ) {}

  @Get('counts')
  @Access('requests:read')
  @Answers({ summary: 'List counts, the latest first', schema: page(countSchema) })
  list(@Query() { limit, cursor, ...filter }: CountsParameters): Promise<Page<StockCountView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('counts.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export counts', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: CountsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'stock-counts',
      columns: columnsNamed(COUNT_COLUMNS, columns) ?? COUNT_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('counts')
  @Access('stock:write', { audit: 'stock-count.opened' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Open a count of a place',
    description: '409 while it is being counted already.',
    schema: addedSchema,
    status: 201,
    refusals: [404, 409],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  open(
    @Body() { placeId }: CountBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.counts.open(placeId, idempotencyKey(key), access.actor);
  }

  @Get('counts/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a count',
    description: 'The ETag begins with the version; send it as `If-Match` with figures and to close it.',
    schema: countSchema,
    parameter: recordId('count'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockCountView> {
    const count = await this.#count(id);
    void reply.header('etag', `"${count.version}"`);
    return count;
  }

  @Get('counts/:id/content')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show what was counted: accessories by product, machines that are missed or unexpected',
    schema: countContentSchema,
    parameter: recordId('count'),
  })
  async content(
    @Param('id', RecordIdPipe) id: number,
  ): Promise<{ readonly lines: StockCountLineView[]; readonly machines: CountedMachines }> {
    await this.#count(id);
    const [lines, machines] = await Promise.all([this.queries.lines(id), this.queries.machines(id)]);
    return { lines, machines };
  }

  @Post('counts/:id/figures')
  @Access('stock:write', { audit: 'stock-count.entered' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter how many accessories were counted',
    description: '409 when it is closed; 412 when somebody else entered figures since, 428 without `If-Match`.',
    schema: countSchema,
    parameter: recordId('count'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async enter(
    @Param('id', RecordIdPipe) id: number,
    @Body() { lines }: FiguresBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockCountView> {
    const figures = lines.map(({ productId, counted, reason }) => ({
      productId,
      counted: counted ?? null,
      reason: reason ?? null,
    }));
    await unlessChanged(this.counts.enter(id, figures, versionIn(ifMatch, 'count'), access.actor));
    return this.one(id, reply);
  }

  @Post('counts/:id/serials')
  @Access('stock:write', { audit: 'stock-count.scanned' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Add serial numbers that were scanned; one that was scanned before is no matter',
    description: '409 when it is closed.',
    schema: record({ added: whole(), unreadable: list(text(), 'What is no serial number.') }),
    parameter: recordId('count'),
    refusals: [409, 422],
  })
  scan(
    @Param('id', RecordIdPipe) id: number,
    @Body() { serials }: SerialsBody,
    @Current() access: CurrentAccess,
  ): Promise<ScanOutcome> {
    return this.counts.scan(id, serials, access.actor);
  }

  @Post('counts/:id/reconcile')
  @Access('stock:write', { audit: 'stock-count.reconciled' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Close a count: what was counted of accessories is on hand from now on',
    description:
      'Where fewer were found than are promised, the latest promises wait again. 409 when it is closed; 422 for a difference without a reason; 412 when it was changed since, 428 without `If-Match`.',
    schema: record({ corrected: whole('Products that were corrected.') }),
    parameter: recordId('count'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  reconcile(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<{ readonly corrected: number }> {
    return unlessChanged(this.counts.reconcile(id, versionIn(ifMatch, 'count'), access.actor));
  }

  @Post('counts/:id/abandon')
  @Access('stock:write', { audit: 'stock-count.abandoned' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Close a count without correcting anything',
    description: '409 when it is closed; 412 when it was changed since, 428 without `If-Match`.',
    schema: countSchema,
    parameter: recordId('count'),
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async abandon(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockCountView> {
    await unlessChanged(this.counts.abandon(id, versionIn(ifMatch, 'count'), access.actor));
    return this.one(id, reply);
  }

  async #count(id: number): Promise<StockCountView> {
    const count = await this.queries.one(id);
    if (count === null) throw new NotFoundError('There is no such count.');
    return count;
  }
}
