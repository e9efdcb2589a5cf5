import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags, OmitType } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { ColumnsField } from '../../web/query-fields.js';
import { DEVICE_COLUMNS } from '../devices.columns.js';
import { DevicesQueries } from '../devices.queries.js';
import { DevicesParameters } from './devices.parameters.js';

/** The filters of the list of machines, and the columns of the file. */
class DevicesExportParameters extends OmitType(DevicesParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(DEVICE_COLUMNS)
  columns?: string;
}

@ApiTags('Devices')
@Controller('api/v1')
export class DevicesExportController {
  constructor(private readonly devices: DevicesQueries) {}

  @Access('estate:export')
  @Get('devices.csv')
  @AnswersCsv({ summary: 'Export devices', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: DevicesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'devices',
      columns: columnsNamed(DEVICE_COLUMNS, columns) ?? DEVICE_COLUMNS,
      page: (request) => this.devices.list(filter, request, 'id'),
    });
  }
}
