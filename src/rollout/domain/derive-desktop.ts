import { applyFact, type FactHandlers } from './fact-handlers.js';
import { factsThatCount } from './facts-that-count.js';
import type { AssignmentSource, MoveFact } from './move-fact.js';
import type { DesktopState, ScopeReason } from './move-words.js';

/** The time in which one person had a desktop, and how it ended for them. */
export interface DesktopUse {
  readonly moveId: number;
  readonly by: AssignmentSource;
  readonly since: Date;
  /** When they let go of it while nobody else had it: it is still to come back from them. */
  readonly leftAt: Date | null;
  /** Null while the desktop is still to come back from this person. */
  readonly until: Date | null;
  readonly ending: DesktopUseEnding | null;
  /** What was stated when others went on using it; null where nobody stated anything. */
  readonly reason: string | null;
  /** The wipe after this person's time, only with evidence. */
  readonly wipedAt: Date | null;
  readonly evidence: string | null;
  /** When it was seen again although it had been recovered from this person. */
  readonly seenAgainAt: Date | null;
}

/**
 * `recovered`: it came back. `released`: others have it. `left_estate`: stolen, written off or disposed of. `gone`: no
 * source has it any more, and nobody said why.
 */
export type DesktopUseEnding = 'recovered' | 'released' | 'left_estate' | 'gone';

/** Where a desktop stands, as it follows from its facts. */
export interface DesktopStanding {
  readonly state: DesktopState;
  /** Time of the fact that brought the state. */
  readonly since: Date;
  readonly scopeReason: ScopeReason;
  /** Proof of the wipe; never null for a desktop that is wiped. */
  readonly evidence: string | null;
  readonly recoveredAt: Date | null;
  /** The first sight since it was recovered, or since it was wiped. */
  readonly seenAfterRecoveryAt: Date | null;
  /** Moves of the people who have it now. */
  readonly users: readonly number[];
  /** What each fact made of it, in the order of their times; the last is how it is now. */
  readonly turns: readonly DesktopTurn[];
}

/** A desktop from one fact to the next. */
export interface DesktopTurn {
  readonly at: Date;
  readonly isInScope: boolean;
  /** Everybody who had it until then, in the order in which they got it. */
  readonly uses: readonly DesktopUse[];
}

type Changing<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] };

type OpenUse = Changing<DesktopUse>;

/** What the facts so far say about a desktop. */
interface DesktopPicture {
  entryReason: ScopeReason;
  outOfScope: ScopeReason | null;
  uses: OpenUse[];
  returnDue: boolean;
  recoveredAt: Date | null;
  wiped: { readonly at: Date; readonly evidence: string } | null;
  seenAt: Date | null;
  left: 'stolen' | 'written_off' | 'disposed' | 'gone' | null;
}

/**
 * Where a desktop stands, worked out from all facts that name it, in whatever order they come. It remains until it is
 * recovered; it is done when it is recovered and wiped with evidence. Without any fact it is in use since 1970.
 */
export function deriveDesktop(facts: readonly MoveFact[]): DesktopStanding {
  const picture: DesktopPicture = {
    entryReason: 'baseline',
    outOfScope: null,
    uses: [],
    returnDue: false,
    recoveredAt: null,
    wiped: null,
    seenAt: null,
    left: null,
  };
  let state: DesktopState | null = null;
  let since = new Date(0);
  const turns: DesktopTurn[] = [];
  for (const fact of factsThatCount(facts)) {
    applyFact(HANDLERS, picture, fact);
    const next = stateOf(picture);
    if (next !== state) since = fact.at;
    state = next;
    turns.push({ at: fact.at, isInScope: next !== 'out_of_scope', uses: picture.uses.map((use) => ({ ...use })) });
  }
  return standingOf(picture, state ?? 'in_use', since, turns);
}

