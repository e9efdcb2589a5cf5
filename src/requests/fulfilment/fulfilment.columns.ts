import { columnsOf } from '../../common/csv-columns.js';
import { DELIVERY_WORDS } from '../domain/request-words.js';
import { PICK_STATE_WORDS, RECEIVED_HOW_WORDS } from '../domain/pick-words.js';
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
  delivery: [{ name: 'delivery', header: 'Delivery', value: ({ delivery }) => DELIVERY_WORDS[delivery] }],
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
  state: [{ name: 'state', header: 'State', value: ({ state }) => PICK_STATE_WORDS[state] }],
  requestId: 'Request',
  lineId: 'Line',
  place: [{ name: 'place', header: 'Picked at', value: ({ place }) => place.name }],
  delivery: [{ name: 'delivery', header: 'Delivery', value: ({ delivery }) => DELIVERY_WORDS[delivery] }],
  site: 'Site',
  pickedAt: 'Picked',
  tracking: 'Carrier’s number',
  dispatchedAt: 'Sent',
  handedOverAt: 'Handed over',
  receivedHow: [
    {
      name: 'receivedHow',
      header: 'How receipt is known',
      value: ({ receivedHow }) => (receivedHow === null ? null : RECEIVED_HOW_WORDS[receivedHow]),
    },
  ],
  receivedAt: 'Received',
  endedAt: 'Put or brought back',
  version: 'Version',
});
