import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { FormFactorQueries } from '../form-factor.queries.js';
import { MODEL_COLUMNS } from '../models.columns.js';
import { ModelsExportParameters } from './form-factor.parameters.js';

/** More models than an estate has: the file is one look at it, as the number of machines orders them. */
const ALL_MODELS = 20_000;

@ApiTags('Models')
@Controller('api/v1')
export class ModelsExportController {
  constructor(private readonly models: FormFactorQueries) {}

  @Get('models.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export models', order: 'those with the most machines first' })
  csv(
    @Query() { columns, ...filter }: ModelsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'models',
      columns: columnsNamed(MODEL_COLUMNS, columns) ?? MODEL_COLUMNS,
      page: ({ cursor }) => this.models.models(filter, { cursor, limit: ALL_MODELS }),
    });
  }
}
