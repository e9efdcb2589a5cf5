import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { SITE_COLUMNS } from '../inventory.columns.js';
import { SitesQueries, type NetworkSiteView } from '../sites.queries.js';
import { SitesService } from '../sites.service.js';
import { SiteBody, siteInput } from './inventory-bodies.js';
import { SitesExportParameters, SitesParameters } from './inventory.parameters.js';
import { addedSchema, siteSchema } from './inventory.schema.js';

/** Sites of which the network is known. */
@ApiTags('Network')
@Controller('api/v1/network')
export class SitesController {
  constructor(
    private readonly queries: SitesQueries,
    private readonly sites: SitesService,
  ) {}

  @Get('sites')
  @Access('network:read')
  @Answers({ summary: 'List the sites of which the network is known', schema: page(siteSchema) })
  list(@Query() { limit, cursor, sort, ...filter }: SitesParameters): Promise<Page<NetworkSiteView>> {
    return this.queries.page(filter, { limit, cursor }, sort);
  }

  @Get('sites.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the sites of which the network is known', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: SitesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-sites',
      columns: columnsNamed(SITE_COLUMNS, columns) ?? SITE_COLUMNS,
      page: (request) => this.queries.page(filter, request, 'id'),
    });
  }

  @Post('sites')
  @Access('network:manage', { audit: 'network-site.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Enter a site', schema: addedSchema, status: 201, refusals: [409] })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() body: SiteBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.sites.add(siteInput(body), idempotencyKey(key), access.actor);
  }

  @Get('sites/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show what is entered of a site',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: siteSchema,
    parameter: recordId('site'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NetworkSiteView> {
    const site = await this.queries.one(id);
    if (site === null) throw new NotFoundError('There is no such site.');
    void reply.header('etag', `"${site.version}"`);
    return site;
  }

  @Post('sites/:id')
  @Access('network:manage', { audit: 'network-site.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what is known of a site',
    description: '409 when another site has the name, 412 when the site was changed since, 428 without `If-Match`.',
    schema: siteSchema,
    parameter: recordId('site'),
    refusals: [409],
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the site that was looked at.' })
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: SiteBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<NetworkSiteView> {
    await unlessChanged(this.sites.change(id, siteInput(body), versionIn(ifMatch, 'site'), access.actor));
    return this.one(id, reply);
  }
}
