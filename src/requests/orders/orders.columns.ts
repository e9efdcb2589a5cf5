import { columnsOf } from '../../common/csv-columns.js';
import { poundsOf } from '../domain/money.js';
import { ORDER_STATE_WORDS } from '../domain/order-words.js';
import type { PurchaseOrderView } from './orders.queries.js';

/** What an export of orders shows. */
export const ORDER_COLUMNS = columnsOf<PurchaseOrderView>({
  id: 'Id',
  number: 'Number',
  supplier: 'Supplier',
  state: [{ name: 'state', header: 'State', value: ({ state }) => ORDER_STATE_WORDS[state] }],
  orderedOn: 'Ordered',
  expectedOn: 'Expected',
  late: 'Late',
  lines: 'Lines',
  quantity: 'Quantity',
  received: 'Received',
  totalPence: [{ name: 'total', header: 'Total in pounds', value: ({ totalPence }) => poundsOf(totalPence) }],
  endReason: 'Why it ended',
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});
