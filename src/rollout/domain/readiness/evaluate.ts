import { assistiveTechnologyRule, localDataRule, managerWordRule, NOT_ANSWERED, trainingRule } from './answer-rules.js';
import type { ReadinessFacts, ReadinessSurroundings } from './facts.js';
import { healthRule, laptopRule, windows11Rule, type Found } from './laptop-rules.js';
import { homeRule, siteRule } from './network-rules.js';
import { READINESS_RULES, type ReadinessRule, type ReasonCode, type RuleResult } from './rules.js';
import { gatesFor, NAMED_OWNERS, type ReadinessSettings } from './settings.js';
import { inOrder } from './subjects.js';

type FoundOf = readonly [subject: string, found: Found];

/**
 * What every rule says of one person: the same facts and settings give the same results, in the order of the rules and
 * then of the subjects. What is not known is `unknown` and stands in the way like what is known not to be ready.
 */
export function evaluateReadiness(
  facts: ReadinessFacts,
  surroundings: ReadinessSurroundings,
  settings: ReadinessSettings,
  now: Date,
): readonly RuleResult[] {
  const gating = gatesFor(settings, facts.workStyle);
  const waivers = new Map(facts.waivers.map(({ rule, id }) => [rule, id]));
  const laptopBlocks = gating.has('laptop') && !waivers.has('laptop') && laptopRule(facts).outcome !== 'ready';
  return READINESS_RULES.flatMap((rule) =>
    findingsOf(rule, facts, surroundings, settings, now).map(([subject, found]): RuleResult => {
      const gates = gating.has(rule);
      const waiverId = found.outcome === 'ready' ? null : (waivers.get(rule) ?? null);
      // What is asked of a laptop is no obstacle of its own while the laptop itself is the obstacle.
      const follows = found.reason === 'no-laptop' && laptopBlocks;
      return {
        rule,
        subject,
        ...found,
        owner: found.owner ?? ownerOf(rule, facts, settings),
        gates,
        waiverId,
        blocks: gates && found.outcome !== 'ready' && waiverId === null && !follows,
      };
    }),
  );
}

function findingsOf(
  rule: ReadinessRule,
  facts: ReadinessFacts,
  surroundings: ReadinessSurroundings,
  settings: ReadinessSettings,
  now: Date,
): readonly FoundOf[] {
  switch (rule) {
    case 'laptop':
      return [['', laptopRule(facts)]];
    case 'windows-11':
      return [['', windows11Rule(facts, settings)]];
    case 'health':
      return [['', healthRule(facts, settings, now)]];
    case 'licence':
      return [['', licenceRule(facts, settings)]];
    case 'network-site':
      return siteRule(facts, surroundings);
    case 'network-home':
      return [['', homeRule(facts, surroundings)]];
    case 'applications':
      return applicationsRule(facts, surroundings);
    case 'assistive-technology':
      return [['', assistiveTechnologyRule(facts)]];
    case 'local-data':
      return [['', localDataRule(facts)]];
    case 'manager-word':
      return [['', managerWordRule(facts)]];
    case 'training':
      return [['', trainingRule(facts, settings)]];
  }
}

const LICENCE: Readonly<Record<ReadinessFacts['licence'], Pick<Found, 'outcome' | 'reason'>>> = {
  active: { outcome: 'ready', reason: 'licence-assigned' },
  failed: { outcome: 'not_ready', reason: 'licence-failed' },
  none: { outcome: 'not_ready', reason: 'licence-missing' },
};

function licenceRule({ licence }: ReadinessFacts, { licenceSkus }: ReadinessSettings): Found {
  if (licenceSkus.length === 0) return { outcome: 'unknown', reason: 'licences-not-set', since: null, evidence: {} };
  return { ...LICENCE[licence], since: null, evidence: {} };
}

const APPLICATION_REASONS = {
  ready: 'application-ready',
  not_ready: 'application-not-ready',
  unknown: 'application-not-known',
} as const satisfies Record<RuleResult['outcome'], ReasonCode>;

/** Every application that the person named, by what the programme's list says of it. */
function applicationsRule({ answers }: ReadinessFacts, { applications }: ReadinessSurroundings): readonly FoundOf[] {
  const answer = answers.applications;
  if (answer?.answer === 'none') {
    return [['', { outcome: 'ready', reason: 'no-special-applications', since: answer.at, evidence: {} }]];
  }
  if (answer?.answer !== 'listed' || answer.listed.length === 0) return [['', NOT_ANSWERED]];
  return inOrder(answer.listed).map((name): FoundOf => {
    const application = applications.get(name.toLowerCase());
    if (application === undefined) {
      return [name, { outcome: 'unknown', reason: 'application-not-known', since: answer.at, evidence: {} }];
    }
    const { id, state, since, owner } = application;
    const found = { outcome: state, reason: APPLICATION_REASONS[state], since, evidence: { applicationId: id } };
    return [application.name, owner === null ? found : { ...found, owner }];
  });
}

function ownerOf(
  rule: ReadinessRule,
  { managerEntraId, personEntraId }: ReadinessFacts,
  { owners }: ReadinessSettings,
): string {
  const owner = owners[rule];
  if (owner === NAMED_OWNERS.person) return `person:${personEntraId}`;
  if (owner === NAMED_OWNERS.manager) return managerEntraId === null ? 'Rollout managers' : `person:${managerEntraId}`;
  return owner;
}
