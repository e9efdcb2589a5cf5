import { shownDays, shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type ListDefinition, type ListOption } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { ORDER_STATE_WORDS, type OrderState } from '../../domain/order-words.js';
import { OrdersParameters } from '../api/orders.parameters.js';
import { ORDER_COLUMNS } from '../orders.columns.js';
import type { PurchaseOrderView } from '../orders.queries.js';

/** Colours of the states; an open order that is late is told apart. */
export const ORDER_STATE_TAGS: Readonly<Record<OrderState, string>> = {
  open: 'govuk-tag--blue',
  closed: 'govuk-tag--green',
  cancelled: 'govuk-tag--grey',
};

/** Orders at suppliers. */
export function orderList(choices: {
  readonly products: readonly ListOption[];
  readonly places: readonly ListOption[];
}): ListDefinition<PurchaseOrderView, OrdersParameters> {
  return {
    name: null,
    title: 'Orders',
    section: 'stock-orders',
    path: paths.purchaseOrders(),
    one: 'order',
    many: 'orders',
    parameters: OrdersParameters,
    fields: [
      { name: 'search', label: 'Number or supplier', hint: 'Finds what begins like this.', kind: 'search' },
      { name: 'state', label: 'State', kind: 'choice', options: optionsOf(ORDER_STATE_WORDS) },
      { name: 'late', label: 'Late', kind: 'choice', options: yesOrNo() },
      { name: 'productId', label: 'Product', kind: 'choice', options: choices.products },
      { name: 'placeId', label: 'Place', kind: 'choice', options: choices.places },
    ],
    columns: ORDER_COLUMNS,
    shown: ['number', 'supplier', 'state', 'orderedOn', 'expectedOn', 'quantity', 'received', 'total'],
    sorts: {},
    defaultSort: null,
    cells: {
      number: ({ id, number }) => ({ text: number, href: paths.purchaseOrder(id) }),
      state: ({ state, late }) => ({
        parts: [
          { text: ORDER_STATE_WORDS[state], tag: ORDER_STATE_TAGS[state] },
          ...(late ? [{ text: 'Late', tag: 'govuk-tag--orange' }] : []),
        ],
      }),
      orderedOn: ({ orderedOn }) => ({ text: shownDays(orderedOn, orderedOn) }),
      expectedOn: ({ expectedOn }) => (expectedOn === null ? {} : { text: shownDays(expectedOn, expectedOn) }),
      late: ({ late }) => ({ text: late ? 'Yes' : 'No' }),
      total: ({ totalPence }) => ({ text: shownPounds(totalPence) }),
      changedAt: ({ changedAt }, now) => ({ time: shownTime(changedAt, now) }),
    },
    numeric: ['lines', 'quantity', 'received', 'total'],
    file: { path: '/api/v1/stock/orders.csv', permission: 'estate:export' },
    nothing: 'No order is entered. Enter one when something is ordered, so that people see what is to come.',
  };
}
