import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { InputError } from '../../../common/errors.js';
import { Day, Line, OptionalDay, OptionalLine, OptionalWhole, Whole } from '../../../web/body-fields.js';
import { ORDER_LIMITS } from '../../domain/order-words.js';
import { ListOf } from '../../stock/api/catalogue-bodies.js';
import { DELIVERY_MODES, type Delivered, type DeliveryMode } from '../order-line-receiving.js';
import type { OrderDelivery } from '../order-receiving.service.js';
import type { OrderDetails, OrderLineInput } from '../orders.service.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };
const QUANTITY = { minimum: 1, maximum: ORDER_LIMITS.quantity };

/** What is said of an order. */
export class OrderBody {
  @Line('The council’s number of the order, unlike any other’s.', ORDER_LIMITS.number)
  number: string;

  @Line('Who delivers it.', ORDER_LIMITS.supplier)
  supplier: string;

  @Day('When it was ordered.')
  orderedOn: string;

  @OptionalDay('When the supplier says that it comes.')
  expectedOn?: string | null;
}

/** How many of a line, where to and at what price. */
export class LineTermsBody {
  @Whole('Where it is delivered to.', ID)
  placeId: number;

  @Whole('How many; no fewer than came already.', QUANTITY)
  quantity: number;

  @Whole('For each.', { minimum: 0, maximum: ORDER_LIMITS.pricePence })
  pricePence: number;
}

/** A line of an order. */
export class OrderLineBody extends LineTermsBody {
  @Whole('The product.', ID)
  productId: number;
}

/** An order with its lines. */
export class NewOrderBody extends OrderBody {
  @ListOf(() => OrderLineBody, 'What is ordered; more lines can be added later.', ORDER_LIMITS.lines)
  lines: OrderLineBody[];
}

/** A machine of a delivery. */
export class DeliveredMachineBody {
  @Line('As on the label.', 128)
  serialNumber: string;

  @OptionalLine('The council’s own number, if it has one already.', 64)
  assetTag?: string | null;
}

/** What came of a line: `quantity`, or `machines` with their `model`. */
export class DeliveredLineBody {
  @Whole('The line of the order.', ID)
  lineId: number;

  @OptionalWhole('How many came, of what has no serial numbers.', QUANTITY)
  quantity?: number | null;

  @IsOptional()
  @IsArray({ message: 'give a list' })
  @ArrayMinSize(1, { message: 'give at least one' })
  @ArrayMaxSize(ORDER_LIMITS.machines, { message: `give at most ${ORDER_LIMITS.machines}` })
  @ValidateNested({ each: true, message: 'give a list of objects' })
  @Type(() => DeliveredMachineBody)
  @ApiPropertyOptional({ type: [DeliveredMachineBody], description: 'Machines by their serial numbers.' })
  machines?: DeliveredMachineBody[];

  @OptionalLine('Maker of the machines, as on the label.', 128)
  manufacturer?: string | null;

  @OptionalLine('Model of the machines, one of the product’s.', 256)
  model?: string | null;
}

/** What a delivery brought of the lines of an order. */
export class OrderReceiptBody {
  @ListOf(() => DeliveredLineBody, 'What came, each line once.', ORDER_LIMITS.lines)
  lines: DeliveredLineBody[];

  @IsOptional()
  @IsIn(DELIVERY_MODES, { message: `give one of ${DELIVERY_MODES.join(', ')}` })
  @ApiPropertyOptional({
    type: String,
    enum: DELIVERY_MODES,
    default: 'all',
    description: '`rest` leaves out machines that cannot be received; `all` receives nothing then.',
  })
  mode?: DeliveryMode;

  @OptionalLine('Number of the delivery note.', ORDER_LIMITS.deliveryNote)
  deliveryNote?: string | null;
}

export function orderDetails({ number, supplier, orderedOn, expectedOn }: OrderBody): OrderDetails {
  return { number, supplier, orderedOn, expectedOn: expectedOn ?? null };
}

export function orderLine({ productId, placeId, quantity, pricePence }: OrderLineBody): OrderLineInput {
  return { productId, placeId, quantity, pricePence };
}

/** @throws InputError 400 for both or neither of a quantity and machines, and for machines without their model */
export function deliveredLines(lines: readonly DeliveredLineBody[]): OrderDelivery['lines'] {
  return lines.map((line, place) => ({ lineId: line.lineId, delivered: deliveredOf(line, `lines.${place}`) }));
}

function deliveredOf({ quantity, machines, manufacturer, model }: DeliveredLineBody, path: string): Delivered {
  const isCounted = quantity !== undefined && quantity !== null;
  if (isCounted === (machines !== undefined)) {
    throw onField(`${path}.quantity`, 'give quantity or machines, and not both');
  }
  if (isCounted || machines === undefined) return { quantity: quantity ?? 0 };
  if (model === undefined || model === null) throw onField(`${path}.model`, 'give the model of the machines');
  return {
    machines: machines.map(({ serialNumber, assetTag }) => ({ serialNumber, assetTag: assetTag ?? null })),
    manufacturer: manufacturer ?? null,
    model,
  };
}

function onField(field: string, message: string): InputError {
  return new InputError('Put the delivery right.', [{ field, message }], 400);
}
