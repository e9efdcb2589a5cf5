import { OmitType } from '@nestjs/swagger';
import { ChoiceField, ColumnsField, PageParameters, TextField } from '../../web/query-fields.js';
import { MESSAGE_STATES, type MessageState } from '../message-words.js';
import { MESSAGE_COLUMNS } from '../messages.columns.js';

/** What messages can be asked for. */
export class MessagesParameters extends PageParameters {
  @ChoiceField('Where they stand.', MESSAGE_STATES)
  state?: MessageState;

  @TextField('Name of the template.', 'booked')
  template?: string;
}

/** The filters of the list of messages, and the columns of the file. */
export class MessagesExportParameters extends OmitType(MessagesParameters, ['limit', 'cursor'] as const) {
  @ColumnsField(MESSAGE_COLUMNS)
  columns?: string;
}

/** What the list of messages that were not delivered can be narrowed to. */
export class UndeliveredParameters extends PageParameters {
  @ChoiceField('Where they stand.', ['dead', 'uncertain'])
  state?: 'dead' | 'uncertain';
}
