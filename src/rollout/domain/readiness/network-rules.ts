import type { NetworkCause, NetworkRoom, NetworkVerdict, ReadinessFacts, ReadinessSurroundings } from './facts.js';
import { NETWORK_NOT_KNOWN } from './facts.js';
import type { Found } from './laptop-rules.js';
import type { ReasonCode } from './rules.js';
import { inOrder } from './subjects.js';

type Reasons = Readonly<Record<NetworkVerdict['outcome'] | 'short', ReasonCode>>;

const SITE_REASONS = {
  ready: 'network-ready',
  not_ready: 'network-not-ready',
  unknown: 'network-not-known',
  short: 'site-too-small',
} as const satisfies Reasons;

const HOME_REASONS = {
  ready: 'network-ready',
  not_ready: 'home-not-ready',
  unknown: 'home-not-measured',
  short: 'remote-access-too-small',
} as const satisfies Reasons;

/** The sites that the person named, else the office of the directory; each with its room when the person’s wave has moved. */
export function siteRule(
  { answers, office, waveEndsOn }: ReadinessFacts,
  { sites, rooms }: ReadinessSurroundings,
): readonly (readonly [subject: string, found: Found])[] {
  const answer = answers['usual-sites'];
  if (answer?.answer === 'none') {
    return [['', { outcome: 'ready', reason: 'no-usual-site', since: answer.at, evidence: {} }]];
  }
  const named =
    answer?.answer === 'listed' && answer.listed.length > 0 ? answer.listed : office === null ? [] : [office];
  if (named.length === 0) {
    return [['', { outcome: 'unknown', reason: 'site-not-known', since: null, evidence: {} }]];
  }
  return inOrder(named).map((site) => {
    const room = rooms.sites.get(site.toLowerCase());
    return [site, found(sites.get(site) ?? NETWORK_NOT_KNOWN, room ? [room] : [], waveEndsOn, SITE_REASONS)];
  });
}

/** The line at home, and the way from there to the council. */
export function homeRule({ home, waveEndsOn }: ReadinessFacts, { rooms }: ReadinessSurroundings): Found {
  return found(home, rooms.remoteAccess, waveEndsOn, HOME_REASONS);
}

/** Whether a network is too small once somebody’s wave has moved; who is in no wave moves last. */
export function isTooSmall({ shortAfter, shortInTheEnd }: NetworkRoom, waveEndsOn: string | null): boolean {
  return waveEndsOn === null ? shortInTheEnd : shortAfter.includes(waveEndsOn);
}

function found(
  { outcome, since, evidence }: NetworkVerdict,
  rooms: readonly NetworkRoom[],
  waveEndsOn: string | null,
  reasons: Reasons,
): Found {
  const tooSmall = rooms.filter((room) => isTooSmall(room, waveEndsOn)).map(({ cause }) => cause);
  if (tooSmall.length === 0) return { outcome, reason: reasons[outcome], since, evidence };
  const causes = [...((evidence['causes'] ?? []) as readonly NetworkCause[]), ...tooSmall];
  const known = { since, evidence: { ...evidence, causes } };
  if (outcome !== 'ready') return { outcome, reason: reasons[outcome], ...known };
  return { ...known, outcome: 'not_ready', reason: reasons.short, since: null };
}
