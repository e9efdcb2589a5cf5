import { deriveDesktop, type DesktopStanding, type DesktopTurn, type DesktopUse } from './derive-desktop.js';
import type { MoveFact } from './move-fact.js';
import type { ScopePicture } from './move-scope.js';
import type { MoveDesktop } from './move-standing.js';

/** A desktop that a person has or had. */
export interface PersonsDesktop {
  readonly deviceId: number;
  readonly moveId: number;
  readonly standing: DesktopStanding;
}

/** The last time in which the person had a desktop; an earlier one of the same desktop is settled by it. */
export interface PersonsUse {
  readonly deviceId: number;
  readonly use: DesktopUse;
}

/** How the desktops of a person stand at a time. */
export interface DesktopsAtTime {
  readonly all: readonly PersonsUse[];
  /** Those for which the move waits or waited. */
  readonly counted: readonly PersonsUse[];
  readonly open: readonly PersonsUse[];
  readonly unwiped: readonly PersonsUse[];
  readonly seenAgain: readonly PersonsUse[];
  /** When the last of the proofs came (milliseconds), 0 without any. */
  readonly lastProof: number;
  /** Others go on using one, and somebody said so. */
  readonly leftToOthers: boolean;
}

/** The desktops that the facts of a person name, in the order of their ids. */
export function desktopsOfPerson(
  facts: readonly MoveFact[],
  desktops: ReadonlyMap<number, DesktopStanding>,
): readonly PersonsDesktop[] {
  const own: PersonsDesktop[] = [];
  for (const { kind, deviceId, moveId } of facts) {
    if (kind !== 'desktop-assigned' && kind !== 'desktop-returned-to-use') continue;
    if (deviceId === null || moveId === null || own.some((desktop) => desktop.deviceId === deviceId)) continue;
    const standing = desktops.get(deviceId) ?? deriveDesktop(facts.filter((fact) => fact.deviceId === deviceId));
    own.push({ deviceId, moveId, standing });
  }
  return own.sort((one, other) => one.deviceId - other.deviceId);
}

/**
 * How the desktops stand at a time (milliseconds).
 *
 * @param statedNone - whether it is stated that the person has no desktop: then one that vanished is not waited for.
 */
export function desktopsAt(
  desktops: readonly PersonsDesktop[],
  scope: ScopePicture,
  statedNone: boolean,
  time: number,
): DesktopsAtTime {
  const all: PersonsUse[] = [];
  const counted: PersonsUse[] = [];
  for (const desktop of desktops) {
    const turn = turnAt(desktop, time);
    const use = latestUse(turn, desktop.moveId);
    if (turn === undefined || use === undefined) continue;
    all.push({ deviceId: desktop.deviceId, use });
    if (turn.isInScope && counts(use, scope, statedNone)) counted.push({ deviceId: desktop.deviceId, use });
  }
  return {
    all,
    counted,
    open: counted.filter(({ use }) => use.ending !== 'recovered'),
    unwiped: counted.filter(({ use }) => use.wipedAt === null),
    seenAgain: counted.filter(({ use }) => use.seenAgainAt !== null),
    lastProof: Math.max(0, ...counted.map(({ use }) => use.wipedAt?.getTime() ?? 0)),
    leftToOthers: all.some(({ use }) => isLeftToOthers(use, scope)),
  };
}

/** What was stated before somebody came back to the organisation does not hold any more. */
function isLeftToOthers({ ending, reason, until }: DesktopUse, { absences }: ScopePicture): boolean {
  if (ending !== 'released' || reason === null || until === null) return false;
  return absences.every((absence) => absence.until < until);
}

/** Whether the person had a desktop at `then`, apart from what is known at `time` to be none (both milliseconds). */
export function hadDesktop(desktops: readonly PersonsDesktop[], then: number, time: number): boolean {
  return desktops.some((desktop) => {
    const use = latestUse(turnAt(desktop, then), desktop.moveId);
    const isHad = use?.ending === null || use?.ending === 'gone';
    return isHad && turnAt(desktop, time)?.isInScope === true;
  });
}

function turnAt({ standing }: PersonsDesktop, time: number): DesktopTurn | undefined {
  return standing.turns.findLast(({ at }) => at.getTime() <= time);
}

function latestUse(turn: DesktopTurn | undefined, moveId: number): DesktopUse | undefined {
  return turn?.uses.findLast((use) => use.moveId === moveId);
}

/**
 * Not waited for: what others have now, what left the estate another way, and what had come back before the programme
 * or while the person was gone.
 */
function counts({ ending, until }: DesktopUse, scope: ScopePicture, statedNone: boolean): boolean {
  switch (ending) {
    case null:
      return true;
    case 'gone':
      return !statedNone;
    case 'recovered':
      return until === null || !isBeforeOrAbsent(until, scope);
    case 'released':
    case 'left_estate':
      return false;
  }
}

function isBeforeOrAbsent(at: Date, { firstEnteredAt, absences }: ScopePicture): boolean {
  return (
    (firstEnteredAt !== null && at < firstEnteredAt) || absences.some(({ from, until }) => from <= at && at <= until)
  );
}

/** The desktops as the standing of a move lists them. */
export function listDesktops(desktops: readonly PersonsDesktop[], at: DesktopsAtTime): readonly MoveDesktop[] {
  return desktops.flatMap(({ deviceId, standing }) => {
    const isThis = (of: PersonsUse) => of.deviceId === deviceId;
    const use = at.all.find(isThis)?.use;
    if (use === undefined) return [];
    const isRecovered = use.ending === 'recovered';
    const isWiped = isRecovered && use.wipedAt !== null;
    return {
      deviceId,
      since: use.since,
      counts: at.counted.some(isThis),
      recoveredAt: isRecovered ? use.until : null,
      wipedAt: isWiped ? use.wipedAt : null,
      evidence: isWiped ? use.evidence : null,
      standing,
    };
  });
}
