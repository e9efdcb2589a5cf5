import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { PICK_COLUMNS, TO_PICK_COLUMNS } from '../fulfilment.columns.js';
import { PickingQueries, type ToPick } from '../picking.queries.js';
import { PicksQueries, type PickView } from '../picks.queries.js';
import {
  PicksExportParameters,
  PicksParameters,
  ToPickExportParameters,
  ToPickParameters,
} from './fulfilment.parameters.js';
import { pickSchema, picksSchema, toPickSchema } from './fulfilment.schema.js';

/** What is to be picked, what was, and what somebody was given. */
@ApiTags('Stock')
@Controller('api/v1')
export class FulfilmentListsController {
  constructor(
    private readonly picking: PickingQueries,
    private readonly picks: PicksQueries,
  ) {}

  @Get('stock/picking')
  @Access('requests:read')
  @Answers({ summary: 'List what is reserved and to be picked, by the day it is needed', schema: page(toPickSchema) })
  toPick(@Query() { limit, cursor, ...filter }: ToPickParameters): Promise<Page<ToPick>> {
    return this.picking.page(filter, { limit, cursor });
  }

  @Get('stock/picking.csv')
  @Access('requests:read')
  @AnswersCsv({ summary: 'Export what is reserved and to be picked', order: 'by the day it is needed' })
  toPickCsv(
    @Query() { columns, ...filter }: ToPickExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'pick-list',
      columns: columnsNamed(TO_PICK_COLUMNS, columns) ?? TO_PICK_COLUMNS,
      page: (request) => this.picking.page(filter, request),
    });
  }

  @Get('stock/picks')
  @Access('requests:read')
  @Answers({ summary: 'List what was picked, the latest first', schema: page(pickSchema) })
  list(@Query() { limit, cursor, ...filter }: PicksParameters): Promise<Page<PickView>> {
    return this.picks.page(filter, { limit, cursor });
  }

  @Get('stock/picks.csv')
  @Access('requests:read')
  @AnswersCsv({ summary: 'Export what was picked', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: PicksExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'picks',
      columns: columnsNamed(PICK_COLUMNS, columns) ?? PICK_COLUMNS,
      page: (request) => this.picks.page(filter, request),
    });
  }

  @Get('stock/picks/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show something that was picked',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: pickSchema,
    parameter: recordId('pick'),
  })
  async one(@Param('id', RecordIdPipe) id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<PickView> {
    const pick = await this.picks.one(id);
    if (pick === null) throw new NotFoundError('There is nothing that was picked under this number.');
    void reply.header('etag', `"${pick.version}"`);
    return pick;
  }

  @Get('requests/to-confirm')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List what you were given, or is on its way to you, and have not confirmed',
    schema: picksSchema,
  })
  async toConfirm(@Current() { personEntraId }: CurrentAccess): Promise<PickView[]> {
    return personEntraId === null ? [] : this.picks.toConfirm(personEntraId);
  }
}
