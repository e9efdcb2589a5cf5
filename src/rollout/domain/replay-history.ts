import type { DerivationSettings } from './derivation-settings.js';
import { deriveDesktop, type DesktopStanding } from './derive-desktop.js';
import { deriveMove } from './derive-move.js';
import type { RecordedMoveFact } from './move-fact.js';
import type { MoveStanding } from './move-standing.js';

/** A stretch of time from `from` until the next stretch, in which nothing about the standing changed. */
export interface Stretch<Standing> {
  readonly from: Date;
  readonly standing: Standing;
}

/** The history of a desktop in the time in which Untether knew it; the last stretch is `deriveDesktop` at `until`. */
export function replayDesktop(facts: readonly RecordedMoveFact[], until: Date): readonly Stretch<DesktopStanding>[] {
  const stretches: Stretch<DesktopStanding>[] = [];
  for (const time of recordedTimes(facts, until)) addStretch(stretches, time, deriveDesktop(knownAt(facts, time)));
  return stretches;
}

/**
 * The history of a move in the time in which Untether knew it: worked out anew whenever a fact was recorded, and on
 * each day on which time alone can have changed something. The last stretch is `deriveMove` at `until`.
 *
 * @param desktopFacts - by device, all facts that name the desktops of the move, whoever's they are
 */
export function replayMove(
  facts: readonly RecordedMoveFact[],
  desktopFacts: ReadonlyMap<number, readonly RecordedMoveFact[]>,
  settings: DerivationSettings,
  until: Date,
): readonly Stretch<MoveStanding>[] {
  const desktops = [...desktopFacts].map(([deviceId, itsFacts]) => ({
    deviceId,
    history: replayDesktop(itsFacts, until),
  }));
  const times = recordedTimes([...facts, ...[...desktopFacts.values()].flat()], until);
  const stretches: Stretch<MoveStanding>[] = [];
  for (const [index, time] of times.entries()) {
    const known = knownAt(facts, time);
    if (known.length === 0) continue;
    const standings = standingsAt(desktops, time);
    const next = times[index + 1] ?? new Date(until.getTime() + 1);
    for (let check: Date | null = time; check !== null && check < next;) {
      const standing = deriveMove(known, standings, settings, check);
      addStretch(stretches, check, standing);
      check = standing.nextCheckAt;
    }
  }
  return stretches;
}

function recordedTimes(facts: readonly RecordedMoveFact[], until: Date): readonly Date[] {
  const times = new Set(facts.map(({ recordedAt }) => recordedAt.getTime()));
  return [...times]
    .filter((time) => time <= until.getTime())
    .sort((one, other) => one - other)
    .map((time) => new Date(time));
}

function knownAt(facts: readonly RecordedMoveFact[], time: Date): readonly RecordedMoveFact[] {
  return facts.filter(({ recordedAt }) => recordedAt <= time);
}

function standingsAt(
  desktops: readonly { readonly deviceId: number; readonly history: readonly Stretch<DesktopStanding>[] }[],
  time: Date,
): ReadonlyMap<number, DesktopStanding> {
  const standings = new Map<number, DesktopStanding>();
  for (const { deviceId, history } of desktops) {
    const standing = history.findLast(({ from }) => from <= time)?.standing;
    if (standing !== undefined) standings.set(deviceId, standing);
  }
  return standings;
}

/** Adds a stretch where the standing differs from that of the stretch before. */
function addStretch<Standing>(stretches: Stretch<Standing>[], from: Date, standing: Standing): void {
  const before = stretches.at(-1);
  if (before !== undefined && JSON.stringify(before.standing) === JSON.stringify(standing)) return;
  stretches.push({ from, standing });
}
