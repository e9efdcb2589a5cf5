import { columnsOf } from '../../common/csv-columns.js';
import type { NetworkFix } from './network-fixes.queries.js';

/** What an export of fixes shows: what their list shows. */
export const NETWORK_FIX_COLUMNS = columnsOf<NetworkFix>({
  kind: 'What to put right',
  id: 'Number',
  site: 'Site',
  siteId: 'Number of the site',
  name: 'Name',
  clearing: 'What clears it',
  figures: [{ name: 'figures', header: 'Figures', value: ({ figures }) => figures.join(' ') }],
  unlocks: 'People who become ready',
  blocks: 'People who wait for it',
  waves: [{ name: 'waves', header: 'Their waves', value: ({ waves }) => waves.map(({ name }) => name).join(', ') }],
  owner: 'Who clears it',
  since: 'Waiting since',
});
