import { columnsOf } from '../../common/csv-columns.js';
import type { Blocker } from './blockers.queries.js';

/** What an export of blockers shows: what their list shows. */
export const BLOCKER_COLUMNS = columnsOf<Blocker>({
  rule: 'What stands in the way',
  subject: 'Site or application',
  reason: 'Why',
  outcome: 'Outcome',
  owner: 'Who clears it',
  ownerName: 'Name',
  since: 'Waiting since',
  unlocks: 'People who become ready',
  people: 'People who wait for it',
});
