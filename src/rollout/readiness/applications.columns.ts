import { columnsOf } from '../../common/csv-columns.js';
import type { RolloutApplicationView } from './applications.queries.js';

/** What an export of applications shows: what their list shows. */
export const APPLICATION_COLUMNS = columnsOf<RolloutApplicationView>({
  id: 'Number',
  name: 'Application',
  state: 'State',
  owner: 'Owner',
  note: 'Note',
  since: 'Since',
  people: 'People who wait and need it',
  version: 'Version',
});
