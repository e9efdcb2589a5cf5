import type { ReadinessOutcome, WorkStyle } from './move-words.js';

/**
 * Everything that can be known of a move, by what it is about. A fact is never changed: what was wrong is retracted by
 * another, which names the same move and device as the fact that it retracts. Facts about a person name their move,
 * facts about a desktop name the device, and those that tie the two name both. `entered-scope` and `left-scope` are
 * about a person when they name a move, and about a desktop when they name only a device.
 */
export const MOVE_FACT_KINDS = [
  // The person and the scope.
  'entered-scope',
  'left-scope',
  'left-organisation',
  'returned-to-organisation',
  'exempted',
  'exemption-ended',
  'deferred',
  'deferral-ended',
  'work-style-proposed',
  'work-style-confirmed',
  'assessed',
  // What ties a person to a machine.
  'desktop-assigned',
  'desktop-released',
  'no-desktop-stated',
  'laptop-assigned',
  'laptop-received',
  'laptop-observed',
  'laptop-returned',
  // Desktops, whoever uses them.
  'desktop-return-due',
  'desktop-recovered',
  'desktop-wiped',
  'desktop-returned-to-use',
  'desktop-seen',
  'desktop-left-estate',
  'desktop-reclassified',
  // Appointments.
  'slot-booked',
  'slot-cancelled',
  'slot-missed',
  'slot-attended',
  // What was computed, and what was decided.
  'readiness-changed',
  'rolled-back',
  'reopened',
  'retracted',
] as const;
export type MoveFactKind = (typeof MOVE_FACT_KINDS)[number];

/** What goes with the facts of each kind; a kind that is not named has nothing. */
export interface MoveFactDetails {
  'entered-scope': {
    readonly reason: 'baseline' | 'joiner' | 'rehire' | 'rule' | 'reclassified' | 'exemption_ended';
  };
  'left-scope': { readonly reason: 'rule' | 'reclassified' };
  exempted: { readonly reason: string; readonly until: string | null };
  /** `until` is a day (ISO 8601, Europe/London): the move is taken up again on it. */
  deferred: { readonly reason: 'parental_leave' | 'sickness' | 'secondment' | 'other'; readonly until: string };
  'work-style-proposed': { readonly workStyle: WorkStyle; readonly because: string };
  'work-style-confirmed': { readonly workStyle: WorkStyle };
  'desktop-assigned': { readonly by: AssignmentSource };
  /** `reason` is what a person stated, such as that others still use it; null where it was only observed. */
  'desktop-released': { readonly reason: string | null };
  'no-desktop-stated': { readonly reason: string };
  'laptop-assigned': { readonly by: AssignmentSource };
  /** Number of the certificate or of the result that proves the wipe. */
  'desktop-wiped': { readonly evidence: string | null };
  'desktop-seen': { readonly source: string };
  'desktop-left-estate': { readonly reason: 'stolen' | 'written_off' | 'disposed' | 'gone' };
  'slot-booked': { readonly bookingId: number; readonly startsAt: string; readonly delivery: boolean };
  'slot-cancelled': { readonly bookingId: number };
  'slot-missed': { readonly bookingId: number };
  'slot-attended': { readonly bookingId: number };
  'readiness-changed': { readonly outcome: ReadinessOutcome; readonly rules: readonly string[] };
  'rolled-back': { readonly reason: string };
  reopened: { readonly reason: string };
  /** Key of the fact that was wrong. */
  retracted: { readonly key: string; readonly reason: string };
}

/** How it is known that somebody has a machine. */
export type AssignmentSource = 'custody' | 'primary-user' | 'statement';

type DetailsOf<Kind extends MoveFactKind> = Kind extends keyof MoveFactDetails
  ? MoveFactDetails[Kind]
  : Readonly<Record<string, never>>;

interface FactOf<Kind extends MoveFactKind> {
  readonly kind: Kind;
  /** The move that it is about; null for what is known of a desktop, whoever uses it. */
  readonly moveId: number | null;
  readonly deviceId: number | null;
  /** When it was so, as well as is known. */
  readonly at: Date;
  readonly details: DetailsOf<Kind>;
  /** What it was read from, such as `custody_event:17`; the same key is never recorded twice. */
  readonly key: string;
}

/** One fact, of any kind. */
export type MoveFact = { [Kind in MoveFactKind]: FactOf<Kind> }[MoveFactKind];

/** A fact with the time at which Untether learned it. */
export type RecordedMoveFact = MoveFact & { readonly recordedAt: Date };
