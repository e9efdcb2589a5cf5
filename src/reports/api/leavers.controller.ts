import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import type { Page } from '../../common/paging.js';
import { Answers, choice, instant, list, orNull, page, record, text, whole } from '../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { LEAVER_COLUMNS } from '../leavers.columns.js';
import { HOLDER_SOURCES, LEAVER_REASONS, LeaversQueries, type Leaver } from '../leavers.queries.js';
import { LeaversExportParameters, LeaversParameters } from './leavers.parameters.js';

const leaver = record({
  id: whole('Number of the person in Untether.'),
  entraId: text(),
  displayName: orNull(text()),
  userPrincipalName: orNull(text()),
  department: orNull(text()),
  officeLocation: orNull(text()),
  reason: choice(LEAVER_REASONS),
  since: orNull(instant('Null when it was so before the directory was first read.')),
  manager: orNull(record({ id: whole(), displayName: orNull(text()) })),
  machineCount: whole(),
  machines: list(
    record({
      id: whole(),
      name: orNull(text()),
      serialNumber: orNull(text()),
      model: orNull(text()),
      lastSeenAt: orNull(instant()),
      source: choice(HOLDER_SOURCES, 'How it is known: by custody, or as the primary user whom Intune names.'),
    }),
    'The first 20 of them by name.',
  ),
});

/** Leavers and disabled accounts that still have equipment. */
@ApiTags('People')
@Controller('api/v1')
export class LeaversController {
  constructor(private readonly leavers: LeaversQueries) {}

  @Get('leavers')
  @Access('estate:read')
  @Answers({ summary: 'List leavers and disabled accounts that still have equipment', schema: page(leaver) })
  list(@Query() { limit, cursor, sort, ...filter }: LeaversParameters): Promise<Page<Leaver>> {
    return this.leavers.list(filter, { limit, cursor }, sort);
  }

  @Get('leavers.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export leavers and disabled accounts that still have equipment', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: LeaversExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'leavers',
      columns: columnsNamed(LEAVER_COLUMNS, columns) ?? LEAVER_COLUMNS,
      page: (request) => this.leavers.list(filter, request, 'id'),
    });
  }
}
