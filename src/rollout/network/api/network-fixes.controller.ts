import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { NETWORK_FIX_COLUMNS } from '../network-fixes.columns.js';
import { NetworkFixesQueries, NO_FIXES, type NetworkFix } from '../network-fixes.queries.js';
import { NetworkFixesExportParameters, NetworkFixesParameters } from './network-fixes.parameters.js';
import { networkFixSchema } from './network-fixes.schema.js';

/** What to put right in networks, and whom it lets move. */
@ApiTags('Network')
@Controller('api/v1/network')
export class NetworkFixesController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly fixes: NetworkFixesQueries,
  ) {}

  @Get('fixes')
  @Access('network:read')
  @Answers({
    summary: 'List what to put right in networks, what unlocks most people first',
    description: 'List the people of one with GET /api/v1/moves and its `blockedCause…` parameters.',
    schema: page(networkFixSchema),
  })
  async list(@Query() { limit, cursor, ...filter }: NetworkFixesParameters): Promise<Page<NetworkFix>> {
    const programme = await this.programmes.current();
    return programme === null ? NO_FIXES : this.fixes.page(programme, filter, { limit, cursor });
  }

  @Get('fixes.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export what to put right in networks', order: 'what unlocks most people first' })
  async csv(
    @Query() { columns, ...filter }: NetworkFixesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'network-fixes',
      columns: columnsNamed(NETWORK_FIX_COLUMNS, columns) ?? NETWORK_FIX_COLUMNS,
      page: (request) => (programme === null ? Promise.resolve(NO_FIXES) : this.fixes.page(programme, filter, request)),
    });
  }
}
