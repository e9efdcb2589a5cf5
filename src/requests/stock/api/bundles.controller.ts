import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers, list, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { BundlesQueries, type BundleView } from '../bundles.queries.js';
import { BundlesService } from '../bundles.service.js';
import { BUNDLE_COLUMNS } from '../stock.columns.js';
import { BundleBody, bundleInput } from './catalogue-bodies.js';
import { BundlesExportParameters } from './stock.parameters.js';
import { addedSchema, bundleSchema } from './stock.schema.js';

/** Bundles of the catalogue. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class BundlesController {
  constructor(
    private readonly queries: BundlesQueries,
    private readonly bundles: BundlesService,
  ) {}

  @Get('bundles')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the bundles of the catalogue', schema: list(bundleSchema) })
  list(): Promise<BundleView[]> {
    return this.queries.all();
  }

  @Get('bundles.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the bundles of the catalogue', order: 'those that are offered first' })
  csv(
    @Query() { columns }: BundlesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'bundles',
      columns: columnsNamed(BUNDLE_COLUMNS, columns) ?? BUNDLE_COLUMNS,
      page: async () => ({ items: await this.queries.all(), next: null, asOf: null }),
    });
  }

  @Post('bundles')
  @Access('requests:administer', { audit: 'bundle.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Enter a bundle', schema: addedSchema, status: 201, refusals: [409] })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() body: BundleBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.bundles.add(bundleInput(body), idempotencyKey(key), access.actor);
  }

  @Get('bundles/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a bundle',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: bundleSchema,
    parameter: recordId('bundle'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BundleView> {
    const bundle = await this.queries.one(id);
    if (bundle === null) throw new NotFoundError('There is no such bundle.');
    void reply.header('etag', `"${bundle.version}"`);
    return bundle;
  }

  @Put('bundles/:id')
  @Access('requests:administer', { audit: 'bundle.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a bundle is',
    description: '409 for a name that is taken or wrong lines; 412 when it was changed since, 428 without `If-Match`.',
    schema: bundleSchema,
    parameter: recordId('bundle'),
    refusals: [409],
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the bundle that was looked at.' })
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: BundleBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<BundleView> {
    await unlessChanged(this.bundles.change(id, bundleInput(body), versionIn(ifMatch, 'bundle'), access.actor));
    return this.one(id, reply);
  }
}
