import { columnsOf } from '../../common/csv-columns.js';
import type { ToPick } from './picking.queries.js';
import type { PickView } from './picks.queries.js';

/** What an export of a pick list shows. */
export const TO_PICK_COLUMNS = columnsOf<ToPick>({
  id: 'Reservation',
  product: [{ name: 'product', header: 'What', value: ({ product }) => product.name }],
  quantity: 'How many',
  place: [{ name: 'place', header: 'Place', value: ({ place }) => place.name }],
  person: [{ name: 'person', header: 'For', value: ({ person }) => person.displayName }],
  requestId: 'Request',
  lineId: 'Line',
  delivery: 'Delivery',
  site: 'Site',
  neededBy: 'Needed by',
  reservedAt: 'Reserved',
  expiresAt: 'Reserved until',
});

/** What an export of what was picked shows. */
export const PICK_COLUMNS = columnsOf<PickView>({
  id: 'Number',
  product: [{ name: 'product', header: 'What', value: ({ product }) => product.name }],
  quantity: 'How many',
  machine: [{ name: 'serialNumber', header: 'Serial number', value: ({ machine }) => machine?.serialNumber }],
  person: [{ name: 'person', header: 'For', value: ({ person }) => person.displayName }],
  state: 'State',
  requestId: 'Request',
  lineId: 'Line',
  place: [{ name: 'place', header: 'Picked at', value: ({ place }) => place.name }],
  delivery: 'Delivery',
  site: 'Site',
  pickedAt: 'Picked',
  tracking: 'Carrier’s number',
  dispatchedAt: 'Sent',
  handedOverAt: 'Handed over',
  receivedHow: 'How receipt is known',
  receivedAt: 'Received',
  endedAt: 'Put or brought back',
  version: 'Version',
});
