import type { Readable } from 'node:stream';
import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { LICENCE_COLUMNS } from '../licences.columns.js';
import { LicencesQueries } from '../licences.queries.js';

@ApiTags('Licences')
@Controller('api/v1')
export class LicencesExportController {
  constructor(private readonly licences: LicencesQueries) {}

  @Get('licences.csv')
  @UseGuards(NoParametersGuard)
  @AnswersCsv({ summary: 'Export licences', order: 'by name' })
  csv(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    return sendCsv(reply, { name: 'licences', columns: LICENCE_COLUMNS, page: () => this.licences.list() });
  }
}
