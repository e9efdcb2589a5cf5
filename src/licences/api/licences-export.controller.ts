import type { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { columnsNamed } from '../../common/csv-columns.js';
import { NotFoundError } from '../../common/errors.js';
import { PeopleQueries } from '../../directory/people.queries.js';
import { AnswersCsv, sendCsv } from '../../web/csv-export.js';
import { GuidPipe } from '../../web/path-ids.pipe.js';
import { HOLDER_COLUMNS, LICENCE_COLUMNS } from '../licences.columns.js';
import { LicencesQueries } from '../licences.queries.js';
import { HoldersExportParameters, LicencesExportParameters } from './licences.parameters.js';

@ApiTags('Licences')
@Controller('api/v1')
export class LicencesExportController {
  constructor(
    private readonly licences: LicencesQueries,
    private readonly people: PeopleQueries,
  ) {}

  @Access('estate:export')
  @Get('licences.csv')
  @AnswersCsv({ summary: 'Export licences', order: 'by name' })
  csv(
    @Query() { columns, ...filter }: LicencesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'licences',
      columns: columnsNamed(LICENCE_COLUMNS, columns) ?? LICENCE_COLUMNS,
      page: () => this.licences.list(filter),
    });
  }

  @Access('estate:export')
  @Get('licences/:skuId/holders.csv')
  @AnswersCsv({
    summary: 'Export the people who have a licence',
    order: 'by number',
    parameter: { name: 'skuId', schema: { type: 'string', format: 'uuid' }, description: 'Id of the product.' },
  })
  async holders(
    @Param('skuId', GuidPipe) skuId: string,
    @Query() { columns, ...filter }: HoldersExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    if (!(await this.licences.exists(skuId))) {
      throw new NotFoundError('There is no product with this id. List the products with GET /api/v1/licences.');
    }
    return sendCsv(reply, {
      name: 'licence-holders',
      columns: columnsNamed(HOLDER_COLUMNS, columns) ?? HOLDER_COLUMNS,
      page: (request) => this.people.licenceHolders(skuId, request, 'id', filter),
    });
  }
}
