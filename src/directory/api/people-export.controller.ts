import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags, OmitType } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { ColumnsField } from '../../web/query-fields.js';
import { PEOPLE_COLUMNS } from '../people.columns.js';
import { PeopleQueries } from '../people.queries.js';
import { PeopleParameters } from './people.parameters.js';

/** The filters of the list of people, and the columns of the file. */
class PeopleExportParameters extends OmitType(PeopleParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(PEOPLE_COLUMNS)
  columns?: string;
}

@ApiTags('People')
@Controller('api/v1')
export class PeopleExportController {
  constructor(private readonly people: PeopleQueries) {}

  @Access('estate:export')
  @Get('people.csv')
  @AnswersCsv({ summary: 'Export people', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: PeopleExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'people',
      columns: columnsNamed(PEOPLE_COLUMNS, columns) ?? PEOPLE_COLUMNS,
      page: (request) => this.people.list(filter, request, 'id'),
    });
  }
}
