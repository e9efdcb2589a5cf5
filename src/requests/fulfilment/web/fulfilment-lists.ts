import { shownDay, shownTime } from '../../../common/uk-time.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { PICK_STATE_WORDS, RECEIVED_HOW_WORDS, type PickState } from '../../domain/pick-words.js';
import { DELIVERY_WORDS, type Delivery } from '../../domain/request-words.js';
import { PicksParameters, ToPickParameters } from '../api/fulfilment.parameters.js';
import { PICK_COLUMNS, TO_PICK_COLUMNS } from '../fulfilment.columns.js';
import type { ToPick } from '../picking.queries.js';
import type { PickView } from '../picks.queries.js';

const PICK_TAGS: Readonly<Record<PickState, string>> = {
  picked: 'govuk-tag--light-blue',
  dispatched: 'govuk-tag--blue',
  handed_over: 'govuk-tag--turquoise',
  received: 'govuk-tag--green',
  put_back: 'govuk-tag--grey',
  returned: 'govuk-tag--grey',
};

/** Where a pick stands, as a tag. */
export function pickTag(state: PickState): { readonly text: string; readonly tag: string } {
  return { text: PICK_STATE_WORDS[state], tag: PICK_TAGS[state] };
}

/** Where something goes, in words. */
export function destination({ delivery, site }: { delivery: Delivery; site: string | null }): string {
  return delivery === 'site' && site !== null ? site : DELIVERY_WORDS[delivery];
}

/** So many of a product; the number only where there are several. */
export function amount({ quantity, product }: { quantity: number; product: { readonly name: string } }): string {
  return quantity === 1 ? product.name : `${quantity} × ${product.name}`;
}

const time = (instant: string | null, now: Date): Cell => (instant === null ? {} : { time: shownTime(instant, now) });

/** What is reserved and to be picked, what is needed first comes first. */
export const TO_PICK_LIST: ListDefinition<ToPick, ToPickParameters> = {
  name: null,
  title: 'To pick',
  section: 'stock-picking',
  path: paths.stockPicking(),
  one: 'line',
  many: 'lines',
  parameters: ToPickParameters,
  fields: [
    { name: 'person', label: 'For', hint: 'The beginning of the name is enough.', kind: 'search' },
    { name: 'neededUntil', label: 'Needed on or before', kind: 'day' },
    { name: 'delivery', label: 'Delivery', kind: 'choice', options: optionsOf(DELIVERY_WORDS) },
    { name: 'placeId', label: 'Place', kind: 'hidden' },
    { name: 'productId', label: 'Product', kind: 'hidden' },
    { name: 'requestId', label: 'Request', kind: 'hidden' },
  ],
  columns: TO_PICK_COLUMNS,
  shown: ['product', 'quantity', 'place', 'person', 'site', 'neededBy', 'expiresAt', 'requestId'],
  sorts: {},
  defaultSort: null,
  numeric: ['quantity'],
  cells: {
    product: ({ id, product }) => ({ text: product.name, href: paths.pickFrom(id) }),
    person: ({ person }) => ({ text: person.displayName ?? 'Without a name' }),
    delivery: ({ delivery }) => ({ text: DELIVERY_WORDS[delivery] }),
    site: (line) => ({ text: destination(line) }),
    neededBy: ({ neededBy }) => (neededBy === null ? {} : { text: shownDay(neededBy) }),
    requestId: ({ requestId }) => ({ text: `Request ${requestId}`, href: paths.request(requestId) }),
    reservedAt: ({ reservedAt }, now) => time(reservedAt, now),
    expiresAt: ({ expiresAt }, now) => time(expiresAt, now),
  },
  file: { path: '/api/v1/stock/picking.csv', permission: 'requests:read' },
  nothing: 'Nothing is reserved that waits to be picked.',
};

/** What was picked, the latest first. */
export const PICK_LIST: ListDefinition<PickView, PicksParameters> = {
  name: null,
  title: 'Picked',
  section: 'stock-picks',
  path: paths.picks(),
  one: 'pick',
  many: 'picks',
  parameters: PicksParameters,
  fields: [
    { name: 'person', label: 'For', hint: 'The beginning of the name is enough.', kind: 'search' },
    { name: 'open', label: 'On its way', kind: 'choice', options: yesOrNo() },
    { name: 'state', label: 'State', kind: 'choice', options: optionsOf(PICK_STATE_WORDS) },
    { name: 'placeId', label: 'Place', kind: 'hidden' },
    { name: 'requestId', label: 'Request', kind: 'hidden' },
  ],
  columns: PICK_COLUMNS,
  shown: ['id', 'product', 'serialNumber', 'person', 'state', 'site', 'pickedAt', 'requestId'],
  sorts: {},
  defaultSort: null,
  numeric: ['quantity'],
  cells: {
    id: ({ id }) => ({ text: `Pick ${id}`, href: paths.pick(id) }),
    product: (pick) => ({ text: amount(pick) }),
    serialNumber: ({ machine }) =>
      machine === null
        ? {}
        : { text: machine.serialNumber ?? 'Without a serial number', href: paths.device(machine.id) },
    person: ({ person }) => ({ text: person.displayName ?? 'Without a name' }),
    state: ({ state }) => pickTag(state),
    delivery: ({ delivery }) => ({ text: DELIVERY_WORDS[delivery] }),
    site: (pick) => ({ text: destination(pick) }),
    requestId: ({ requestId }) => ({ text: `Request ${requestId}`, href: paths.request(requestId) }),
    receivedHow: ({ receivedHow }) => (receivedHow === null ? {} : { text: RECEIVED_HOW_WORDS[receivedHow] }),
    pickedAt: ({ pickedAt }, now) => time(pickedAt, now),
    dispatchedAt: ({ dispatchedAt }, now) => time(dispatchedAt, now),
    handedOverAt: ({ handedOverAt }, now) => time(handedOverAt, now),
    receivedAt: ({ receivedAt }, now) => time(receivedAt, now),
    endedAt: ({ endedAt }, now) => time(endedAt, now),
  },
  file: { path: '/api/v1/stock/picks.csv', permission: 'requests:read' },
  nothing: 'Nothing was picked yet.',
};
