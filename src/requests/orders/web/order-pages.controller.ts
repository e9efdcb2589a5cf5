import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { londonDay, shownDays, shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { dayParts } from '../../../common/day-parts.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { ORDER_STATE_WORDS } from '../../domain/order-words.js';
import { PlacesQueries } from '../../stock/places.queries.js';
import { ProductsQueries } from '../../stock/products.queries.js';
import { optionsNamed } from '../../stock/web/stock-lists.js';
import { OrdersQueries, type WholeOrder } from '../orders.queries.js';
import { OrdersService } from '../orders.service.js';
import { detailsOf, EndOrderForm, NewOrderForm, OrderForm } from './order-forms.js';
import { ORDER_STATE_TAGS, orderList } from './order-list.js';

/** Orders at suppliers: the list, one order, entering, changing and ending. */
@Controller('stock/orders')
export class OrderPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly queries: OrdersQueries,
    private readonly orders: OrdersService,
    private readonly products: ProductsQueries,
    private readonly places: PlacesQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('requests:read')
  async list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    const [products, places] = await Promise.all([this.products.names(), this.places.names()]);
    return this.lists.show(
      orderList({ products: optionsNamed(products), places: optionsNamed(places) }),
      query,
      access,
      { page: ({ limit, cursor, ...filter }) => this.queries.page(filter, { limit, cursor }) },
      {
        template: 'requests/orders/web/orders.njk',
        data: { writes: access.permissions.has('stock:write') },
      },
    );
  }

  @Page('new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return pageView('requests/orders/web/order-form.njk', {
      title: 'Enter an order',
      action: paths.newPurchaseOrder(),
      back: paths.purchaseOrders(),
      order: null,
      orderedOn: dayParts(londonDay(new Date())),
    });
  }

  @FormPost('new', { form: 'newForm' })
  @Access('stock:write', { audit: 'purchase-order.entered' })
  @UseGuards(NoParametersGuard)
  async enter(
    @Body() form: NewOrderForm,
    @Current() { actor }: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    const { id } = await this.orders.enter({ ...detailsOf(form), lines: [] }, key, actor);
    return redirectTo(paths.purchaseOrder(id), 'The order was entered. Add what was ordered next.');
  }

  @Page(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  async show(@Param('id', RecordIdPipe) id: number, @Current() { permissions }: CurrentAccess): Promise<PageView> {
    const order = await this.#order(id);
    const now = new Date();
    const receipts = order.orderLines.flatMap((line) => line.receipts.map((receipt) => ({ ...receipt, line })));
    const words = await this.actors.of([order.changedBy, ...receipts.map(({ receivedBy }) => receivedBy)]);
    return pageView('requests/orders/web/order.njk', {
      title: `Order ${order.number}`,
      order,
      tag: { text: ORDER_STATE_WORDS[order.state], classes: ORDER_STATE_TAGS[order.state] },
      facts: [
        { label: 'Supplier', value: order.supplier },
        { label: 'Ordered', value: shownDays(order.orderedOn, order.orderedOn) },
        {
          label: 'Expected',
          value: order.expectedOn === null ? 'Not known' : shownDays(order.expectedOn, order.expectedOn),
        },
        { label: 'Total', value: shownPounds(order.totalPence) },
        { label: 'Changed by', value: words(order.changedBy) },
        ...(order.endReason === null ? [] : [{ label: 'Why it ended', value: order.endReason }]),
      ],
      lines: order.orderLines.map((line) => ({
        ...line,
        price: shownPounds(line.pricePence),
        toCome: order.state === 'open' ? line.quantity - line.received : 0,
      })),
      receipts: receipts
        .sort((a, b) => b.id - a.id)
        .map((receipt) => ({
          ...receipt,
          at: shownTime(receipt.receivedAt, now),
          by: words(receipt.receivedBy),
        })),
      writes: permissions.has('stock:write') && order.state === 'open',
      toCome: order.received < order.quantity,
    });
  }

  @Page(':id/edit')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const order = await this.#order(id);
    return pageView('requests/orders/web/order-form.njk', {
      title: `Change order ${order.number}`,
      action: paths.changePurchaseOrder(id),
      back: paths.purchaseOrder(id),
      order,
      orderedOn: dayParts(order.orderedOn),
      expectedOn: dayParts(order.expectedOn),
    });
  }

  @FormPost(':id/edit', { form: 'form' })
  @Access('stock:write', { audit: 'purchase-order.changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version, ...form }: OrderForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.orders.change(id, detailsOf(form), version, actor);
    return redirectTo(paths.purchaseOrder(id), 'The order was changed.');
  }

  @Page(':id/end')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async endForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const order = await this.#order(id);
    return pageView('requests/orders/web/end-order.njk', { title: `End order ${order.number}`, order });
  }

  @FormPost(':id/end', { form: 'endForm' })
  @Access('stock:write', { audit: 'purchase-order.ended' })
  @UseGuards(NoParametersGuard)
  async end(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason, version }: EndOrderForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.orders.end(id, reason, version, actor);
    return redirectTo(paths.purchaseOrder(id), 'The order has ended.');
  }

  async #order(id: number): Promise<WholeOrder> {
    const order = await this.queries.one(id);
    if (order === null) throw new NotFoundError('There is no such order.');
    return order;
  }
}
