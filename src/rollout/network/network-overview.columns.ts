import { columnsOf } from '../../common/csv-columns.js';
import type { SiteOverview } from './network-overview.queries.js';

/** What an export of sites shows: what the overview shows. */
export const SITE_OVERVIEW_COLUMNS = columnsOf<SiteOverview>({
  name: 'Site',
  siteId: 'Number',
  verdict: 'Network',
  serves: 'Serves what is needed',
  blocks: 'People who wait for it',
  inTheWay: [{ name: 'inTheWay', header: 'Not met or not known', value: ({ inTheWay }) => inTheWay.join(' ') }],
  confidence: 'Confidence',
  measuredAt: 'Measured',
  peopleNow: 'People there with a laptop now',
  peopleInTheEnd: 'People there in the end',
  usedPercent: 'Used in the end (%)',
  used: 'Of what',
  tooSmallFrom: 'Too small from',
});
