import { columnsOf } from '../common/csv-columns.js';
import type { HoldItem, HoldView } from './holds.queries.js';

/** What an export of holds shows: what their list shows. */
export const HOLD_COLUMNS = columnsOf<HoldView>({
  id: 'Number',
  source: 'Source',
  kind: 'Held',
  records: 'Records',
  reason: 'Reason',
  state: 'State',
  runId: 'Run',
  openedAt: 'Opened',
  closedAt: 'Closed',
  closedBy: 'Closed by',
  closeReason: 'Reason for closing',
});

/** What an export of the records of a hold shows: what their list shows. */
export const HOLD_ITEM_COLUMNS = columnsOf<HoldItem>({
  externalId: 'Id in the source',
  name: 'Name',
  removal: 'How it would go',
  personId: 'Person number',
  deviceId: 'Device number',
});
