import { columnsOf } from '../common/csv-columns.js';
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
  overAssigned: 'Over-assigned',
  ended: 'Ended',
  presence: 'Presence',
  changedAt: 'Changed',
});
