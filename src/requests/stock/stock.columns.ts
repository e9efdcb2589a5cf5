import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import { poundsOf } from '../domain/money.js';
import type { BundleView } from './bundles.queries.js';
import type { StockCountView } from './counts.queries.js';
import type { StockLevelView } from './levels.queries.js';
import type { StockMovementView } from './movements.queries.js';
import type { StockPlaceView } from './places.queries.js';
import type { ProductView } from './products.queries.js';
import type { StockTransferView } from './transfers.queries.js';

/** What an export of products shows. */
export const PRODUCT_COLUMNS: readonly NamedColumn<ProductView>[] = [
  ...columnsOf<Omit<ProductView, 'pricePence'>>({
    id: 'Number',
    name: 'Product',
    kind: 'Kind',
    description: 'Description',
    serialised: 'With serial numbers',
    mostEach: 'Most for one person',
    reasonNeeded: 'Reason needed',
    replacesKind: 'Replaces what they have',
    offered: 'Offered',
    models: [{ name: 'models', header: 'Models', value: ({ models }) => models.join('; ') }],
    alternatives: [
      {
        name: 'alternatives',
        header: 'Alternatives',
        value: ({ alternatives }) => alternatives.map(({ name }) => name).join('; '),
      },
    ],
    onHand: 'On hand',
    reserved: 'Reserved',
    changedBy: 'Changed by',
    changedAt: 'Changed',
    version: 'Version',
  }),
  { name: 'price', header: 'Price in pounds', value: ({ pricePence }) => poundsOf(pricePence) },
];

/** What an export of bundles shows. */
export const BUNDLE_COLUMNS: readonly NamedColumn<BundleView>[] = [
  ...columnsOf<Omit<BundleView, 'pricePence'>>({
    id: 'Number',
    name: 'Bundle',
    workStyle: 'Way of working',
    description: 'Description',
    offered: 'Offered',
    lines: [
      {
        name: 'lines',
        header: 'In it',
        value: ({ lines }) => lines.map(({ product, quantity }) => `${quantity} × ${product}`).join('; '),
      },
    ],
    changedBy: 'Changed by',
    changedAt: 'Changed',
    version: 'Version',
  }),
  { name: 'price', header: 'Price in pounds', value: ({ pricePence }) => poundsOf(pricePence) },
];

/** What an export of places shows. */
export const PLACE_COLUMNS = columnsOf<StockPlaceView>({
  id: 'Number',
  name: 'Place',
  products: 'Products',
  onHand: 'On hand',
  reserved: 'Reserved',
  machines: 'Machines',
  countedAt: 'Counted last',
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});

/** What an export of levels shows. */
export const LEVEL_COLUMNS = columnsOf<StockLevelView>({
  id: 'Number',
  productId: 'Number of the product',
  product: 'Product',
  kind: 'Kind',
  serialised: 'With serial numbers',
  placeId: 'Number of the place',
  place: 'Place',
  onHand: 'On hand',
  reserved: 'Reserved',
  free: 'Free',
  threshold: 'Threshold',
  low: 'Low',
  onOrder: 'On order',
  version: 'Version',
});

/** What an export of the ledger shows. */
export const MOVEMENT_COLUMNS = columnsOf<StockMovementView>({
  id: 'Number',
  at: 'Time',
  productId: 'Number of the product',
  product: 'Product',
  placeId: 'Number of the place',
  place: 'Place',
  kind: 'What happened',
  quantity: 'Change',
  onHandAfter: 'On hand afterwards',
  deviceId: 'Device',
  requestId: 'Request',
  orderId: 'Order',
  transferId: 'Transfer',
  countId: 'Count',
  reason: 'Reason',
  actor: 'By',
});

/** What an export of transfers shows. */
export const TRANSFER_COLUMNS = columnsOf<StockTransferView>({
  id: 'Number',
  productId: 'Number of the product',
  product: 'Product',
  serialised: 'With serial numbers',
  fromPlaceId: 'Number of the place it left',
  fromPlace: 'From',
  toPlaceId: 'Number of the place it goes to',
  toPlace: 'To',
  quantity: 'Sent',
  arrived: 'Arrived',
  lost: 'Lost',
  open: 'On the way',
  lostReason: 'Why lost',
  tracking: 'Tracking number',
  sentBy: 'Sent by',
  sentAt: 'Sent at',
  endedAt: 'Ended at',
  version: 'Version',
});

/** What an export of counts shows. */
export const COUNT_COLUMNS = columnsOf<StockCountView>({
  id: 'Number',
  placeId: 'Number of the place',
  place: 'Place',
  openedBy: 'Opened by',
  openedAt: 'Opened',
  closedBy: 'Closed by',
  closedAt: 'Closed',
  abandoned: 'Abandoned',
  counted: 'Products counted',
  differences: 'Differences',
  scanned: 'Serial numbers scanned',
  version: 'Version',
});
