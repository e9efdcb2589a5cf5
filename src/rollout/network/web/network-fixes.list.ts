import { shownTime } from '../../../common/uk-time.js';
import { optionsOf, type Cell, type ListDefinition } from '../../../web/list-definition.js';
import { listAddress } from '../../../web/list-request.js';
import { paths } from '../../../web/paths.js';
import { FIX_KIND_WORDS } from '../../domain/network/fix-words.js';
import { NetworkFixesParameters } from '../api/network-fixes.parameters.js';
import { NETWORK_FIX_COLUMNS } from '../network-fixes.columns.js';
import type { NetworkFix } from '../network-fixes.queries.js';

/** What to put right in networks, what unlocks most people first. */
export const NETWORK_FIX_LIST: ListDefinition<NetworkFix, NetworkFixesParameters> = {
  name: null,
  title: 'What to put right in the networks',
  section: 'network-fixes',
  path: paths.networkFixes(),
  one: 'fix',
  many: 'fixes',
  parameters: NetworkFixesParameters,
  fields: [
    { name: 'kind', label: 'What to put right', kind: 'choice', options: optionsOf(FIX_KIND_WORDS) },
    { name: 'site', label: 'Site', hint: 'The whole name.', kind: 'text' },
    { name: 'waveId', label: 'Wave', kind: 'hidden' },
  ],
  columns: NETWORK_FIX_COLUMNS,
  shown: ['kind', 'clearing', 'unlocks', 'blocks', 'waves', 'owner', 'since'],
  sorts: {},
  defaultSort: null,
  numeric: ['unlocks', 'blocks'],
  cells: {
    kind: fixCell,
    clearing: ({ clearing, figures }) => ({ parts: [clearing, ...figures].map((text) => ({ text })) }),
    figures: ({ figures }) => ({ parts: figures.map((text) => ({ text })) }),
    unlocks: (fix) => peopleCell(fix, fix.unlocks, { onlyBlocker: 'true' }),
    blocks: (fix) => peopleCell(fix, fix.blocks),
    waves: ({ waves }) => ({ parts: waves.map(({ id, name }) => ({ text: name, href: paths.wave(id) })) }),
    since: ({ since }, now) => ({ time: shownTime(since, now) }),
  },
  file: { path: '/api/v1/network/fixes.csv', permission: 'estate:export' },
  nothing: 'No network stands in anybody’s way, or nobody’s readiness has been worked out yet.',
};

function fixCell({ kind, site, siteId, name }: NetworkFix): Cell {
  const text = [FIX_KIND_WORDS[kind], name, site === '' ? null : site].filter((part) => part !== null).join(': ');
  if (siteId !== null) return { text, href: paths.networkSite(siteId) };
  return kind === 'remote-access' ? { text, href: paths.networkRemoteAccess() } : { text };
}

/** A number with the list of exactly these people. */
function peopleCell({ kind, id, site }: NetworkFix, count: number, more: Readonly<Record<string, string>> = {}): Cell {
  if (count === 0) return { text: '0' };
  const href = listAddress(paths.workbench(), {
    blockedBy: site === '' ? 'network-home' : 'network-site',
    ...(site === '' ? {} : { blockedSubject: site }),
    blockedCause: kind,
    ...(id === null ? {} : { blockedCauseId: String(id) }),
    ...more,
  });
  return { text: String(count), href };
}
