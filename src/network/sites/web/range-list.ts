import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, type ListDefinition } from '../../../web/list-definition.js';
import { paths } from '../../../web/paths.js';
import { RangesParameters } from '../api/inventory.parameters.js';
import { RANGE_COLUMNS } from '../inventory.columns.js';
import { RANGE_KIND_WORDS } from '../inventory-words.js';
import type { NetworkRangeView } from '../ranges.queries.js';

/** Ranges of addresses. */
export const RANGE_LIST: ListDefinition<NetworkRangeView, RangesParameters> = {
  name: null,
  title: 'Ranges of addresses',
  section: 'network-ranges',
  path: paths.networkRanges(),
  one: 'range',
  many: 'ranges',
  parameters: RangesParameters,
  fields: [
    { name: 'address', label: 'Address', hint: 'Finds the ranges that contain it.', kind: 'search' },
    { name: 'kind', label: 'What they are', kind: 'choice', options: optionsOf(RANGE_KIND_WORDS) },
    { name: 'siteId', label: 'Number of the site', kind: 'hidden' },
  ],
  columns: RANGE_COLUMNS,
  shown: ['network', 'kind', 'site', 'remoteAccess', 'note', 'changedAt'],
  sorts: {},
  defaultSort: null,
  cells: {
    id: ({ id }) => ({ text: String(id), href: paths.networkRange(id) }),
    network: ({ id, network }) => ({ text: network, href: paths.networkRange(id) }),
    kind: ({ kind }) => ({ text: RANGE_KIND_WORDS[kind] }),
    site: ({ siteId, site }) => (siteId === null ? {} : { text: site ?? '', href: paths.networkSite(siteId) }),
    remoteAccess: ({ remoteAccessId, remoteAccess }) =>
      remoteAccessId === null ? {} : { text: remoteAccess ?? '', href: paths.remoteAccess(remoteAccessId) },
    changedAt: ({ changedAt }, now) => ({ time: shownTime(changedAt, now) }),
  },
  file: { path: '/api/v1/network/ranges.csv', permission: 'estate:export' },
  nothing: 'No range is entered. Until then nobody can tell whether something was measured in an office or at home.',
};
