import { columnsOf } from '../common/csv-columns.js';
import type { LicenceHolder } from '../directory/people.queries.js';
import { PERSON_COLUMNS } from '../directory/people.schema.js';
import type { Licence } from './licences.queries.js';

/** What an export of products shows: what their list shows. */
export const LICENCE_COLUMNS = columnsOf<Licence>({
  skuId: 'Product id',
  productName: 'Product',
  partNumber: 'Part number',
  capabilityStatus: 'Status',
  bought: 'Bought',
  inGrace: 'In grace',
  suspended: 'Suspended',
  used: 'Used',
  available: 'Available',
  heldByLeavers: 'Held by leavers',
  waste: 'Serving nobody',
  overAssigned: 'Over-assigned',
  ended: 'Ended',
  presence: 'Presence',
  changedAt: 'Changed',
});

/** What an export of the people with a licence shows; somebody may have it in several ways. */
export const HOLDER_COLUMNS = columnsOf<LicenceHolder>({
  ...PERSON_COLUMNS,
  assignments: [
    {
      name: 'direct',
      header: 'Assigned directly',
      value: ({ assignments }) => assignments.some(({ direct }) => direct),
    },
    {
      name: 'groups',
      header: 'Through groups',
      value: ({ assignments }) => each(assignments.map(({ groupId }) => groupId)),
    },
    { name: 'states', header: 'States', value: ({ assignments }) => each(assignments.map(({ state }) => state)) },
    { name: 'errors', header: 'Errors', value: ({ assignments }) => each(assignments.map(({ error }) => error)) },
  ],
});

function each(values: readonly (string | null)[]): string {
  return [...new Set(values.filter((value) => value !== null))].join(', ');
}
