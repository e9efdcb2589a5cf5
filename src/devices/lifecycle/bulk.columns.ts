import { columnsOf } from '../../common/csv-columns.js';
import type { BulkLine } from './bulk.queries.js';

/** The columns of a bulk action as a file. */
export const BULK_COLUMNS = columnsOf<BulkLine>({
  line: 'Line',
  given: 'Given',
  deviceId: 'Device',
  name: 'Hostname',
  serialNumber: 'Serial number',
  outcome: 'Outcome',
  reason: 'Reason',
});
