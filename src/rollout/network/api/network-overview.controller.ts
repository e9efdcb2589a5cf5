import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { ProgrammeQueries } from '../../programme.queries.js';
import { EVIDENCE_COLUMNS } from '../network-evidence.columns.js';
import { NetworkEvidenceQueries } from '../network-evidence.queries.js';
import { SITE_OVERVIEW_COLUMNS } from '../network-overview.columns.js';
import { NetworkOverviewQueries, type SiteOverview } from '../network-overview.queries.js';
import { NetworkOverviewExportParameters, NetworkOverviewParameters } from './network-overview.parameters.js';
import { siteOverviewSchema } from './network-overview.schema.js';

/** What networks carry, whom they stop, and what that is known by. */
@ApiTags('Network')
@Controller('api/v1/network')
export class NetworkOverviewController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly overview: NetworkOverviewQueries,
    private readonly evidence: NetworkEvidenceQueries,
  ) {}

  @Get('overview')
  @Access('network:read')
  @Answers({
    summary: 'List sites and offices with what their networks carry, those first that stop most people',
    schema: page(siteOverviewSchema),
  })
  async list(@Query() { limit, cursor, ...filter }: NetworkOverviewParameters): Promise<Page<SiteOverview>> {
    return this.overview.page(await this.programmes.current(), filter, { limit, cursor });
  }

  @Get('overview.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export sites with what their networks carry', order: 'those first that stop most people' })
  async csv(
    @Query() { columns, ...filter }: NetworkOverviewExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'networks',
      columns: columnsNamed(SITE_OVERVIEW_COLUMNS, columns) ?? SITE_OVERVIEW_COLUMNS,
      page: (request) => this.overview.page(programme, filter, request),
    });
  }

  @Get('evidence.csv')
  @Access('estate:export')
  @UseGuards(NoParametersGuard)
  @AnswersCsv({
    summary: 'Export the evidence of every verdict: each figure with threshold, source, number and age of measurements',
    order: 'sites by name, gateways, then homes by the number of the move, whose figures are left out',
  })
  async evidenceFile(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    const programme = await this.programmes.current();
    return sendCsv(reply, {
      name: 'network-evidence',
      columns: EVIDENCE_COLUMNS,
      page: (request) => this.evidence.page(programme, request),
    });
  }
}
