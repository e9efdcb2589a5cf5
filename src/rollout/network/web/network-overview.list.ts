import { shownTime } from '../../../common/uk-time.js';
import { NETWORK_VERDICT_WORDS } from '../../../network/domain/network-words.js';
import { optionsOf, yesOrNo, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { listAddress } from '../../../web/list-request.js';
import { paths } from '../../../web/paths.js';
import { NetworkOverviewParameters } from '../api/network-overview.parameters.js';
import { SITE_OVERVIEW_COLUMNS } from '../network-overview.columns.js';
import type { SiteOverview } from '../network-overview.queries.js';
import { verdictTag } from './verdict-tag.js';

/** All sites and offices, those first that stop most people. */
export const NETWORK_OVERVIEW_LIST: ListDefinition<SiteOverview, NetworkOverviewParameters> = {
  name: null,
  title: 'Networks',
  section: 'network',
  path: paths.network(),
  one: 'site',
  many: 'sites',
  parameters: NetworkOverviewParameters,
  fields: [
    { name: 'search', label: 'Site', hint: 'The beginning is enough.', kind: 'search' },
    { name: 'verdict', label: 'What its network carries', kind: 'choice', options: optionsOf(NETWORK_VERDICT_WORDS) },
    { name: 'entered', label: 'Entered', kind: 'choice', options: yesOrNo('Yes', 'Nothing is known of it') },
  ],
  columns: SITE_OVERVIEW_COLUMNS,
  shown: ['name', 'verdict', 'blocks', 'inTheWay', 'measuredAt', 'peopleInTheEnd', 'usedPercent', 'tooSmallFrom'],
  sorts: {},
  defaultSort: null,
  numeric: ['blocks', 'peopleNow', 'peopleInTheEnd', 'usedPercent'],
  cells: {
    name: ({ name, siteId }) => (siteId === null ? { text: name } : { text: name, href: paths.networkSite(siteId) }),
    verdict: ({ verdict }) => verdictTag(verdict),
    serves: ({ serves }) => ({ text: serves ? 'Yes' : 'No' }),
    blocks: blocksCell,
    inTheWay: inTheWayCell,
    measuredAt: ({ measuredAt }, now) => ({ time: shownTime(measuredAt, now) }),
    usedPercent: ({ usedPercent }) => ({ text: usedPercent === null ? 'Not known' : `${usedPercent} %` }),
    tooSmallFrom: ({ tooSmallFrom, usedPercent }) => ({
      text: tooSmallFrom ?? (usedPercent === null ? 'Not known' : 'Never'),
    }),
  },
  file: { path: '/api/v1/network/overview.csv', permission: 'estate:export' },
  nothing: 'The directory names no office, and nobody has entered a site.',
};

/** Sentences that a row has room for; the page of the site has all. */
const SENTENCES = 2;

function inTheWayCell({ siteId, serves, inTheWay, tooSmallFrom }: SiteOverview): Cell {
  if (siteId === null) return { text: 'Nobody has entered the site.' };
  const sentences = [
    ...(serves ? [] : inTheWay),
    ...(tooSmallFrom === null ? [] : ['Too small for everybody who is to come.']),
  ];
  if (sentences.length === 0) return { text: 'Nothing' };
  const more = sentences.length - SENTENCES;
  const parts = sentences.slice(0, SENTENCES).map((text) => ({ text }));
  return { parts: more > 0 ? [...parts, { text: `And ${more} more.`, href: paths.networkSite(siteId) }] : parts };
}

function blocksCell({ name, blocks }: SiteOverview): Cell {
  if (blocks === 0) return { text: '0' };
  const query = { blockedBy: 'network-site', blockedSubject: name };
  return { text: String(blocks), href: listAddress(paths.workbench(), query) };
}
