import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
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
import { ProductsQueries, type ProductView } from '../products.queries.js';
import { ProductsService } from '../products.service.js';
import { PRODUCT_COLUMNS } from '../stock.columns.js';
import { ProductBody, productInput } from './catalogue-bodies.js';
import { ProductsExportParameters, ProductsParameters } from './stock.parameters.js';
import { addedSchema, productSchema } from './stock.schema.js';

/** Products of the catalogue. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class ProductsController {
  constructor(
    private readonly queries: ProductsQueries,
    private readonly products: ProductsService,
  ) {}

  @Get('products')
  @Access('requests:read')
  @Answers({ summary: 'List the products of the catalogue', schema: page(productSchema) })
  list(@Query() { limit, cursor, ...filter }: ProductsParameters): Promise<Page<ProductView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('products.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the products of the catalogue', order: 'by name' })
  csv(
    @Query() { columns, ...filter }: ProductsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'products',
      columns: columnsNamed(PRODUCT_COLUMNS, columns) ?? PRODUCT_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Post('products')
  @Access('requests:administer', { audit: 'product.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter a product; machines of its models become stock',
    schema: addedSchema,
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() body: ProductBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.products.add(productInput(body), idempotencyKey(key), access.actor);
  }

  @Get('products/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a product',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: productSchema,
    parameter: recordId('product'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const product = await this.queries.one(id);
    if (product === null) throw new NotFoundError('There is no such product.');
    void reply.header('etag', `"${product.version}"`);
    return product;
  }

  @Put('products/:id')
  @Access('requests:administer', { audit: 'product.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a product is',
    description:
      '409 for a name or model that is taken, and for machines that are promised; 412 when it was changed since, 428 without `If-Match`.',
    schema: productSchema,
    parameter: recordId('product'),
    refusals: [409, 422],
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the product that was looked at.' })
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: ProductBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<ProductView> {
    await unlessChanged(this.products.change(id, productInput(body), versionIn(ifMatch, 'product'), access.actor));
    return this.one(id, reply);
  }
}
