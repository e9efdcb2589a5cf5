import { OmitType } from '@nestjs/swagger';
import {
  ChoiceField,
  ColumnsField,
  FlagField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../../web/query-fields.js';
import { ORDER_STATES, type OrderState } from '../../domain/order-words.js';
import { ORDER_COLUMNS } from '../orders.columns.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };

/** What the list of orders can be asked for. */
export class OrdersParameters extends PageParameters {
  @TextField('Beginning of the number or the supplier, in any case.', 'PO-10')
  search?: string;

  @ChoiceField('Where the order stands.', ORDER_STATES)
  state?: OrderState;

  @WholeNumberField('Only orders of this product.', ID)
  productId?: number;

  @WholeNumberField('Only orders for this place.', ID)
  placeId?: number;

  @FlagField('Whether some of it should have come before today.')
  late?: boolean;
}

export class OrdersExportParameters extends OmitType(OrdersParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(ORDER_COLUMNS)
  columns?: string;
}
