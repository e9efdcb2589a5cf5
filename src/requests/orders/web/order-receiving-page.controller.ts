import { Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownNumber } from '../../../common/shown-number.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { valuesOf } from '../../../web/submitted-form.js';
import { OrderReceivingService, type OrderReceipt } from '../order-receiving.service.js';
import { OrdersQueries, type WholeOrder } from '../orders.queries.js';
import { besideFields, readDelivery } from './delivery-form.js';

/** Machines left out that the next page names; the first say enough. */
const MOST_NAMED = 20;

/** Receiving what a delivery brought of an order, in one form. */
@Controller('stock/orders')
export class OrderReceivingPageController {
  constructor(
    private readonly queries: OrdersQueries,
    private readonly receiving: OrderReceivingService,
  ) {}

  @Page(':id/receive')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const order = await this.#order(id);
    const lines = await Promise.all(
      order.orderLines
        .filter(({ quantity, received }) => received < quantity)
        .map(async (line) => ({
          ...line,
          toCome: line.quantity - line.received,
          model: line.serialised ? await this.queries.lastModel(line.productId) : null,
        })),
    );
    return pageView('requests/orders/web/receive-order.njk', {
      title: `Receive a delivery of order ${order.number}`,
      order,
      lines,
      hasMachines: lines.some(({ serialised }) => serialised),
    });
  }

  @FormPost(':id/receive', { form: 'form' })
  @Access('stock:write', { audit: ['purchase-order.received', 'device.received'] })
  @UseGuards(NoParametersGuard)
  async receive(
    @Param('id', RecordIdPipe) orderId: number,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const order = await this.#order(orderId);
    const delivery = readDelivery(valuesOf(request), order.orderLines);
    const receipt = await this.receiving
      .receive({ orderId, ...delivery, idempotencyKey }, access)
      .catch(besideFields(delivery.lines));
    return redirectTo(paths.purchaseOrder(orderId), receivedWords(receipt, order));
  }

  async #order(id: number): Promise<WholeOrder> {
    const order = await this.queries.one(id);
    if (order === null) throw new NotFoundError('There is no such order.');
    return order;
  }
}

/** Refused machines by their number in the list and not by their serial number: this is kept until the next page. */
function receivedWords({ lines, closed }: OrderReceipt, { orderLines }: WholeOrder): string {
  const productOf = new Map(orderLines.map(({ id, product }) => [id, product]));
  const came = lines.filter(({ quantity }) => quantity > 0);
  const left = lines.flatMap(({ lineId, refused }) =>
    refused.map(({ line, reason }) => `${productOf.get(lineId) ?? ''}, line ${line}: ${reason}`),
  );
  return [
    `Received ${came.map(({ lineId, quantity }) => `${shownNumber(quantity)} × ${productOf.get(lineId) ?? ''}`).join(', ')}.`,
    ...(closed ? ['All of the order is here.'] : []),
    ...(left.length > 0 ? [`Left out: ${left.slice(0, MOST_NAMED).join(' ')}`] : []),
    ...(left.length > MOST_NAMED ? [`And ${left.length - MOST_NAMED} more.`] : []),
  ].join(' ');
}
