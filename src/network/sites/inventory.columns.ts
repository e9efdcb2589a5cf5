import { columnsOf } from '../../common/csv-columns.js';
import type { NetworkLinkView } from './links.queries.js';
import type { NetworkRangeView } from './ranges.queries.js';
import type { NetworkSiteView } from './sites.queries.js';

/** What an export of sites shows. */
export const SITE_COLUMNS = columnsOf<NetworkSiteView>({
  id: 'Number',
  name: 'Site',
  desks: 'Desks',
  docks: 'Docks',
  wiredPorts: 'Wired ports',
  liveLinks: 'Links in use',
  downloadKbps: 'Download of these in kbit/s',
  uploadKbps: 'Upload of these in kbit/s',
  surveyedOn: 'Wi-Fi surveyed on',
  surveyResult: 'Result of the survey',
  ranges: 'Ranges of addresses',
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});

/** What an export of links shows. */
export const LINK_COLUMNS = columnsOf<NetworkLinkView>({
  id: 'Number',
  siteId: 'Number of the site',
  site: 'Site',
  name: 'Link',
  provider: 'Provider',
  downloadKbps: 'Download in kbit/s',
  uploadKbps: 'Upload in kbit/s',
  contract: 'Contract',
  contractEndsOn: 'Contract ends on',
  liveFrom: 'In use from',
  liveUntil: 'In use until',
  endReason: 'Why it ends',
  live: 'In use today',
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});

/** What an export of ranges shows: what their list shows. */
export const RANGE_COLUMNS = columnsOf<NetworkRangeView>({
  id: 'Number',
  network: 'Range',
  kind: 'What it is',
  siteId: 'Number of the site',
  site: 'Site',
  remoteAccessId: 'Number of the gateway',
  remoteAccess: 'Gateway',
  note: 'Note',
  changedBy: 'Changed by',
  changedAt: 'Changed',
  version: 'Version',
});
