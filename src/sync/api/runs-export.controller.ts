import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { RUN_COLUMNS } from '../run.columns.js';
import { SyncQueries } from '../sync.queries.js';
import { RunsExportParameters } from './sync.parameters.js';

@ApiTags('Synchronisation')
@Controller('api/v1/sync')
export class RunsExportController {
  constructor(private readonly sync: SyncQueries) {}

  @Access('sync:read')
  @Get('runs.csv')
  @AnswersCsv({ summary: 'Export runs', order: 'newest first' })
  csv(
    @Query() { columns, ...filter }: RunsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'sync-runs',
      columns: columnsNamed(RUN_COLUMNS, columns) ?? RUN_COLUMNS,
      page: (request) => this.sync.runs(filter, request),
    });
  }
}
