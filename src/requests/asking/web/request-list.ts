import { shownDay, shownTime } from '../../../common/uk-time.js';
import { optionsOf, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { shownPounds } from '../../domain/money.js';
import { standingWords } from '../../domain/request-progress.js';
import { DELIVERY_WORDS, LINE_STATE_WORDS, REQUEST_STATE_WORDS } from '../../domain/request-words.js';
import { OwnRequestsParameters, RequestsParameters } from '../api/requests.parameters.js';
import { REQUEST_COLUMNS } from '../requests.columns.js';
import type { RequestSummary, Whose } from '../requests.queries.js';
import { BEING_CHANGED, requestTag } from './request-tag.js';

const CELLS: Readonly<Record<string, (row: RequestSummary, now: Date) => Cell>> = {
  id: ({ id }) => ({ text: `Request ${id}`, href: paths.request(id) }),
  state: ({ state }) => ({ text: REQUEST_STATE_WORDS[state] }),
  standing: ({ state, revision, lines }) =>
    requestTag(state, state === 'draft' && revision > 1 ? BEING_CHANGED : standingWords(state, lines)),
  person: ({ person, people }) => ({
    text: person === null ? `${people} people` : (person.displayName ?? 'Without a name'),
  }),
  createdAt: ({ createdAt }, now) => ({ time: shownTime(createdAt, now) }),
  submittedAt: ({ submittedAt }, now) => (submittedAt === null ? {} : { time: shownTime(submittedAt, now) }),
  neededBy: ({ neededBy }) => (neededBy === null ? {} : { text: shownDay(neededBy) }),
  delivery: ({ delivery }) => ({ text: DELIVERY_WORDS[delivery] }),
  total: ({ totalPence }) => (totalPence === null ? {} : { text: shownPounds(totalPence) }),
};

const COMMON = {
  name: null,
  one: 'request',
  many: 'requests',
  columns: REQUEST_COLUMNS,
  cells: CELLS,
  numeric: ['people', 'lines', 'revision', 'total'],
} as const;

/** Every request that was submitted. */
export const REQUEST_LIST: ListDefinition<RequestSummary, RequestsParameters> = {
  ...COMMON,
  title: 'Equipment requests',
  section: 'requests',
  path: paths.requests(),
  parameters: RequestsParameters,
  fields: [
    { name: 'requester', label: 'Asked by', hint: 'The beginning of the name is enough.', kind: 'search' },
    { name: 'person', label: 'For', hint: 'The beginning of the name is enough.', kind: 'text' },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(REQUEST_STATE_WORDS) },
    { name: 'lineState', label: 'With something that is', kind: 'choice', options: optionsOf(LINE_STATE_WORDS) },
    { name: 'createdFrom', label: 'Begun on or after', kind: 'day' },
    { name: 'createdUntil', label: 'Begun on or before', kind: 'day' },
    { name: 'productId', label: 'Product', kind: 'hidden' },
  ],
  shown: ['id', 'standing', 'requester', 'person', 'neededBy', 'site', 'total'],
  sorts: { id: 'id' },
  defaultSort: '-id',
  file: { path: '/api/v1/requests.csv', permission: 'requests:read' },
  nothing: 'Nobody has asked for anything yet.',
};

/** What the lists of one’s own are called. */
export const WHOSE_WORDS: Readonly<Record<Whose, string>> = {
  mine: 'Made by me',
  'for-me': 'For me',
  team: 'For people below me',
};

/** Requests of one’s own, for oneself, or for one’s people. */
export const MY_REQUEST_LIST: ListDefinition<RequestSummary, OwnRequestsParameters> = {
  ...COMMON,
  title: 'My requests',
  section: 'my-requests',
  path: paths.myRequests(),
  parameters: OwnRequestsParameters,
  fields: [
    {
      name: 'whose',
      label: 'Whose',
      kind: 'choice',
      open: WHOSE_WORDS.mine,
      options: optionsOf({ 'for-me': WHOSE_WORDS['for-me'], team: WHOSE_WORDS.team }),
    },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(REQUEST_STATE_WORDS) },
  ],
  shown: ['id', 'standing', 'requester', 'person', 'neededBy', 'submittedAt', 'total'],
  sorts: {},
  defaultSort: null,
  file: { path: '/api/v1/requests/mine.csv', permission: 'own:read' },
  nothing: 'There is no request here yet. Ask for equipment, for yourself or for your people.',
};
