import { OmitType } from '@nestjs/swagger';
import {
  ChoiceField,
  ColumnsField,
  DayField,
  FlagField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../../web/query-fields.js';
import { PICK_STATES, type PickState } from '../../domain/pick-words.js';
import { DELIVERIES, type Delivery } from '../../domain/request-words.js';
import { PICK_COLUMNS, TO_PICK_COLUMNS } from '../fulfilment.columns.js';

const NUMBER = { minimum: 1, maximum: 2_147_483_647 };

/** What the list of what is to be picked can be asked for. */
export class ToPickParameters extends PageParameters {
  @WholeNumberField('Number of the place of stock.', NUMBER)
  placeId?: number;

  @WholeNumberField('Number of the product.', NUMBER)
  productId?: number;

  @WholeNumberField('Number of the request.', NUMBER)
  requestId?: number;

  @ChoiceField('Where it is brought to.', DELIVERIES)
  delivery?: Delivery;

  @TextField('Beginning of the name or user principal name of whom it is for.', 'ada')
  person?: string;

  @DayField('Needed by this day or before, and whatever nobody gave a day for.')
  neededUntil?: string;
}

/** The filters of that list, and the columns of the file. */
export class ToPickExportParameters extends OmitType(ToPickParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(TO_PICK_COLUMNS)
  columns?: string;
}

/** What the list of what was picked can be asked for. */
export class PicksParameters extends PageParameters {
  @ChoiceField('Where it stands.', PICK_STATES)
  state?: PickState;

  @FlagField('`true` for what has not come to its end: picked, sent, or handed over and not confirmed.')
  open?: boolean;

  @WholeNumberField('Number of the place of stock at which it was picked.', NUMBER)
  placeId?: number;

  @WholeNumberField('Number of the request.', NUMBER)
  requestId?: number;

  @TextField('Beginning of the name or user principal name of whom it is for.', 'ada')
  person?: string;
}

/** The filters of that list, and the columns of the file. */
export class PicksExportParameters extends OmitType(PicksParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(PICK_COLUMNS)
  columns?: string;
}
