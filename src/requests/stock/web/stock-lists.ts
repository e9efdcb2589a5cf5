import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type ListDefinition, type ListOption } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { PRODUCT_KIND_WORDS } from '../../domain/product-words.js';
import { MOVEMENT_KIND_WORDS } from '../../domain/stock-words.js';
import {
  CountsParameters,
  LevelsParameters,
  MovementsParameters,
  ProductsParameters,
  TransfersParameters,
} from '../api/stock.parameters.js';
import type { StockCountView } from '../counts.queries.js';
import type { StockLevelView } from '../levels.queries.js';
import type { StockMovementView } from '../movements.queries.js';
import type { ProductView } from '../products.queries.js';
import { COUNT_COLUMNS, LEVEL_COLUMNS, MOVEMENT_COLUMNS, PRODUCT_COLUMNS, TRANSFER_COLUMNS } from '../stock.columns.js';
import type { StockTransferView } from '../transfers.queries.js';

/** What filters by product and place can be set to. */
export interface StockChoices {
  readonly products: readonly ListOption[];
  readonly places: readonly ListOption[];
}

/** Records with a number and a name as options. */
export function optionsNamed(records: readonly { readonly id: number; readonly name: string }[]): ListOption[] {
  return records.map(({ id, name }) => ({ value: String(id), text: name }));
}

/** Records with a number and a name to choose from in a form; none is chosen to begin with. */
export function choicesNamed(records: readonly { readonly id: number; readonly name: string }[]): ListOption[] {
  return [{ value: '', text: 'Choose' }, ...optionsNamed(records)];
}

/** Levels of stock; the workbench of the people who keep it. */
export function levelList({ products, places }: StockChoices): ListDefinition<StockLevelView, LevelsParameters> {
  return {
    name: null,
    title: 'Stock',
    section: 'stock',
    path: paths.stock(),
    one: 'level',
    many: 'levels',
    parameters: LevelsParameters,
    fields: [
      { name: 'placeId', label: 'Place', kind: 'choice', options: places },
      { name: 'productId', label: 'Product', kind: 'choice', options: products },
      { name: 'low', label: 'Level', kind: 'choice', options: yesOrNo('Too low', 'Enough') },
    ],
    columns: LEVEL_COLUMNS,
    shown: ['product', 'place', 'onHand', 'reserved', 'free', 'onOrder', 'threshold', 'low'],
    sorts: {},
    defaultSort: null,
    numeric: ['onHand', 'reserved', 'free', 'onOrder', 'threshold'],
    cells: {
      id: ({ id }) => ({ text: String(id), href: paths.stockLevel(id) }),
      product: ({ id, product }) => ({ text: product, href: paths.stockLevel(id) }),
      kind: ({ kind }) => ({ text: PRODUCT_KIND_WORDS[kind] }),
      place: ({ placeId, place }) => ({ text: place, href: paths.stockPlace(placeId) }),
      low: ({ low }) => (low ? { text: 'Too low', tag: 'govuk-tag--orange' } : {}),
    },
    file: { path: '/api/v1/stock/levels.csv', permission: 'estate:export' },
    nothing: 'Nothing is in stock. Enter products and places, then receive a delivery or count what is there.',
  };
}

/** The stock ledger. */
export function movementList({
  products,
  places,
}: StockChoices): ListDefinition<StockMovementView, MovementsParameters> {
  return {
    name: null,
    title: 'Stock movements',
    section: 'stock-movements',
    path: paths.stockMovements(),
    one: 'movement',
    many: 'movements',
    parameters: MovementsParameters,
    fields: [
      { name: 'placeId', label: 'Place', kind: 'choice', options: places },
      { name: 'productId', label: 'Product', kind: 'choice', options: products },
      { name: 'kind', label: 'What happened', kind: 'choice', options: optionsOf(MOVEMENT_KIND_WORDS) },
      { name: 'from', label: 'From', kind: 'day' },
      { name: 'until', label: 'Until', kind: 'day' },
      { name: 'transferId', label: 'Transfer', kind: 'hidden' },
      { name: 'countId', label: 'Count', kind: 'hidden' },
    ],
    columns: MOVEMENT_COLUMNS,
    shown: ['at', 'product', 'place', 'kind', 'quantity', 'onHandAfter', 'deviceId', 'requestId', 'reason'],
    sorts: {},
    defaultSort: null,
    numeric: ['quantity', 'onHandAfter'],
    cells: {
      at: ({ at }, now) => ({ time: shownTime(at, now) }),
      product: ({ productId, product }) => ({ text: product, href: paths.product(productId) }),
      place: ({ placeId, place }) => ({ text: place, href: paths.stockPlace(placeId) }),
      kind: ({ kind }) => ({ text: MOVEMENT_KIND_WORDS[kind] }),
      quantity: ({ quantity }) => ({ text: quantity > 0 ? `+${quantity}` : `−${-quantity}` }),
      deviceId: ({ deviceId }) =>
        deviceId === null ? {} : { text: `Device ${deviceId}`, href: paths.device(deviceId) },
      requestId: ({ requestId }) =>
        requestId === null ? {} : { text: `Request ${requestId}`, href: paths.request(requestId) },
      orderId: ({ orderId }) =>
        orderId === null ? {} : { text: `Order ${orderId}`, href: paths.purchaseOrder(orderId) },
      transferId: ({ transferId }) =>
        transferId === null ? {} : { text: `Transfer ${transferId}`, href: paths.stockTransfer(transferId) },
      countId: ({ countId }) => (countId === null ? {} : { text: `Count ${countId}`, href: paths.stockCount(countId) }),
    },
    file: { path: '/api/v1/stock/movements.csv', permission: 'estate:export' },
    nothing: 'Nothing has moved yet.',
  };
}

