import { columnsOf } from '../common/csv-columns.js';
import type { DecisionView, RecordView, ReviewView } from './identity.queries.js';

/** The records of a machine in one text, such as `LT-1 (intune 4711)`. */
const recordText = ({ name, source, externalId }: RecordView): string =>
  `${name ?? 'without a name'} (${source} ${externalId})`;

/** What an export of reviews shows: what their list shows, the records of each machine in short. */
export const REVIEW_COLUMNS = columnsOf<ReviewView>({
  id: 'Number',
  kind: 'Question',
  state: 'State',
  openedAt: 'Opened',
  shared: [
    { name: 'sharedKey', header: 'In common', value: ({ shared }) => shared.key },
    { name: 'sharedValue', header: 'Its value', value: ({ shared }) => shared.value },
  ],
  machines: [
    {
      name: 'devices',
      header: 'Devices',
      value: ({ machines }) => machines.map(({ deviceId }) => deviceId ?? 'none').join('; '),
    },
    {
      name: 'records',
      header: 'Records',
      value: ({ machines }) => machines.map(({ records }) => records.map(recordText).join(' and ')).join('; '),
    },
  ],
  settledAt: 'Settled',
  settledBy: 'Settled by',
  decision: 'Answer',
  decisionId: 'Decision',
});

/** What an export of decisions shows: what their list shows. */
export const DECISION_COLUMNS = columnsOf<DecisionView>({
  id: 'Number',
  kind: 'Decision',
  reason: 'Reason',
  decidedBy: 'Decided by',
  decidedAt: 'Decided',
  reviewId: 'Review',
  machines: [
    {
      name: 'records',
      header: 'Records by machine',
      value: ({ machines }) =>
        machines
          .map((records) => records.map(({ source, externalId }) => `${source} ${externalId}`).join(' and '))
          .join('; '),
    },
  ],
  undoneAt: 'Undone',
  undoneBy: 'Undone by',
  undoReason: 'Reason for undoing',
});
