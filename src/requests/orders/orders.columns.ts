import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import { poundsOf } from '../domain/money.js';
import type { PurchaseOrderView } from './orders.queries.js';

/** What an export of orders shows. */
export const ORDER_COLUMNS: readonly NamedColumn<PurchaseOrderView>[] = [
  ...columnsOf<Omit<PurchaseOrderView, 'totalPence'>>({
    id: 'Id',
    number: 'Number',
    supplier: 'Supplier',
    state: 'State',
    orderedOn: 'Ordered',
    expectedOn: 'Expected',
    late: 'Late',
    lines: 'Lines',
    quantity: 'Quantity',
    received: 'Received',
    endReason: 'Why it ended',
    changedBy: 'Changed by',
    changedAt: 'Changed',
    version: 'Version',
  }),
  { name: 'total', header: 'Total in pounds', value: ({ totalPence }) => poundsOf(totalPence) },
];
