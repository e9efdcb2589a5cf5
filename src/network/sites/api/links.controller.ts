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
import { LINK_COLUMNS } from '../inventory.columns.js';
import { LinksQueries, type NetworkLinkView } from '../links.queries.js';
import { LinksService } from '../links.service.js';
import { LinkBody, LinkEndBody, linkInput } from './inventory-bodies.js';
import { LinksExportParameters, LinksParameters } from './inventory.parameters.js';
import { addedSchema, linkSchema } from './inventory.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the link that was looked at.' };

/** Lines that connect sites. */
@ApiTags('Network')
@Controller('api/v1/network')
export class LinksController {
  constructor(
    private readonly queries: LinksQueries,
    private readonly links: LinksService,
  ) {}

  @Get('links')
  @Access('network:read')
  @Answers({ summary: 'List the links of sites', schema: page(linkSchema) })
  list(@Query() { limit, cursor, ...filter }: LinksParameters): Promise<Page<NetworkLinkView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('links.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the links of sites', order: 'by number' })
  csv(
    @Query() { columns, ...filter }: LinksExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'network-links',
      columns: columnsNamed(LINK_COLUMNS, columns) ?? LINK_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('sites/:id/links')
  @Access('network:manage', { audit: 'network-link.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter a link of a site',
    schema: addedSchema,
    status: 201,
    parameter: recordId('site'),
    refusals: [409],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Param('id', RecordIdPipe) siteId: number,
    @Body() body: LinkBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.links.add(siteId, linkInput(body), idempotencyKey(key), access.actor);
  }

  @Get('links/:id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a link',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: linkSchema,
    parameter: recordId('link'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NetworkLinkView> {
    const link = await this.queries.one(id);
    if (link === null) throw new NotFoundError('There is no such link.');
    void reply.header('etag', `"${link.version}"`);
    return link;
  }

  @Post('links/:id')
  @Access('network:manage', { audit: 'network-link.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what is known of a link',
    description:
      '409 when another link of the site has the name, 412 when it was changed since, 428 without `If-Match`.',
    schema: linkSchema,
    parameter: recordId('link'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: LinkBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<NetworkLinkView> {
    await unlessChanged(this.links.change(id, linkInput(body), versionIn(ifMatch, 'link'), access.actor));
    return this.one(id, reply);
  }

  @Post('links/:id/end')
  @Access('network:manage', { audit: 'network-link.ended' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'End a link, or say another last day of one that ends',
    description: '412 when it was changed since, 428 without `If-Match`.',
    schema: linkSchema,
    parameter: recordId('link'),
    refusals: [422],
  })
  @ApiHeader(IF_MATCH)
  async end(
    @Param('id', RecordIdPipe) id: number,
    @Body() { lastDay, reason }: LinkEndBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<NetworkLinkView> {
    await unlessChanged(this.links.end(id, { lastDay, reason }, versionIn(ifMatch, 'link'), access.actor));
    return this.one(id, reply);
  }
}
