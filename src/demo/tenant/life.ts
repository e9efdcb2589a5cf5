import { deliverLaptops, reEnrolMachines, replaceDesktops, retireMachines } from './life-machines.js';
import {
  changeLicences,
  disableLeavers,
  moveStaff,
  removeLeavers,
  renameMarried,
  welcomeJoiners,
} from './life-people.js';
import { useMachines } from './life-signals.js';
import type { Day } from './day.js';
import { Random } from './random.js';
import { dateOf, isWeekend } from './simulated-time.js';
import type { DaySummary } from './tenant-store.js';
import type { World } from './world.js';

/** Lets one day pass: the world's present is already that day's end. */
export function liveThroughDay(world: World): DaySummary {
  const events: Record<string, number> = {};
  const day: Day = {
    world,
    random: new Random(world.seed, 'day', world.day),
    weekend: isWeekend(world.now),
    count: (event) => {
      events[event] = (events[event] ?? 0) + 1;
    },
  };
  removeLeavers(day);
  retireMachines(day);
  if (!day.weekend) {
    disableLeavers(day);
    deliverLaptops(day);
    welcomeJoiners(day);
    renameMarried(day);
    moveStaff(day);
    changeLicences(day);
    replaceDesktops(day);
    reEnrolMachines(day);
  }
  useMachines(day);
  return { date: dateOf(world.now), events };
}
