import { hasHolder, type Origin } from './standing.js';

/** What bears on whether the custody of a machine can be true. People are object ids in Entra ID. */
export interface DoubtFacts {
  readonly standing: Origin;
  readonly holder: string | null;
  /** Since when it is in this standing; milliseconds since 1970. */
  readonly since: number | null;
  /** Whether the holder is in the directory with an enabled account; null without a holder. */
  readonly holderActive: boolean | null;
  readonly primaryUser: string | null;
  /** Who was last seen to sign in; null when no source says. */
  readonly observedUser: string | null;
  readonly presence: 'present' | 'missing' | 'gone';
  /** Records of sources that speak of it. */
  readonly recordCount: number;
  readonly lastSeenAt: number | null;
  readonly contested: boolean;
}

export const DOUBT_CODES = [
  'contested',
  'held-by-leaver',
  'primary-user-differs',
  'observed-user-differs',
  'users-differ',
  'vanished-while-held',
  'seen-after-return',
  'used-while-in-stock',
  'in-stock-with-user',
] as const;
export type DoubtCode = (typeof DOUBT_CODES)[number];

/** Something about the custody of a machine that cannot be right, in words, with what to do. */
export interface Doubt {
  readonly code: DoubtCode;
  readonly message: string;
  readonly advice: string;
}

const RETURNED: readonly Origin[] = [
  'recovered',
  'wiped',
  'awaiting_disposal',
  'disposed',
  'missing',
  'stolen',
  'written_off',
];
const IN_STOCK: readonly Origin[] = ['in_stock:available', 'in_stock:held', 'in_stock:quarantined', 'in_stock:repair'];
/**
 * A machine that is wiped, imaged or repaired signs in once more within hours, and what a source saw is reported late;
 * two days later it is somebody who uses it.
 */
const GRACE = 2 * 86_400_000;

/** Everything doubtful about the custody of a machine, the worst first. No synchronisation ever settles these: a person does. */
export function doubtsOf(facts: DoubtFacts): Doubt[] {
  const doubts: Doubt[] = [];
  const add = (code: DoubtCode, message: string, advice: string): void => {
    doubts.push({ code, message, advice });
  };
  const isHeld = hasHolder(facts.standing) && facts.standing !== 'allocated';
  const seenSince = facts.since !== null && facts.lastSeenAt !== null && facts.lastSeenAt > facts.since + GRACE;

  if (facts.contested) {
    add('contested', 'Two custodies are recorded of this machine.', 'Say which of them is right.');
  }
  if (isHeld && facts.holderActive === false) {
    add(
      'held-by-leaver',
      'The holder has left, or their account is disabled.',
      'Ask for its return, and take it back.',
    );
  }
  if (isHeld && facts.primaryUser !== null && facts.primaryUser !== facts.holder) {
    add(
      'primary-user-differs',
      'Intune names another person than the holder as the primary user.',
      'Find out who has it: transfer it here, or change the primary user in Intune.',
    );
  }
  if (isHeld && facts.observedUser !== null && facts.observedUser !== facts.holder) {
    add(
      'observed-user-differs',
      'Somebody else than the holder was the last to sign in.',
      'Ask the holder whether they still have it; if they do not, transfer it.',
    );
  }
  if (
    facts.standing === 'none' &&
    facts.primaryUser !== null &&
    facts.observedUser !== null &&
    facts.primaryUser !== facts.observedUser
  ) {
    add(
      'users-differ',
      'Somebody else than the primary user in Intune was the last to sign in, and no custody is recorded.',
      'Find out who has it and record a hand-over.',
    );
  }
  if ((isHeld || facts.standing.endsWith(':shared')) && facts.recordCount > 0 && facts.presence !== 'present') {
    add(
      'vanished-while-held',
      'Microsoft Graph no longer shows this machine, but it is in somebody\u2019s hands.',
      'Have it checked: it may be lost, replaced, or taken out of management by mistake.',
    );
  }
  if (RETURNED.includes(facts.standing) && seenSince) {
    add(
      'seen-after-return',
      `It was seen online after it was ${pastOf(facts.standing)}.`,
      'Find out where it is, and record it: it is found, or another machine has its number.',
    );
  }
  if (IN_STOCK.includes(facts.standing) && seenSince) {
    add(
      'used-while-in-stock',
      'It was seen online since it came into stock.',
      'Look for it on the shelf; if somebody has it, record a hand-over.',
    );
  } else if (IN_STOCK.includes(facts.standing) && facts.primaryUser !== null && facts.lastSeenAt !== null) {
    add(
      'in-stock-with-user',
      'It is in stock, but Intune still names a primary user.',
      'Remove the Intune record of its earlier use, or look who has the machine.',
    );
  }
  return doubts;
}

const PAST: Readonly<Partial<Record<Origin, string>>> = {
  wiped: 'wiped',
  awaiting_disposal: 'sent to disposal',
  disposed: 'disposed of',
  missing: 'reported missing',
  stolen: 'reported stolen',
  written_off: 'written off',
};

function pastOf(standing: Origin): string {
  return PAST[standing] ?? 'taken back';
}