function standingOf(
  picture: DesktopPicture,
  state: DesktopState,
  since: Date,
  turns: readonly DesktopTurn[],
): DesktopStanding {
  return {
    state,
    since,
    scopeReason: scopeReasonOf(picture, state),
    evidence: state === 'wiped' ? (picture.wiped?.evidence ?? null) : null,
    recoveredAt: picture.recoveredAt,
    seenAfterRecoveryAt: picture.seenAt,
    users: picture.uses.filter(isHeld).map(({ moveId }) => moveId),
    turns,
  };
}

function scopeReasonOf(picture: DesktopPicture, state: DesktopState): ScopeReason {
  if (state === 'out_of_scope' && picture.outOfScope !== null) return picture.outOfScope;
  return state === 'left_estate' && picture.left !== null ? picture.left : picture.entryReason;
}

function stateOf(picture: DesktopPicture): DesktopState {
  if (picture.outOfScope !== null) return 'out_of_scope';
  if (picture.recoveredAt !== null && picture.wiped !== null) return 'wiped';
  if (picture.left !== null) return 'left_estate';
  if (picture.recoveredAt !== null) return 'recovered';
  const nobodyLeft = picture.uses.some(isOpen) && !picture.uses.some(isHeld);
  return picture.returnDue || nobodyLeft ? 'return_due' : 'in_use';
}

const HANDLERS: FactHandlers<DesktopPicture> = {
  'entered-scope': (picture, { moveId, details }) => {
    if (moveId === null) enterScope(picture, details.reason);
  },
  'left-scope': (picture, { moveId, details }) => {
    if (moveId === null) picture.outOfScope = details.reason;
  },
  'desktop-reclassified': (picture) => {
    picture.outOfScope = 'reclassified';
  },
  'desktop-assigned': (picture, { moveId, details, at }) => {
    if (moveId !== null) assign(picture, moveId, details.by, at);
  },
  'desktop-released': (picture, { moveId, details, at }) => {
    if (moveId !== null) release(picture, moveId, details.reason, at);
  },
  'desktop-return-due': (picture) => {
    picture.returnDue = true;
  },
  'desktop-recovered': (picture, { at }) => recover(picture, at),
  'desktop-wiped': (picture, { at, details }) => {
    if (details.evidence !== null) wipe(picture, at, details.evidence);
  },
  'desktop-returned-to-use': (picture, { moveId, at }) => {
    returnToUse(picture);
    if (moveId !== null) assign(picture, moveId, 'custody', at);
  },
  'desktop-seen': (picture, { at }) => see(picture, at),
  'desktop-left-estate': (picture, { at, details }) => leaveEstate(picture, details.reason, at),
};

function enterScope(picture: DesktopPicture, reason: ScopeReason): void {
  picture.entryReason = reason;
  picture.outOfScope = null;
}

/**
 * Gives the desktop to somebody. Of one that came back or left, only custody can say that it is in use again: Intune
 * keeps a primary user long after, and what somebody states is a sight of it.
 */
function assign(picture: DesktopPicture, moveId: number, by: AssignmentSource, at: Date): void {
  if (picture.recoveredAt !== null || (picture.left !== null && picture.left !== 'gone')) {
    if (by === 'statement') see(picture, at);
    if (by !== 'custody') return;
    returnToUse(picture);
  }
  if (by === 'custody') picture.returnDue = false;
  if (picture.left === 'gone') comeBack(picture);
  const open = picture.uses.find((use) => use.moveId === moveId && isOpen(use));
  if (open === undefined) picture.uses.push(newUse(moveId, by, at));
  else Object.assign(open, { leftAt: null, reason: null, by: by === 'custody' ? by : open.by });
  for (const use of picture.uses) if (use.moveId !== moveId && use.leftAt !== null) end(use, 'released', at);
}

function newUse(moveId: number, by: AssignmentSource, since: Date): OpenUse {
  const unfinished = { until: null, ending: null, reason: null, wipedAt: null, evidence: null, seenAgainAt: null };
  return { moveId, by, since, ...unfinished, leftAt: null };
}

