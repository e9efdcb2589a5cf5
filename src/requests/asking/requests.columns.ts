import { columnsOf } from '../../common/csv-columns.js';
import { standingWords } from '../domain/request-progress.js';
import type { RequestSummary } from './requests.queries.js';

/** What an export of requests shows: a row a request. */
export const REQUEST_COLUMNS = columnsOf<RequestSummary>({
  id: 'Number',
  state: 'State',
  revision: 'Version of the request',
  requester: [{ name: 'requester', header: 'Asked by', value: ({ requester }) => requester.displayName }],
  person: [{ name: 'person', header: 'For', value: ({ person }) => person?.displayName }],
  people: 'People',
  lines: [
    { name: 'standing', header: 'Standing', value: ({ state, lines }) => standingWords(state, lines) },
    {
      name: 'lines',
      header: 'Lines',
      value: ({ lines }) => Object.values(lines).reduce((sum, count) => sum + count, 0),
    },
  ],
  createdAt: 'Begun',
  submittedAt: 'Submitted',
  neededBy: 'Needed by',
  delivery: 'Delivery',
  site: 'Site',
  totalPence: 'Total in pence',
  version: 'Version',
});
