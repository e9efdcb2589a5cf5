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
import { PlacesQueries, type StockPlaceView } from '../places.queries.js';
import { PlacesService } from '../places.service.js';
import { PLACE_COLUMNS } from '../stock.columns.js';
import { PlaceBody } from './stock-bodies.js';
import { PlacesExportParameters } from './stock.parameters.js';
import { addedSchema, placeSchema } from './stock.schema.js';

/** Places where stock is kept. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class PlacesController {
  constructor(
    private readonly queries: PlacesQueries,
    private readonly places: PlacesService,
  ) {}

  @Get('places')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the places where stock is kept', schema: list(placeSchema) })
  list(): Promise<StockPlaceView[]> {
    return this.queries.all();
  }

  @Get('places.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the places where stock is kept', order: 'by name' })
  csv(
    @Query() { columns }: PlacesExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'stock-places',
      columns: columnsNamed(PLACE_COLUMNS, columns) ?? PLACE_COLUMNS,
      page: async () => ({ items: await this.queries.all(), next: null, asOf: null }),
    });
  }

  @Post('places')
  @Access('stock:write', { audit: 'stock-place.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter a place; machines that are available there become stock',
    schema: addedSchema,
    status: 201,
    refusals: [409],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() { name }: PlaceBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.places.add(name, idempotencyKey(key), access.actor);
  }

  @Get('places/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a place',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: placeSchema,
    parameter: recordId('place'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StockPlaceView> {
    const place = await this.queries.one(id);
    if (place === null) throw new NotFoundError('There is no such place.');
    void reply.header('etag', `"${place.version}"`);
    return place;
  }

  @Put('places/:id')
  @Access('stock:write', { audit: 'stock-place.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Rename a place',
    description:
      '409 for a name that is taken, and while machines stand there; 412 when it was changed since, 428 without `If-Match`.',
    schema: placeSchema,
    parameter: recordId('place'),
    refusals: [409],
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the place that was looked at.' })
  async rename(
    @Param('id', RecordIdPipe) id: number,
    @Body() { name }: PlaceBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<StockPlaceView> {
    await unlessChanged(this.places.rename(id, name, versionIn(ifMatch, 'place'), access.actor));
    return this.one(id, reply);
  }
}