/** Somebody has it no more. Where nobody else has it, it is still to come back from them. */
function release(picture: DesktopPicture, moveId: number, reason: string | null, at: Date): void {
  const use = picture.uses.find((candidate) => candidate.moveId === moveId && isOpen(candidate));
  if (use === undefined) return;
  use.reason = reason;
  if (picture.uses.some((other) => other !== use && isHeld(other))) end(use, 'released', at);
  else use.leftAt ??= at;
}

/** It came back. After a sight of it an earlier wipe proves nothing, whether it came back before or not. */
function recover(picture: DesktopPicture, at: Date): void {
  if (picture.recoveredAt !== null && picture.seenAt === null && picture.left === null) return;
  if (picture.seenAt !== null) {
    picture.wiped = null;
    for (const use of picture.uses) if (use.seenAgainAt !== null) Object.assign(use, UNWIPED, { until: at });
  }
  picture.recoveredAt = at;
  picture.seenAt = null;
  picture.left = null;
  for (const use of picture.uses) {
    if (isOpen(use) || use.ending === 'gone' || use.ending === 'left_estate') end(use, 'recovered', at);
  }
  if (picture.wiped !== null) proveWipe(picture, picture.wiped.evidence, at);
}

const UNWIPED = { wipedAt: null, evidence: null, seenAgainAt: null } as const;

/** A wipe with evidence; done before the desktop comes back, it counts once it is back. */
function wipe(picture: DesktopPicture, at: Date, evidence: string): void {
  if (picture.wiped !== null && picture.seenAt === null) return;
  picture.wiped = { at, evidence };
  if (picture.recoveredAt === null) return;
  picture.seenAt = null;
  proveWipe(picture, evidence, at);
}

function proveWipe(picture: DesktopPicture, evidence: string, at: Date): void {
  for (const use of picture.uses) {
    if (use.ending !== 'recovered') continue;
    if (use.wipedAt === null || use.seenAgainAt !== null) Object.assign(use, { wipedAt: at, evidence });
    use.seenAgainAt = null;
  }
}

/** In use again with IT's knowledge, by whomever: nothing that was proven for those before is lost. */
function returnToUse(picture: DesktopPicture): void {
  for (const use of picture.uses) use.seenAgainAt = null;
  Object.assign(picture, { recoveredAt: null, wiped: null, seenAt: null, left: null, returnDue: false });
}

/** A sign of life. */
function see(picture: DesktopPicture, at: Date): void {
  if (picture.left === 'gone') comeBack(picture);
  if (picture.recoveredAt === null) {
    if (picture.wiped !== null && picture.wiped.at < at) picture.wiped = null;
    return;
  }
  picture.seenAt ??= at;
  for (const use of picture.uses) {
    if (use.ending === 'recovered' && use.until !== null && use.until >= picture.recoveredAt) use.seenAgainAt ??= at;
  }
}

/** What had vanished from every source is there again. */
function comeBack(picture: DesktopPicture): void {
  picture.left = null;
  for (const use of picture.uses) if (use.ending === 'gone') Object.assign(use, { ending: null, until: null });
}

/** That a recovered desktop vanishes from the sources is what should happen; it says nothing new. */
function leaveEstate(picture: DesktopPicture, reason: NonNullable<DesktopPicture['left']>, at: Date): void {
  if (reason === 'gone' && (picture.recoveredAt !== null || picture.left !== null)) return;
  picture.left = reason;
  for (const use of picture.uses) {
    if (isOpen(use) || use.ending === 'gone') end(use, reason === 'gone' ? 'gone' : 'left_estate', at);
  }
}

function end(use: OpenUse, ending: DesktopUseEnding, at: Date): void {
  Object.assign(use, { ending, until: at, leftAt: null });
}

function isOpen(use: OpenUse): boolean {
  return use.ending === null;
}

function isHeld(use: OpenUse): boolean {
  return isOpen(use) && use.leftAt === null;
}
