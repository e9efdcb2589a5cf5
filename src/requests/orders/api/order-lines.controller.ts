import { Body, Controller, Headers, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { OrdersQueries, type WholeOrder } from '../orders.queries.js';
import { OrdersService } from '../orders.service.js';
import { LineTermsBody } from './order-bodies.js';
import { wholeOrderSchema } from './orders.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the order that was looked at.' };
const LINE = recordId('line');

/** Lines of orders. */
@ApiTags('Stock')
@Controller('api/v1/stock/order-lines')
export class OrderLinesController {
  constructor(
    private readonly queries: OrdersQueries,
    private readonly orders: OrdersService,
  ) {}

  @Post(':id')
  @Access('stock:write', { audit: 'purchase-order.line-changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change how many of a line are ordered, where to and at what price',
    description:
      '409 when the order has ended or more came already, 412 when the order was changed since, 428 without `If-Match`.',
    schema: wholeOrderSchema,
    parameter: LINE,
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) lineId: number,
    @Body() { placeId, quantity, pricePence }: LineTermsBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WholeOrder> {
    const terms = { placeId, quantity, pricePence };
    const { orderId } = await unlessChanged(this.orders.changeLine(lineId, terms, versionIn(ifMatch, 'order'), actor));
    return this.#shown(orderId, reply);
  }

  @Post(':id/remove')
  @Access('stock:write', { audit: 'purchase-order.line-removed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take a line of which nothing came out of its order',
    description:
      '409 when the order has ended or some came, 412 when the order was changed since, 428 without `If-Match`.',
    schema: wholeOrderSchema,
    parameter: LINE,
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async remove(
    @Param('id', RecordIdPipe) lineId: number,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<WholeOrder> {
    const { orderId } = await unlessChanged(this.orders.removeLine(lineId, versionIn(ifMatch, 'order'), actor));
    return this.#shown(orderId, reply);
  }

  async #shown(orderId: number, reply: FastifyReply): Promise<WholeOrder> {
    const order = await this.queries.one(orderId);
    if (order === null) throw new NotFoundError('There is no such order.');
    void reply.header('etag', `"${order.version}"`);
    return order;
  }
}
