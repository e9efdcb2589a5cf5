import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { DECISION_COLUMNS, REVIEW_COLUMNS } from '../identity.columns.js';
import { IdentityQueries } from '../identity.queries.js';
import { DecisionsExportParameters, ReviewsExportParameters } from './identity.parameters.js';

@ApiTags('Identity')
@Controller('api/v1')
export class IdentityExportController {
  constructor(private readonly identity: IdentityQueries) {}

  @Get('reviews.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export open reviews', order: 'the oldest first' })
  reviews(
    @Query() { columns, ...filter }: ReviewsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'reviews',
      columns: columnsNamed(REVIEW_COLUMNS, columns) ?? REVIEW_COLUMNS,
      page: (request) => this.identity.openReviews({ ...filter, ...request }),
    });
  }

  @Get('decisions.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the merges and splits that people decided on', order: 'the latest first' })
  async decisions(
    @Query() { columns, deviceId, ...filter }: DecisionsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const current = deviceId === undefined ? undefined : await this.identity.currentDevice(deviceId);
    return sendCsv(reply, {
      name: 'decisions',
      columns: columnsNamed(DECISION_COLUMNS, columns) ?? DECISION_COLUMNS,
      page: (request) => this.identity.decisions({ ...filter, deviceId: current, ...request }),
    });
  }
}
