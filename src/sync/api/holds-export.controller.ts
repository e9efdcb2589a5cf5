import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { NotFoundError } from '../../common/errors.js';
import { recordId } from '../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { HOLD_COLUMNS, HOLD_ITEM_COLUMNS } from '../hold.columns.js';
import { HoldsQueries } from '../holds.queries.js';
import { HoldItemsExportParameters, HoldsExportParameters } from './sync.parameters.js';

@ApiTags('Synchronisation')
@Controller('api/v1/sync')
export class HoldsExportController {
  constructor(private readonly holds: HoldsQueries) {}

  @Access('sync:read')
  @Get('holds.csv')
  @AnswersCsv({ summary: 'Export what waits for a person, or what waited', order: 'the latest first' })
  csv(
    @Query() { columns, ...filter }: HoldsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'held',
      columns: columnsNamed(HOLD_COLUMNS, columns) ?? HOLD_COLUMNS,
      page: (request) => this.holds.list(filter, request),
    });
  }

  @Access('sync:read')
  @Get('holds/:id/items.csv')
  @AnswersCsv({
    summary: 'Export the records of a hold',
    order: 'by their id in the source',
    parameter: recordId('hold'),
  })
  async items(
    @Param('id', RecordIdPipe) id: number,
    @Query() { columns, removal }: HoldItemsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    if (!(await this.holds.one(id))) throw new NotFoundError('There is no hold with this id.');
    return sendCsv(reply, {
      name: 'held-records',
      columns: columnsNamed(HOLD_ITEM_COLUMNS, columns) ?? HOLD_ITEM_COLUMNS,
      page: (request) => this.holds.items(id, removal, request),
    });
  }
}
