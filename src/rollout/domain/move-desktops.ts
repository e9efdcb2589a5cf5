import { deriveDesktop, type DesktopStanding, type DesktopUse } from './derive-desktop.js';
import type { MoveFact } from './move-fact.js';
import type { ScopePicture } from './move-scope.js';
import type { MoveDesktop } from './move-standing.js';

/** One time in which the person had a desktop. */
export interface PersonsUse {
  readonly deviceId: number;
  readonly use: DesktopUse;
  readonly standing: DesktopStanding;
}

/** How the desktops of a person stand at a time. */
export interface DesktopsAtTime {
  /** Those for which the move waits or waited. */
  readonly counted: readonly PersonsUse[];
  readonly open: readonly PersonsUse[];
  readonly unwiped: readonly PersonsUse[];
  readonly seenAgain: readonly PersonsUse[];
  /** When the last of the proofs came, 0 without any. */
  readonly lastProof: number;
  /** Others go on using one, and somebody said so. */
  readonly leftToOthers: boolean;
}

/** Every time in which the person had a desktop, from the desktops that their facts name, by the id of the device. */
export function usesOfPerson(
  facts: readonly MoveFact[],
  desktops: ReadonlyMap<number, DesktopStanding>,
): readonly PersonsUse[] {
  const uses: PersonsUse[] = [];
  const known = new Set<number>();
  for (const { kind, deviceId, moveId } of facts) {
    if (kind !== 'desktop-assigned' && kind !== 'desktop-returned-to-use') continue;
    if (deviceId === null || known.has(deviceId)) continue;
    known.add(deviceId);
    const standing = desktops.get(deviceId) ?? deriveDesktop(facts.filter((fact) => fact.deviceId === deviceId));
    for (const use of standing.uses) if (use.moveId === moveId) uses.push({ deviceId, use, standing });
  }
  return uses.sort((one, other) => one.deviceId - other.deviceId);
}

/** The times at which something about these uses changed. */
export function turnsOf(uses: readonly PersonsUse[]): readonly Date[] {
  return uses.flatMap(({ use, standing }) =>
    [
      use.since,
      use.until,
      use.wipedAt,
      use.seenAgainAt,
      standing.state === 'out_of_scope' ? standing.since : null,
    ].filter((time) => time !== null),
  );
}

/**
 * How the desktops stand at a time (milliseconds).
 *
 * @param statedNone - whether it is stated that the person has no desktop: then one that vanished is not waited for.
 */
export function desktopsAt(
  uses: readonly PersonsUse[],
  scope: ScopePicture,
  statedNone: boolean,
  time: number,
): DesktopsAtTime {
  const counted = uses.filter((use) => countsAt(use, scope, statedNone, time));
  return {
    counted,
    open: counted.filter(({ use }) => use.ending !== 'recovered' || !isPast(use.until, time)),
    unwiped: counted.filter(({ use }) => !isPast(use.wipedAt, time)),
    seenAgain: counted.filter(({ use }) => isPast(use.seenAgainAt, time)),
    lastProof: Math.max(0, ...counted.map(({ use }) => (isPast(use.wipedAt, time) ? use.wipedAt.getTime() : 0))),
    leftToOthers: uses.some(({ use }) => use.ending === 'released' && use.reason !== null && isPast(use.until, time)),
  };
}

/** Whether the person had a desktop of the programme at a time. */
export function hadDesktopAt(uses: readonly PersonsUse[], at: Date): boolean {
  return uses.some(
    ({ use, standing }) =>
      standing.state !== 'out_of_scope' && use.since <= at && (use.until === null || use.until > at),
  );
}

/**
 * Not waited for: what others have now, what left the estate another way, what is no desktop, and what had come back
 * before the programme or while the person was gone.
 */
function countsAt({ use, standing }: PersonsUse, scope: ScopePicture, statedNone: boolean, time: number): boolean {
  if (use.since.getTime() > time) return false;
  if (standing.state === 'out_of_scope' && isPast(standing.since, time)) return false;
  if (!isPast(use.until, time)) return true;
  const { until } = use;
  switch (use.ending) {
    case 'gone':
      return !statedNone;
    case 'recovered':
      return (
        (scope.firstEnteredAt === null || until >= scope.firstEnteredAt) &&
        !scope.absences.some((absence) => absence.from <= until && until <= absence.until)
      );
    case 'released':
    case 'left_estate':
    case null:
      return false;
  }
}

/** The desktops as the standing of a move lists them, one for each device. */
export function listDesktops(uses: readonly PersonsUse[], at: DesktopsAtTime): readonly MoveDesktop[] {
  return uses
    .filter(({ deviceId }, index) => uses[index + 1]?.deviceId !== deviceId)
    .map(({ deviceId, use: latest, standing }) => {
      const counted = at.counted.filter((use) => use.deviceId === deviceId);
      const use = counted.at(-1)?.use ?? latest;
      const isOpen = at.open.some((open) => open.deviceId === deviceId);
      const isUnwiped = at.unwiped.some((unwiped) => unwiped.deviceId === deviceId);
      return {
        deviceId,
        since: use.since,
        counts: counted.length > 0,
        recoveredAt: isOpen || use.ending !== 'recovered' ? null : use.until,
        wipedAt: isOpen || isUnwiped ? null : use.wipedAt,
        evidence: isOpen || isUnwiped ? null : use.evidence,
        standing,
      };
    });
}

function isPast(date: Date | null, time: number): date is Date {
  return date !== null && date.getTime() <= time;
}
