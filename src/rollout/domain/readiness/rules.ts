import type { ReadinessOutcome } from '../move-words.js';

/** The rules of readiness. What people answer or machines report decides them; nobody sets an outcome. */
export const READINESS_RULES = [
  'laptop',
  'windows-11',
  'health',
  'licence',
  'network-site',
  'network-home',
  'applications',
  'assistive-technology',
  'local-data',
  'manager-word',
  'training',
] as const;
export type ReadinessRule = (typeof READINESS_RULES)[number];

/** Whether a text is the name of a rule. */
export function isReadinessRule(text: string): text is ReadinessRule {
  return READINESS_RULES.some((rule) => rule === text);
}

export const RULE_WORDS: Readonly<Record<ReadinessRule, string>> = {
  laptop: 'A laptop to give',
  'windows-11': 'Windows 11',
  health: 'Health of the laptop',
  licence: 'Licence',
  'network-site': 'Network at the usual sites',
  'network-home': 'Network at home',
  applications: 'Applications',
  'assistive-technology': 'Assistive technology',
  'local-data': 'Files on the desktop’s disk',
  'manager-word': 'The manager’s word',
  training: 'Training',
};

/** Why a rule says what it says, in words that end with what to do where there is something to do. */
export const REASON_WORDS = {
  // A laptop to give.
  'has-laptop': 'Has a laptop already.',
  'laptop-allocated': 'A laptop is put aside.',
  'stock-in-reach': 'Enough free laptops for everybody up to here in the queue.',
  'stock-out-of-reach': 'No free laptop is left at this place in the queue. Order or free some, or allocate one.',
  // Windows 11.
  'windows-11-runs': 'Runs Windows 11.',
  'approved-model': 'A model that the programme has approved.',
  'suitable-stock': 'Comes from stock that qualifies.',
  'windows-11-upgrade-due': 'Can run Windows 11 and does not yet. Upgrade it.',
  'windows-11-impossible': 'Cannot run Windows 11. Give another laptop.',
  'windows-11-not-known': 'No source says what it runs.',
  // Health.
  compliant: 'Complies with the policies and was seen lately.',
  'fresh-from-stock': 'Not in service yet; it is enrolled at the hand-over.',
  'not-compliant': 'Does not comply with the policies. Put it right.',
  'compliance-not-known': 'No source says whether it complies.',
  'not-seen-lately': 'Has not been seen for too long. Have it switched on.',
  'no-laptop': 'Waits until there is a laptop.',
  // Licence.
  'licence-assigned': 'One of the programme’s licences is assigned.',
  'licence-failed': 'A licence is assigned with an error. Put the assignment right.',
  'licence-missing': 'None of the programme’s licences is assigned. Assign one.',
  'licences-not-set': 'The settings do not say which licences serve.',
  // Network.
  'network-ready': 'The network serves.',
  'network-not-ready': 'The network of the site does not serve. Put right what its page names.',
  'network-not-known':
    'Nothing recent enough is known of the network of the site. Enter or measure what its page names.',
  'site-too-small': 'The network of the site is too small once this wave has moved. Enlarge it, or move the wave.',
  'home-not-ready': 'The network at home does not serve. Help the person with it, or agree on another place to work.',
  'home-not-measured':
    'Nothing recent enough is known of the network at home. Ask the person to check their connection.',
  'remote-access-too-small': 'Remote access is too small once this wave has moved. Enlarge it, or move the wave.',
  'site-not-known': 'Nobody has said at which sites the person works. Ask them.',
  'no-usual-site': 'Works at no site.',
  // Applications.
  'no-special-applications': 'Needs no application that not everybody has.',
  'application-ready': 'Works on the laptops.',
  'application-not-ready': 'Does not work on the laptops yet.',
  'application-not-known': 'Nobody has said yet whether it works on the laptops.',
  // What people answer.
  'not-answered': 'Nobody has answered yet. Ask them.',
  'nothing-needed': 'Nothing is needed.',
  'in-place': 'Something is needed, and it is in place.',
  'on-order': 'Something is needed, and it is ordered.',
  'not-in-place': 'Something is needed, and it is not ordered yet.',
  'no-local-data': 'No files are on the desktop alone.',
  'local-data-moved': 'The files have been moved.',
  'local-data-remains': 'Files are on the desktop alone. Move them.',
  'local-data-not-sure': 'The person is not sure. Look at the disk.',
  'manager-agrees': 'The manager agrees.',
  'manager-not-yet': 'The manager says: not yet. Agree on a day.',
  'manager-refuses': 'The manager says no. Talk with them, defer or exempt the move.',
  'training-not-needed': 'No training is needed.',
  'training-done': 'The training is done.',
  'training-booked': 'The training is booked.',
  'training-wanted': 'Training is wanted and not booked. Book it.',
} as const satisfies Readonly<Record<string, string>>;
export type ReasonCode = keyof typeof REASON_WORDS;
export const REASON_CODES = Object.keys(REASON_WORDS) as ReasonCode[];

/**
 * What one rule says of one person. Rules about several things, such as sites or applications, say it of each: the
 * `subject`, empty for the others.
 */
export interface RuleResult {
  readonly rule: ReadinessRule;
  readonly subject: string;
  readonly outcome: ReadinessOutcome;
  readonly reason: ReasonCode;
  /** Who can clear it: `person:` and an object id, or the name of a role or queue. */
  readonly owner: string;
  /** Since when, where a fact tells it. */
  readonly since: Date | null;
  /** What it was read from; numbers of records, times and closed words, never what is private. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Whether the person cannot move before it is ready, by the settings for their way of working. */
  readonly gates: boolean;
  /** The waiver that holds; null when there is none, or none is needed. */
  readonly waiverId: number | null;
  /** Whether it stands in the way now. */
  readonly blocks: boolean;
}

/** A result before settings and waivers are applied to it. */
export type Finding = Omit<RuleResult, 'gates' | 'waiverId' | 'blocks'>;

/** What is true of all results together: unknown never counts as ready, and what is known not to be comes first. */
export function overallOf(results: readonly RuleResult[]): ReadinessOutcome {
  const inTheWay = results.filter(({ blocks }) => blocks);
  if (inTheWay.length === 0) return results.length === 0 ? 'unknown' : 'ready';
  return inTheWay.some(({ outcome }) => outcome === 'not_ready') ? 'not_ready' : 'unknown';
}
