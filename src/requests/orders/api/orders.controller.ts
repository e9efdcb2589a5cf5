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
import { ReasonBody } from '../../../web/reason.parameters.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import type { ExpectedStock } from '../expected-stock.queries.js';
import { ORDER_COLUMNS } from '../orders.columns.js';
import { OrdersQueries, type PurchaseOrderView, type WholeOrder } from '../orders.queries.js';
import { OrdersService } from '../orders.service.js';
import { NewOrderBody, OrderBody, orderDetails, orderLine, OrderLineBody } from './order-bodies.js';
import { OrdersExportParameters, OrdersParameters } from './orders.parameters.js';
import { addedSchema, expectedSchema, orderSchema, wholeOrderSchema } from './orders.schema.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the order that was looked at.' };

/** Orders at suppliers. */
@ApiTags('Stock')
@Controller('api/v1/stock')
export class OrdersController {
  constructor(
    private readonly queries: OrdersQueries,
    private readonly orders: OrdersService,
  ) {}

  @Get('orders')
  @Access('requests:read')
  @Answers({ summary: 'List orders at suppliers, newest first', schema: page(orderSchema) })
  list(@Query() { limit, cursor, ...filter }: OrdersParameters): Promise<Page<PurchaseOrderView>> {
    return this.queries.page(filter, { limit, cursor });
  }

  @Get('orders.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export orders at suppliers', order: 'newest first' })
  csv(
    @Query() { columns, ...filter }: OrdersExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'purchase-orders',
      columns: columnsNamed(ORDER_COLUMNS, columns) ?? ORDER_COLUMNS,
      page: (request) => this.queries.page(filter, request),
    });
  }

  @Get('expected')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show what is ordered and has not come, the earliest first', schema: expectedSchema })
  async expected(): Promise<{ readonly items: readonly ExpectedStock[] }> {
    return { items: await this.queries.expected() };
  }

  @Post('orders')
  @Access('stock:write', { audit: 'purchase-order.entered' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter an order',
    description: '409 when there is an order of this number.',
    schema: addedSchema,
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader(KEY)
  enter(
    @Body() body: NewOrderBody,
    @Current() { actor }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    const input = { ...orderDetails(body), lines: body.lines.map(orderLine) };
    return this.orders.enter(input, idempotencyKey(key), actor);
  }

  @Get('orders/:id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show an order with its lines and what came of them',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: wholeOrderSchema,
    parameter: recordId('order'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WholeOrder> {
    const order = await this.queries.one(id);
    if (order === null) throw new NotFoundError('There is no such order.');
    void reply.header('etag', `"${order.version}"`);
    return order;
  }

  @Post('orders/:id')
  @Access('stock:write', { audit: 'purchase-order.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what is known of an order',
    description: '409 when it has ended or the number is taken, 412 when it was changed since, 428 without `If-Match`.',
    schema: wholeOrderSchema,
    parameter: recordId('order'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: OrderBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WholeOrder> {
    await unlessChanged(this.orders.change(id, orderDetails(body), versionIn(ifMatch, 'order'), actor));
    return this.one(id, reply);
  }

  @Post('orders/:id/lines')
  @Access('stock:write', { audit: 'purchase-order.line-added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Add a line to an open order',
    schema: addedSchema,
    status: 201,
    parameter: recordId('order'),
    refusals: [409],
  })
  @ApiHeader(KEY)
  addLine(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: OrderLineBody,
    @Current() { actor }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.orders.addLine(id, orderLine(body), idempotencyKey(key), actor);
  }

  @Post('orders/:id/end')
  @Access('stock:write', { audit: 'purchase-order.ended' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'End an order: what did not come is not expected any more',
    description: '409 when it has ended already, 412 when it was changed since, 428 without `If-Match`.',
    schema: wholeOrderSchema,
    parameter: recordId('order'),
    refusals: [409, 422],
  })
  @ApiHeader(IF_MATCH)
  async end(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WholeOrder> {
    await unlessChanged(this.orders.end(id, reason, versionIn(ifMatch, 'order'), actor));
    return this.one(id, reply);
  }
}
