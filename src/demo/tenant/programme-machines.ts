import { drawHandOverDay, ukTime } from './programme-calendar.js';
import { NEW_LAPTOPS } from './machine-models.js';
import { recover } from './programme-moves.js';
import { isRolloutDesktop } from './programme-laptops.js';
import type { Player, ProgrammeStage } from './programme-stage.js';
import { DAY } from './simulated-time.js';

const HOUR = 3_600_000;
/** Desktops of public and shared places that are gone already, for each person who has moved. */
const SHARED_GONE = 0.3;
/** Laptops of the last delivery, for each person who could move. */
const STOCK = 1.4;

/** Desktops that are nobody's own, and those that left in another way. */
export function tellMachines(stage: ProgrammeStage, moved: readonly Player[]): void {
  tellSharedPlaces(stage);
  tellSharedGone(stage, moved);
  tellLosses(stage, moved.length);
  tellMistakes(stage);
  tellStock(stage);
}

/** Those that stand there: with some of them it is known who uses them by turns. */
function tellSharedPlaces(stage: ProgrammeStage): void {
  const random = stage.random('shared');
  const { baseline } = stage.calendar;
  const field = stage.players.filter(
    ({ person, desktops, laptops, hired, left }) =>
      !person.atDesk && desktops.length === 0 && laptops.length === 0 && hired < baseline && left === null,
  );
  const users = random.shuffled(field);
  for (const machine of stage.world.machines) {
    if (!isRolloutDesktop(machine) || machine.owner !== null) continue;
    const key = stage.known(machine);
    stage.baselineDesktop(key, null);
    if (!random.chance(0.15)) continue;
    const first = users.pop();
    if (first === undefined) continue;
    const others = users.filter(({ person }) => person.team === first.person.team).slice(0, random.between(1, 3));
    for (const player of [first, ...others]) {
      if (player !== first) users.splice(users.indexOf(player), 1);
      stage.enrol(player);
      stage.add('assignments', { person: player.id, machine: key, kind: 'desktop', at: baseline + HOUR });
      const confirmedAt = new Date(baseline + 20 * DAY).toISOString();
      const by = stage.world.managers.managerOf(player.id) ?? player.id;
      stage.add('workStyles', { person: player.id, at: baseline + DAY, workStyle: 'shared_desk', confirmedAt, by });
    }
  }
}

/** Those that are gone; some had users who moved one after the other, and waited for the last of them. */
function tellSharedGone(stage: ProgrammeStage, moved: readonly Player[]): void {
  const random = stage.random('shared-gone');
  const movers = random.shuffled(moved.filter(({ desktops }) => desktops.length === 0));
  for (let one = 0; one < Math.round(moved.length * SHARED_GONE); one++) {
    const machine = stage.former(random);
    stage.baselineDesktop(machine, null);
    const users = random.chance(0.1) ? movers.splice(0, random.between(2, 3)) : [];
    for (const { id } of users) {
      stage.add('assignments', { person: id, machine, kind: 'desktop', at: stage.calendar.baseline + HOUR });
    }
    const last = Math.max(...users.map((player) => player.moved?.at ?? 0), 0);
    const at = last > 0 ? last + 3 * HOUR : ukTime(drawHandOverDay(random, stage.calendar), 14);
    recover(stage, random, machine, at + random.between(0, 100) * 60_000);
  }
}

/** Stolen, written off, or not there any more without anybody knowing why. */
function tellLosses(stage: ProgrammeStage, moves: number): void {
  const random = stage.random('losses');
  const reasons = ['written_off', 'gone', 'stolen', 'written_off', 'gone', 'written_off', 'gone', 'stolen'];
  for (const reason of reasons.slice(0, Math.max(1, Math.round(moves / 60)))) {
    const machine = stage.former(random);
    stage.baselineDesktop(machine, null);
    const at = ukTime(drawHandOverDay(random, stage.calendar), 11);
    const reference = reason === 'gone' ? null : `INC-${random.between(10_000, 99_999)}`;
    stage.add('losses', { machine, at, reason, ...(reference === null ? {} : { reference }) });
  }
}

/** Virtual machines that were counted as desktops until somebody looked. */
function tellMistakes(stage: ProgrammeStage): void {
  const random = stage.random('mistakes');
  const virtual = stage.world.machines.filter(({ form, managedId }) => form === 'virtual' && managedId !== null);
  for (const machine of virtual.slice(0, 5)) {
    const key = stage.known(machine);
    stage.baselineDesktop(key, null);
    const at = ukTime(drawHandOverDay(random, stage.calendar), 16);
    stage.add('reclassifications', { machine: key, at });
  }
}

/** Laptops in their boxes, which the stores have received. */
function tellStock(stage: ProgrammeStage): void {
  for (const machine of stage.world.machines) {
    if (machine.autopilotId === null || machine.managedId !== null || machine.owner !== null || machine.inUse) continue;
    // Before anybody could have been booked for it.
    const at = Math.min(machine.bought + 5 * DAY, stage.calendar.now - 8 * DAY);
    stage.add('deliveries', { machine: stage.known(machine), at, place: 'Aire House, stores' });
  }
  // The last delivery is not registered anywhere yet: enough for those who could move, and for some who soon will.
  const random = stage.random('delivery');
  const { readiness, handOvers } = stage.story;
  const moved = new Set(handOvers.map(({ person }) => person));
  const cleared = new Set(
    readiness.flatMap(({ outcome, person }) => (outcome === 'ready' && !moved.has(person) ? [person] : [])),
  );
  for (let one = 0; one < cleared.size * STOCK; one++) {
    const at = stage.calendar.now - 9 * DAY + one * 60_000;
    stage.add('deliveries', { machine: stage.former(random, NEW_LAPTOPS), at, place: 'Aire House, stores' });
  }
}
