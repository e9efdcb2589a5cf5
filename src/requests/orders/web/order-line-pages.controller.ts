import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { poundsOf } from '../../domain/money.js';
import { PlacesQueries } from '../../stock/places.queries.js';
import { ProductsQueries } from '../../stock/products.queries.js';
import { optionsNamed } from '../../stock/web/stock-lists.js';
import { OrdersQueries, type OrderLineView, type WholeOrder } from '../orders.queries.js';
import { OrdersService } from '../orders.service.js';
import { NewOrderLineForm, OrderLineForm, VersionForm } from './order-forms.js';

const CHOOSE = { value: '', text: 'Choose one' };

/** Lines of orders: adding, changing and removing. */
@Controller('stock')
export class OrderLinePagesController {
  constructor(
    private readonly queries: OrdersQueries,
    private readonly orders: OrdersService,
    private readonly products: ProductsQueries,
    private readonly places: PlacesQueries,
  ) {}

  @Page('orders/:id/lines/new')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async newForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const order = await this.queries.one(id);
    if (order === null) throw new NotFoundError('There is no such order.');
    const [products, places] = await Promise.all([this.products.names(), this.places.names()]);
    return pageView('requests/orders/web/order-line.njk', {
      title: `Add a line to order ${order.number}`,
      action: paths.newPurchaseOrderLine(id),
      order,
      line: null,
      products: [CHOOSE, ...optionsNamed(products)],
      places: [CHOOSE, ...optionsNamed(places)],
    });
  }

  @FormPost('orders/:id/lines/new', { form: 'newForm' })
  @Access('stock:write', { audit: 'purchase-order.line-added' })
  @UseGuards(NoParametersGuard)
  async add(
    @Param('id', RecordIdPipe) id: number,
    @Body() { productId, placeId, quantity, price }: NewOrderLineForm,
    @Current() { actor }: CurrentAccess,
    @Submission() key: string,
  ): Promise<Redirect> {
    await this.orders.addLine(id, { productId, placeId, quantity, pricePence: price }, key, actor);
    return redirectTo(paths.purchaseOrder(id), 'The line was added.');
  }

  @Page('order-lines/:id')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async form(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const { order, line } = await this.#line(id);
    return pageView('requests/orders/web/order-line.njk', {
      title: `Change ${line.product}, order ${order.number}`,
      action: paths.purchaseOrderLine(id),
      order,
      line: { ...line, price: poundsOf(line.pricePence) },
      places: optionsNamed(await this.places.names()),
    });
  }

  @FormPost('order-lines/:id', { form: 'form' })
  @Access('stock:write', { audit: 'purchase-order.line-changed' })
  @UseGuards(NoParametersGuard)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { placeId, quantity, price, version }: OrderLineForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const terms = { placeId, quantity, pricePence: price };
    const { orderId } = await this.orders.changeLine(id, terms, version, actor);
    return redirectTo(paths.purchaseOrder(orderId), 'The line was changed.');
  }

  @Page('order-lines/:id/remove')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async removeForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const { order, line } = await this.#line(id);
    return pageView('requests/orders/web/remove-line.njk', {
      title: `Remove ${line.product} from order ${order.number}`,
      order,
      line,
    });
  }

  @FormPost('order-lines/:id/remove', { form: 'removeForm' })
  @Access('stock:write', { audit: 'purchase-order.line-removed' })
  @UseGuards(NoParametersGuard)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { version }: VersionForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { orderId } = await this.orders.removeLine(id, version, actor);
    return redirectTo(paths.purchaseOrder(orderId), 'The line was removed.');
  }

  async #line(id: number): Promise<{ readonly order: WholeOrder; readonly line: OrderLineView }> {
    const found = await this.queries.line(id);
    if (found === null) throw new NotFoundError('There is no such line of an order.');
    return found;
  }
}
