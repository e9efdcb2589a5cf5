import { DEFAULT_DERIVATION_SETTINGS } from '../../src/rollout/domain/derivation-settings.js';
import { deriveDesktop, type DesktopStanding } from '../../src/rollout/domain/derive-desktop.js';
import { deriveMove } from '../../src/rollout/domain/derive-move.js';
import type { MoveFact } from '../../src/rollout/domain/move-fact.js';
import type { MoveStanding } from '../../src/rollout/domain/move-standing.js';

/** Facts by the desktop that they name. */
export function byDevice<Fact extends MoveFact>(facts: readonly Fact[]): Map<number, Fact[]> {
  const groups = new Map<number, Fact[]>();
  for (const fact of facts) {
    if (fact.deviceId !== null) groups.set(fact.deviceId, [...(groups.get(fact.deviceId) ?? []), fact]);
  }
  return groups;
}

/** The standings of all desktops that the facts name. */
export function desktopsIn(facts: readonly MoveFact[]): ReadonlyMap<number, DesktopStanding> {
  return new Map([...byDevice(facts)].map(([id, its]) => [id, deriveDesktop(its)]));
}

/** Where a move stands by the facts about everybody. */
export function moveIn(facts: readonly MoveFact[], now: Date, moveId = 1): MoveStanding {
  const own = facts.filter((fact) => fact.moveId === moveId);
  return deriveMove(own, desktopsIn(facts), DEFAULT_DERIVATION_SETTINGS, now);
}
