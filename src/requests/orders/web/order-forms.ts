import { OptionalDay, RequiredDay, RequiredId, RequiredText, RequiredWhole } from '../../../web/form-fields.js';
import { ORDER_LIMITS } from '../../domain/order-words.js';
import { PoundsField } from '../../pounds-field.js';
import type { OrderDetails } from '../orders.service.js';

const VERSION = 'Load the page again';

/** What is said of an order. */
export class NewOrderForm {
  @RequiredText('Enter the number of the order', { longest: ORDER_LIMITS.number })
  number: string;

  @RequiredText('Enter the supplier', { longest: ORDER_LIMITS.supplier })
  supplier: string;

  @RequiredDay('Enter the day of the order')
  orderedOn: string;

  @OptionalDay()
  expectedOn?: string;
}

/** An order that was looked at. */
export class OrderForm extends NewOrderForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

export function detailsOf({ number, supplier, orderedOn, expectedOn }: NewOrderForm): OrderDetails {
  return { number, supplier, orderedOn, expectedOn: expectedOn ?? null };
}

class LineTermsForm {
  @RequiredId('Choose the place')
  placeId: number;

  @RequiredWhole('Enter how many', 1, ORDER_LIMITS.quantity)
  quantity: number;

  @PoundsField('Enter the price for each', ORDER_LIMITS.pricePence)
  price: number;
}

/** A line to be added to an order. */
export class NewOrderLineForm extends LineTermsForm {
  @RequiredId('Choose the product')
  productId: number;
}

/** A line of an order that was looked at. */
export class OrderLineForm extends LineTermsForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** An order, or a line of one, that was looked at. */
export class VersionForm {
  @RequiredText(VERSION, { longest: 18 })
  version: string;
}

/** Why an order that was looked at ends. */
export class EndOrderForm extends VersionForm {
  @RequiredText('Enter the reason', { longest: ORDER_LIMITS.reason, lines: true })
  reason: string;
}
