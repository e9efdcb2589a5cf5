import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError, NotFoundError } from '../../../common/errors.js';
import { shownNumber } from '../../../common/shown-number.js';
import { FormPost, Submission } from '../../../web/form.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { poundsOf, shownPounds } from '../../domain/money.js';
import { PlacesQueries } from '../../stock/places.queries.js';
import { ProductsQueries } from '../../stock/products.queries.js';
import { optionsNamed } from '../../stock/web/stock-lists.js';
import { OrderReceivingService, type Delivered, type OrderReceipt } from '../order-receiving.service.js';
import { OrdersQueries, type OrderLineView, type WholeOrder } from '../orders.queries.js';
import { OrdersService } from '../orders.service.js';
import { DeliveryForm, machinesIn, NewOrderLineForm, OrderLineForm, VersionForm } from './order-forms.js';

/** Machines that are named beside the field; the first say enough. */
const MOST_SHOWN = 20;

const CHOOSE = { value: '', text: 'Choose one' };
/** Lines of orders: adding, changing, removing and receiving. */
@Controller('stock')
export class OrderLinePagesController {
  constructor(
    private readonly queries: OrdersQueries,
    private readonly orders: OrdersService,
    private readonly receiving: OrderReceivingService,
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

  @Page('order-lines/:id/receive')
  @Access('stock:write')
  @UseGuards(NoParametersGuard)
  async receiveForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const { order, line } = await this.#line(id);
    const toCome = line.quantity - line.received;
    return pageView('requests/orders/web/receive-line.njk', {
      title: `Receive ${line.product}`,
      order,
      line,
      toCome,
      model: line.serialised ? await this.queries.lastModel(line.productId) : null,
      facts: [
        { label: 'Order', value: `${order.number}, ${order.supplier}`, link: paths.purchaseOrder(order.id) },
        { label: 'Place', value: line.place },
        { label: 'Ordered', value: shownNumber(line.quantity) },
        { label: 'Still to come', value: shownNumber(order.state === 'open' ? toCome : 0) },
        { label: 'Price for each', value: shownPounds(line.pricePence) },
      ],
    });
  }

  @FormPost('order-lines/:id/receive', { form: 'receiveForm' })
  @Access('stock:write', { audit: ['purchase-order.received', 'device.received'] })
  @UseGuards(NoParametersGuard)
  async receive(
    @Param('id', RecordIdPipe) id: number,
    @Body() form: DeliveryForm,
    @Current() access: CurrentAccess,
    @Submission() idempotencyKey: string,
  ): Promise<Redirect> {
    const { line } = await this.#line(id);
    const delivered = deliveredOf(form, line);
    const deliveryNote = form.deliveryNote ?? null;
    const receipt = await this.receiving
      .receive({ lineId: id, delivered, deliveryNote, idempotencyKey }, access)
      .catch(withFirstRefusals);
    return redirectTo(paths.purchaseOrder(receipt.orderId), receivedWords(receipt));
  }

  async #line(id: number): Promise<{ readonly order: WholeOrder; readonly line: OrderLineView }> {
    const found = await this.queries.line(id);
    if (found === null) throw new NotFoundError('There is no such line of an order.');
    return found;
  }
}

function deliveredOf({ quantity, machines, manufacturer, model, rest }: DeliveryForm, line: OrderLineView): Delivered {
  if (!line.serialised) {
    if (quantity === undefined) throw onField('quantity', 'Enter how many came');
    return { quantity };
  }
  const listed = machinesIn(machines ?? '');
  if (listed.length === 0) throw onField('machines', 'Enter the machines, one a line');
  if (model === undefined) throw onField('model', 'Enter the model');
  return { machines: listed, manufacturer: manufacturer ?? null, model, mode: rest ? 'rest' : 'all' };
}

/** Refused machines by their number in the list and not by their serial number: this is kept until the next page. */
function receivedWords({ quantity, refused, closed }: OrderReceipt): string {
  const left =
    refused.length === 0
      ? ''
      : ` Left out: ${refused
          .slice(0, MOST_SHOWN)
          .map(({ line, reason }) => `line ${line}, ${reason}`)
          .join(' ')}`;
  return `Received ${shownNumber(quantity)}.${closed ? ' All of the order is here.' : ''}${left}`;
}

function withFirstRefusals(error: unknown): never {
  if (!(error instanceof InputError) || error.fields.length <= MOST_SHOWN) throw error;
  const more = { field: 'machines', message: `And ${error.fields.length - MOST_SHOWN} more lines.` };
  throw new InputError(error.message, [...error.fields.slice(0, MOST_SHOWN), more]);
}

function onField(field: string, message: string): InputError {
  return new InputError(`${message}.`, [{ field, message }]);
}
