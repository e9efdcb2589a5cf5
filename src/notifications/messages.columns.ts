import { columnsOf } from '../common/csv-columns.js';
import type { MessageSummary } from './messages.queries.js';

/** What an export of messages shows: what became of each, never what it said. */
export const MESSAGE_COLUMNS = columnsOf<MessageSummary>({
  id: 'Number',
  template: 'Message',
  recipient: [
    { name: 'recipientId', header: 'Recipient number', value: ({ recipient }) => recipient.id },
    { name: 'recipient', header: 'Recipient', value: ({ recipient }) => recipient.displayName },
  ],
  state: 'State',
  plannedFor: 'Planned for',
  useBy: 'Of use until',
  endedAt: 'Sent or stopped',
  attempts: 'Tries',
  stopReason: 'Why stopped',
  lastError: 'Last error',
  messageKey: 'Message-ID',
});
