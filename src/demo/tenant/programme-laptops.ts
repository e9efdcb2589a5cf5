import type { Machine } from './machine.js';
import type { FormFactor } from './machine-models.js';
import { drawHandOverDay, programmeCalendar, ukTime, type ProgrammeCalendar } from './programme-calendar.js';
import type { Random } from './random.js';
import { DAY, instant } from './simulated-time.js';
import type { Person, World } from './world.js';

const MINUTE = 60_000;
/** Of those who have a laptop and no desktop any more: the others had theirs before the programme began. */
const MOVED = 0.88;
/** Of those who have both: handed a laptop a short while ago, with the desktop still to be collected. */
const WAITING_FOR_COLLECTION = 0.05;

/** What stands on a desk: the machines that the programme takes away. */
function isFixed(form: FormFactor): boolean {
  return form === 'desktop' || form === 'mini_pc' || form === 'all_in_one';
}

/** Whether a machine is a desktop of the rollout: Intune shows it, and it says which model it is. */
export function isRolloutDesktop({ form, managedId, model }: Machine): boolean {
  return isFixed(form) && managedId !== null && !/^(to be filled|system product)/i.test(model.model);
}

/** When a machine was enrolled with Intune, in milliseconds; null when it is not. */
export function enrolledAt(world: World, machine: Machine): number | null {
  const managed = machine.managedId === null ? undefined : world.store.get('managedDevices', machine.managedId);
  return managed === undefined ? null : Date.parse(String(managed['enrolledDateTime']));
}

/** When somebody was hired, in milliseconds; null when nobody filled it in. */
export function hiredAt(world: World, person: Person): number | null {
  const date = world.store.get('users', person.id)?.['employeeHireDate'];
  return typeof date === 'string' ? Date.parse(date) : null;
}

/** Each person's machines in use or once used, by owner. */
export function machinesByOwner(world: World): ReadonlyMap<string, readonly Machine[]> {
  const owned = new Map<string, Machine[]>();
  for (const machine of world.machines) {
    if (machine.owner === null) continue;
    const known = owned.get(machine.owner);
    if (known === undefined) owned.set(machine.owner, [machine]);
    else known.push(machine);
  }
  return owned;
}

/**
 * Lets the laptops of those who have moved so far be enrolled on the day of their hand-over, as the rollout's own records
 * (`programme-story.ts`) tell it. Draws from its own source of chance, so that everything else stays as it is.
 */
export function enrolLaptopsOfProgramme(world: World, random: Random): void {
  const calendar = programmeCalendar(world.now);
  const owned = machinesByOwner(world);
  for (const person of world.people.values()) {
    if (person.leftOn !== null || (hiredAt(world, person) ?? 0) >= calendar.baseline) continue;
    const machines = owned.get(person.id) ?? [];
    const laptop = machines.find(({ form, inUse, managedId }) => form === 'laptop' && inUse && managedId !== null);
    if (laptop === undefined) continue;
    const waiting = machines.some(({ form }) => isFixed(form));
    if (!random.chance(waiting ? WAITING_FOR_COLLECTION : MOVED)) continue;
    const at = drawHandOver(world, random, calendar, laptop, waiting);
    if (at !== null) enrolAnew(world, laptop, at);
  }
}

/** A time of hand-over before the laptop was last seen; of those whose desktop is still there mostly a recent one. */
function drawHandOver(
  world: World,
  random: Random,
  calendar: ProgrammeCalendar,
  laptop: Machine,
  waiting: boolean,
): number | null {
  const managed = laptop.managedId === null ? undefined : world.store.get('managedDevices', laptop.managedId);
  const seen = Date.parse(String(managed?.['lastSyncDateTime']));
  const earliest = waiting ? world.now - (random.chance(0.8) ? 25 : 90) * DAY : 0;
  for (let attempt = 0; attempt < 60; attempt++) {
    const hour = random.chance(0.5) ? 9 : 13;
    const at = ukTime(drawHandOverDay(random, calendar), hour) + random.between(5, 170) * MINUTE;
    if (at >= earliest && at < seen - 60 * MINUTE) return at;
  }
  return null;
}

function enrolAnew(world: World, laptop: Machine, at: number): void {
  const managed = laptop.managedId === null ? undefined : world.store.get('managedDevices', laptop.managedId);
  if (managed === undefined) return;
  // Intune writes seven digits of a second; the ones that were drawn stay.
  const digits = String(managed['enrolledDateTime']).slice(19);
  world.store.patch('managedDevices', managed.id, { enrolledDateTime: `${instant(at).slice(0, 19)}${digits}` });
  const device = laptop.entraId === null ? undefined : world.store.get('devices', laptop.entraId);
  if (device === undefined || device['registrationDateTime'] === null) return;
  world.store.patch('devices', device.id, { registrationDateTime: instant(at - 20 * MINUTE) });
}
