import { shownNumber } from '../../../common/shown-number.js';
import { shownDays } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import type { ExpectedStock } from '../expected-stock.queries.js';

/** What is on order, a fact for each order with the day that the supplier said, and where it leads. */
export function onOrderFacts(
  expected: readonly ExpectedStock[],
): readonly { readonly label: string; readonly value: string; readonly link?: string; readonly note?: string }[] {
  if (expected.length === 0) return [{ label: 'On order', value: 'None' }];
  return expected.map(({ orderId, orderNumber, quantity, place, expectedOn }) => ({
    label: 'On order',
    value: `${shownNumber(quantity)} by order ${orderNumber}`,
    link: paths.purchaseOrder(orderId),
    note: `For ${place}, ${expectedOn === null ? 'day not known' : `expected on ${shownDays(expectedOn, expectedOn)}`}.`,
  }));
}
