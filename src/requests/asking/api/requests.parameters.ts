import { OmitType } from '@nestjs/swagger';
import {
  ChoiceField,
  ColumnsField,
  DayField,
  PageParameters,
  TextField,
  WholeNumberField,
} from '../../../web/query-fields.js';
import { LINE_STATES, REQUEST_STATES, type LineState, type RequestState } from '../../domain/request-words.js';
import { REQUEST_COLUMNS } from '../requests.columns.js';
import { REQUEST_SORTS, WHOSE, type RequestSort, type Whose } from '../requests.queries.js';

/** What the list of requests can be asked for. */
export class RequestsParameters extends PageParameters {
  @ChoiceField('Where the request stands.', REQUEST_STATES)
  state?: RequestState;

  @ChoiceField('Only requests with a line in this state.', LINE_STATES)
  lineState?: LineState;

  @WholeNumberField('Only requests for this product, by its number.', { minimum: 1, maximum: 2_147_483_647 })
  productId?: number;

  @TextField('Beginning of the name, surname or user principal name of whoever made it.', 'shah')
  requester?: string;

  @TextField('Beginning of the name, surname or user principal name of somebody whom it is for.', 'shah')
  person?: string;

  @DayField('Begun on this day or later.')
  createdFrom?: string;

  @DayField('Begun on this day or earlier.')
  createdUntil?: string;

  @ChoiceField('Order; newest first unless asked otherwise.', REQUEST_SORTS, '-id')
  sort?: RequestSort;
}

/** The filters of the list of requests, and the columns of the file. */
export class RequestsExportParameters extends OmitType(RequestsParameters, ['limit', 'cursor', 'sort'] as const) {
  @ColumnsField(REQUEST_COLUMNS)
  columns?: string;
}

/** Whose requests one’s own list has. */
export class OwnRequestsParameters extends PageParameters {
  @ChoiceField('Made by me, for me, or for people below me in the line.', WHOSE, 'mine')
  whose?: Whose;

  @ChoiceField('Where the request stands.', REQUEST_STATES)
  state?: RequestState;
}

/** Whose requests one’s own file has, and its columns. */
export class OwnRequestsExportParameters extends OmitType(OwnRequestsParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(REQUEST_COLUMNS)
  columns?: string;
}
