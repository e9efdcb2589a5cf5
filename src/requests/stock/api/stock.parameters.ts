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
import { PRODUCT_KINDS, type ProductKind } from '../../domain/product-words.js';
import { MOVEMENT_KINDS, type MovementKind } from '../../domain/stock-words.js';
import {
  BUNDLE_COLUMNS,
  COUNT_COLUMNS,
  LEVEL_COLUMNS,
  MOVEMENT_COLUMNS,
  PLACE_COLUMNS,
  PRODUCT_COLUMNS,
  TRANSFER_COLUMNS,
} from '../stock.columns.js';

const ID = { minimum: 1, maximum: 2_147_483_647 };

/** What the list of products can be asked for. */
export class ProductsParameters extends PageParameters {
  @TextField('Beginning of the name, in any case.', 'Latitude')
  search?: string;

  @ChoiceField('Kind of product.', PRODUCT_KINDS)
  kind?: ProductKind;

  @FlagField('Whether it can be asked for.')
  offered?: boolean;
}

export class ProductsExportParameters extends OmitType(ProductsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(PRODUCT_COLUMNS)
  columns?: string;
}

/** What the file of bundles can be asked for. */
export class BundlesExportParameters {
  @ColumnsField(BUNDLE_COLUMNS)
  columns?: string;
}

/** What the file of places can be asked for. */
export class PlacesExportParameters {
  @ColumnsField(PLACE_COLUMNS)
  columns?: string;
}

/** What the list of levels can be asked for. */
export class LevelsParameters extends PageParameters {
  @WholeNumberField('Only levels of this product.', ID)
  productId?: number;

  @WholeNumberField('Only levels at this place.', ID)
  placeId?: number;

  @FlagField('Whether less than the threshold is free.')
  low?: boolean;
}

export class LevelsExportParameters extends OmitType(LevelsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(LEVEL_COLUMNS)
  columns?: string;
}

/** What the stock ledger can be asked for. */
export class MovementsParameters extends PageParameters {
  @ChoiceField('What happened.', MOVEMENT_KINDS)
  kind?: MovementKind;

  @WholeNumberField('Only movements of this product.', ID)
  productId?: number;

  @WholeNumberField('Only movements at this place.', ID)
  placeId?: number;

  @WholeNumberField('Only movements of this transfer.', ID)
  transferId?: number;

  @WholeNumberField('Only movements of this count.', ID)
  countId?: number;

  @DayField('On this day or later, in UK time.')
  from?: string;

  @DayField('On this day or earlier, in UK time.')
  until?: string;
}

export class MovementsExportParameters extends OmitType(MovementsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(MOVEMENT_COLUMNS)
  columns?: string;
}

/** What the list of transfers can be asked for. */
export class TransfersParameters extends PageParameters {
  @FlagField('Whether some of it are on their way.')
  open?: boolean;

  @WholeNumberField('Only transfers of this product.', ID)
  productId?: number;

  @WholeNumberField('Only transfers to this place.', ID)
  toPlaceId?: number;
}

export class TransfersExportParameters extends OmitType(TransfersParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(TRANSFER_COLUMNS)
  columns?: string;
}

/** What the list of counts can be asked for. */
export class CountsParameters extends PageParameters {
  @FlagField('Whether it is not closed.')
  open?: boolean;

  @WholeNumberField('Only counts of this place.', ID)
  placeId?: number;
}

export class CountsExportParameters extends OmitType(CountsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(COUNT_COLUMNS)
  columns?: string;
}
