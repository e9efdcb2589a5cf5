import { columnsOf, type NamedColumn } from '../../common/csv-columns.js';
import { poundsOf } from '../domain/money.js';
import { standingWords } from '../domain/request-progress.js';
import type { RequestSummary } from './requests.queries.js';

/** What an export of requests shows: a row a request. */
export const REQUEST_COLUMNS: readonly NamedColumn<RequestSummary>[] = [
  ...columnsOf<Omit<RequestSummary, 'totalPence'>>({
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
    version: 'Version',
  }),
  { name: 'total', header: 'Total in pounds', value: ({ totalPence }) => poundsOf(totalPence) },
];
