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

/** What is to be put right, by kind of record and its number; a number of null stands for the site or the home itself. */
export interface NetworkCause {
  readonly kind: string;
  readonly id: number | null;
}

/** Whether a network is large enough for those who are to use it, wave by wave. */
export interface NetworkRoom {
  /** What is to be enlarged. */
  readonly cause: NetworkCause;
  /** Last days (ISO 8601) of the waves after which it is too small. */
  readonly shortAfter: readonly string[];
  /** Whether it is too small once everybody has moved, also those who are in no wave. */
  readonly shortInTheEnd: boolean;
}

/** Which networks are large enough for whom. */
export interface NetworkRooms {
  /** By name of the site in lower case. */
  readonly sites: ReadonlyMap<string, NetworkRoom>;
  /** Everybody who works from elsewhere goes through these. */
  readonly remoteAccess: readonly NetworkRoom[];
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
  /** Last day of the person’s wave (ISO 8601); null in none. */
  readonly waveEndsOn: string | null;
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
  readonly rooms: NetworkRooms;
  /** By name in lower case. */
  readonly applications: ReadonlyMap<string, ApplicationState>;
}

/** What is said of a network that nothing is known of. */
export const NETWORK_NOT_KNOWN: NetworkVerdict = { outcome: 'unknown', since: null, evidence: {} };

/** What is said while nobody knows how large networks are. */
export const NO_ROOMS: NetworkRooms = { sites: new Map(), remoteAccess: [] };
