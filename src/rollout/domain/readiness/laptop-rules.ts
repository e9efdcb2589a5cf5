import type { NamedLaptop, ReadinessFacts } from './facts.js';
import type { Finding, ReasonCode } from './rules.js';
import type { ReadinessSettings } from './settings.js';

/** A rule's finding before it is known who owns it. */
export type Found = Omit<Finding, 'rule' | 'subject' | 'owner'> & { readonly owner?: string };

/** Windows 11 begins with this build of Windows 10.0 (learn.microsoft.com, "Windows 11 release information"). */
const FIRST_WINDOWS_11_BUILD = 22_000;
const DAY = 86_400_000;

const HOW: Readonly<Record<NamedLaptop['how'], ReasonCode>> = {
  held: 'has-laptop',
  allocated: 'laptop-allocated',
};

/**
 * A laptop is named for the person, or free stock reaches to their place in the queue. Stock is counted machine by machine:
 * three free laptops make three people ready and not everybody who waits. The queue puts those first who are ready
 * otherwise, then earlier waves, then lower numbers of moves.
 */
export function laptopRule({ laptop, stockInReach }: ReadinessFacts): Found {
  if (laptop !== null) {
    return { outcome: 'ready', reason: HOW[laptop.how], since: laptop.since, evidence: { deviceId: laptop.deviceId } };
  }
  return stockInReach
    ? { outcome: 'ready', reason: 'stock-in-reach', since: null, evidence: {} }
    : { outcome: 'not_ready', reason: 'stock-out-of-reach', since: null, evidence: {} };
}

/** The named laptop runs Windows 11; from stock only machines are counted that do, see `FREE_LAPTOPS`. */
export function windows11Rule({ laptop, stockInReach }: ReadinessFacts, { approvedModels }: ReadinessSettings): Found {
  if (laptop === null) return withoutLaptop(stockInReach);
  const evidence = {
    deviceId: laptop.deviceId,
    operatingSystemVersion: laptop.operatingSystemVersion,
    upgradeEligibility: laptop.upgradeEligibility,
  };
  const found = (outcome: Found['outcome'], reason: ReasonCode): Found => ({ outcome, reason, since: null, evidence });
  if (laptop.upgradeEligibility === 'notCapable') return found('not_ready', 'windows-11-impossible');
  if (laptop.upgradeEligibility === 'upgraded' || isWindows11(laptop.operatingSystemVersion)) {
    return found('ready', 'windows-11-runs');
  }
  const isApproved = approvedModels.some(
    ({ manufacturer, model }) => same(manufacturer, laptop.manufacturer) && same(model, laptop.model),
  );
  // A machine of an approved model that has not reported yet is set up with Windows 11 when it is given.
  if (isApproved && laptop.operatingSystemVersion === null) return found('ready', 'approved-model');
  if (laptop.upgradeEligibility === 'capable') return found('not_ready', 'windows-11-upgrade-due');
  return found('unknown', 'windows-11-not-known');
}

/** The laptop in service complies and was seen lately; one that is not in service yet is enrolled at the hand-over. */
export function healthRule(
  { laptop, stockInReach }: ReadinessFacts,
  { lastSeenDays }: ReadinessSettings,
  now: Date,
): Found {
  if (laptop === null) return withoutLaptop(stockInReach);
  const { complianceState, lastSeenAt, deviceId } = laptop;
  const evidence = { deviceId, complianceState, lastSeenAt: lastSeenAt?.toISOString() ?? null };
  const found = (outcome: Found['outcome'], reason: ReasonCode, since: Date | null = null): Found => ({
    ...{ outcome, reason, since, evidence },
  });
  if (complianceState === 'noncompliant' || complianceState === 'conflict' || complianceState === 'error') {
    return found('not_ready', 'not-compliant');
  }
  if (laptop.how !== 'held') return found('ready', 'fresh-from-stock');
  if (complianceState !== 'compliant' && complianceState !== 'inGracePeriod')
    return found('unknown', 'compliance-not-known');
  const oldest = now.getTime() - lastSeenDays * DAY;
  if (lastSeenAt === null) return found('unknown', 'not-seen-lately');
  if (lastSeenAt.getTime() < oldest) {
    return found('unknown', 'not-seen-lately', new Date(lastSeenAt.getTime() + lastSeenDays * DAY));
  }
  return found('ready', 'compliant');
}

function withoutLaptop(stockInReach: boolean): Found {
  return stockInReach
    ? { outcome: 'ready', reason: 'suitable-stock', since: null, evidence: {} }
    : { outcome: 'unknown', reason: 'no-laptop', since: null, evidence: {} };
}

function isWindows11(version: string | null): boolean {
  const build = /^10\.0\.(\d{5})(\.|$)/.exec(version ?? '')?.[1];
  return build !== undefined && Number(build) >= FIRST_WINDOWS_11_BUILD;
}

function same(approved: string, named: string | null): boolean {
  return named !== null && approved.trim().toLowerCase() === named.trim().toLowerCase();
}