/** Products of the catalogue. */
export const PRODUCT_LIST: ListDefinition<ProductView, ProductsParameters> = {
  name: null,
  title: 'Products',
  section: 'products',
  path: paths.products(),
  one: 'product',
  many: 'products',
  parameters: ProductsParameters,
  fields: [
    { name: 'search', label: 'Name', hint: 'Its beginning.', kind: 'search' },
    { name: 'kind', label: 'Kind', kind: 'choice', options: optionsOf(PRODUCT_KIND_WORDS) },
    { name: 'offered', label: 'Can be asked for', kind: 'choice', options: yesOrNo() },
  ],
  columns: PRODUCT_COLUMNS,
  shown: ['name', 'kind', 'price', 'mostEach', 'onHand', 'reserved', 'offered'],
  sorts: {},
  defaultSort: null,
  numeric: ['price', 'mostEach', 'onHand', 'reserved'],
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.product(id) }),
    name: ({ id, name }) => ({ text: name, href: paths.product(id) }),
    kind: ({ kind }) => ({ text: PRODUCT_KIND_WORDS[kind] }),
    price: ({ pricePence }) => ({ text: shownPounds(pricePence) }),
    changedAt: ({ changedAt }, now) => ({ time: shownTime(changedAt, now) }),
  },
  file: { path: '/api/v1/stock/products.csv', permission: 'estate:export' },
  nothing: 'The catalogue is empty. Enter the first product.',
};

/** Transfers between places. */
export const TRANSFER_LIST: ListDefinition<StockTransferView, TransfersParameters> = {
  name: null,
  title: 'Transfers',
  section: 'stock-transfers',
  path: paths.stockTransfers(),
  one: 'transfer',
  many: 'transfers',
  parameters: TransfersParameters,
  fields: [
    { name: 'open', label: 'State', kind: 'choice', options: yesOrNo('On the way', 'Ended') },
    { name: 'productId', label: 'Product', kind: 'hidden' },
    { name: 'toPlaceId', label: 'Place', kind: 'hidden' },
  ],
  columns: TRANSFER_COLUMNS,
  shown: ['id', 'product', 'fromPlace', 'toPlace', 'quantity', 'arrived', 'lost', 'open', 'sentAt'],
  sorts: {},
  defaultSort: null,
  numeric: ['quantity', 'arrived', 'lost', 'open'],
  cells: {
    id: ({ id }) => ({ text: `Transfer ${id}`, href: paths.stockTransfer(id) }),
    product: ({ productId, product }) => ({ text: product, href: paths.product(productId) }),
    sentAt: ({ sentAt }, now) => ({ time: shownTime(sentAt, now) }),
    endedAt: ({ endedAt }, now) => ({ time: shownTime(endedAt, now) }),
  },
  file: { path: '/api/v1/stock/transfers.csv', permission: 'estate:export' },
  nothing: 'Nothing was sent from one place to another yet.',
};

/** Counts of places. */
export const COUNT_LIST: ListDefinition<StockCountView, CountsParameters> = {
  name: null,
  title: 'Counts',
  section: 'stock-counts',
  path: paths.stockCounts(),
  one: 'count',
  many: 'counts',
  parameters: CountsParameters,
  fields: [
    { name: 'open', label: 'State', kind: 'choice', options: yesOrNo('Open', 'Closed') },
    { name: 'placeId', label: 'Place', kind: 'hidden' },
  ],
  columns: COUNT_COLUMNS,
  shown: ['id', 'place', 'openedAt', 'closedAt', 'counted', 'differences', 'scanned', 'abandoned'],
  sorts: {},
  defaultSort: null,
  numeric: ['counted', 'differences', 'scanned'],
  cells: {
    id: ({ id }) => ({ text: `Count ${id}`, href: paths.stockCount(id) }),
    place: ({ placeId, place }) => ({ text: place, href: paths.stockPlace(placeId) }),
    openedAt: ({ openedAt }, now) => ({ time: shownTime(openedAt, now) }),
    closedAt: ({ closedAt }, now) => ({ time: shownTime(closedAt, now) }),
    abandoned: ({ abandoned }) => (abandoned ? { text: 'Abandoned' } : {}),
  },
  file: { path: '/api/v1/stock/counts.csv', permission: 'estate:export' },
  nothing: 'No place was counted yet.',
};
