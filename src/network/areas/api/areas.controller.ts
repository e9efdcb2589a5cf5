import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import type { Page } from '../../../common/paging.js';
import { Answers, choice, instant, orNull, page, record, text, whole, type Schema } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { AREA_KINDS } from '../../import/domain/import-words.js';
import { AREA_COLUMNS } from '../areas.columns.js';
import { AreasQueries, type Area } from '../areas.queries.js';
import { AreasExportParameters, AreasParameters } from './areas.parameters.js';

const percent: Schema = { type: 'number', description: 'Share of premises in percent.', nullable: true };
const areaSchema = record({
  id: whole(),
  kind: choice(AREA_KINDS),
  code: text('Code of a local authority, or a postcode district.'),
  name: orNull(text()),
  snapshot: text('The day of the figures.'),
  postcodes: orNull(whole('Postcodes that the figures are the mean of; null where they were published for the area.')),
  superfastPercent: percent,
  ultrafastPercent: percent,
  fullFibrePercent: percent,
  gigabitPercent: percent,
  belowUniversalServicePercent: percent,
  mobile4gAnyPercent: percent,
  mobile4gAllPercent: percent,
  mobile5gAnyPercent: percent,
  file: orNull(text('Name of the file that the figures came from.')),
  importedAt: orNull(instant()),
});

/** Coverage of areas, for programs. */
@ApiTags('Network')
@Controller('api/v1/network')
export class AreasController {
  constructor(private readonly areas: AreasQueries) {}

  @Get('areas')
  @Access('network:read')
  @Answers({
    summary: 'List the coverage of areas as it is published',
    description: 'Context only: no verdict on a person or a site uses it.',
    schema: page(areaSchema),
  })
  list(@Query() { limit, cursor, ...filter }: AreasParameters): Promise<Page<Area>> {
    return this.areas.list(filter, { limit, cursor });
  }

  @Get('areas.csv')
  @Access('network:read')
  @AnswersCsv({ summary: 'Export the coverage of areas', order: 'by name' })
  csv(
    @Query() { columns, ...filter }: AreasExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-areas',
      columns: columnsNamed(AREA_COLUMNS, columns) ?? AREA_COLUMNS,
      page: (request) => this.areas.list(filter, request),
    });
  }
}
