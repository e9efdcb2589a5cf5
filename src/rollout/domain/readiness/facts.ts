import type { MoveAnswerTo, MoveQuestion } from '../move-answers.js';
import type { ReadinessOutcome, WorkStyle } from '../move-words.js';
import type { ReadinessRule } from './rules.js';

/** The laptop that somebody has or is to get. */
export interface NamedLaptop {
  readonly deviceId: number;
  /** In their hands, or put aside for them, by the stock room or by a booking. */
  readonly how: 'held' | 'allocated';
  readonly since: Date | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystemVersion: string | null;
  /** Of the readiness report: `upgraded`, `capable`, `notCapable` or `unknown`; null when no source says. */
  readonly upgradeEligibility: string | null;
  readonly complianceState: string | null;
  readonly lastSeenAt: Date | null;
}

/** The latest answer to a question; without what is private. */
export interface Answer<Question extends MoveQuestion> {
  readonly answer: MoveAnswerTo<Question>;
  readonly at: Date;
  /** Names that go with `listed`. */
  readonly listed: readonly string[];
}
export type Answers = { readonly [Question in MoveQuestion]?: Answer<Question> };

/** What the network says of a site or a home, as the network's own rules decide. */
export interface NetworkVerdict {
  readonly outcome: ReadinessOutcome;
  readonly since: Date | null;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** An application that people need, and whether it works on the laptops. */
export interface ApplicationState {
  readonly id: number;
  readonly name: string;
  readonly state: ReadinessOutcome;
  readonly owner: string | null;
  readonly since: Date;
}

/** A waiver that holds. */
export interface LiveWaiver {
  readonly id: number;
  readonly rule: ReadinessRule;
}

/** Everything about one person that the rules look at. */
export interface ReadinessFacts {
  readonly moveId: number;
  readonly personEntraId: string;
  readonly managerEntraId: string | null;
  readonly workStyle: WorkStyle | null;
  /** The office that the directory names. */
  readonly office: string | null;
  readonly laptop: NamedLaptop | null;
  /** Whether free stock reaches to the person's place in the queue for laptops. */
  readonly stockInReach: boolean;
  /** The best of the assignments of a product that serves. */
  readonly licence: 'active' | 'failed' | 'none';
  readonly answers: Answers;
  readonly waivers: readonly LiveWaiver[];
  readonly home: NetworkVerdict;
}

/** What the rules look at besides the person. */
export interface ReadinessSurroundings {
  readonly sites: ReadonlyMap<string, NetworkVerdict>;
  /** By name in lower case. */
  readonly applications: ReadonlyMap<string, ApplicationState>;
}

/** What is said of a network that nothing is known of. */
export const NETWORK_NOT_KNOWN: NetworkVerdict = { outcome: 'unknown', since: null, evidence: {} };
