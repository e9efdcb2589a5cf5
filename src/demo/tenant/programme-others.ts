import { ukTime, workingDaysAfter } from './programme-calendar.js';
import { NEW_LAPTOPS } from './machine-models.js';
import { homeLineOf, lineServes } from './network-homes.js';
import { siteServes } from './network-sites.js';
import { assess, book, recover } from './programme-moves.js';
import type { Player, ProgrammeStage } from './programme-stage.js';
import { DAY, dateOf } from './simulated-time.js';

const HOUR = 3_600_000;
/** Moves that were taken back. */
const ROLL_BACKS = ['A case system did not run on it', 'The screen reader lost its settings', 'No docking station'];

/** Everybody who has not moved: those who wait, those who came and those who went. */
export function tellEverybodyElse(stage: ProgrammeStage, players: readonly Player[]): void {
  const { baseline } = stage.calendar;
  const waiting: Player[] = [];
  for (const player of players) {
    if (player.left !== null) {
      if (player.left > baseline && player.hired < baseline) tellLeaver(stage, player, player.left);
      // Left behind by those who were gone before the programme began.
      else for (const desktop of player.desktops) stage.baselineDesktop(stage.known(desktop), null);
    } else if (player.desktops.length > 0) {
      if (player.hired >= baseline) tellJoiner(stage, player);
      else waiting.push(player);
    } else if (player.hired < baseline) tellAlreadyMobile(stage, player);
  }
  for (const player of waiting) {
    stage.enrol(player);
    for (const desktop of player.desktops) stage.baselineDesktop(stage.known(desktop), player.id);
    for (const laptop of player.laptops) {
      const had = { person: player.id, machine: stage.known(laptop), kind: 'laptop', at: baseline + HOUR };
      stage.add('assignments', { ...had, firstUsedAt: new Date(baseline + 2 * HOUR).toISOString() });
    }
  }
  const desktopOnly = waiting.filter(({ laptops }) => laptops.length === 0);
  const parts = stage.random('parts').shuffled(desktopOnly);
  const rolledBack = parts.splice(0, Math.min(ROLL_BACKS.length, Math.floor(parts.length / 10)));
  for (const [index, player] of rolledBack.entries()) tellRollBack(stage, player, ROLL_BACKS[index] ?? '', index === 0);
  const share = (part: number): Player[] => parts.splice(0, Math.ceil(desktopOnly.length * part));
  for (const player of share(0.02)) tellDeferral(stage, player);
  for (const player of share(0.03)) tellExemption(stage, player);
  for (const player of share(0.003)) tellComeback(stage, player);
  for (const player of share(0.5)) tellAssessed(stage, player);
}

/** On the list of the baseline, and had a laptop and no desktop then already. */
function tellAlreadyMobile(stage: ProgrammeStage, player: Player): void {
  const [laptop] = player.laptops;
  if (laptop === undefined || !stage.random('mobile', player.id).chance(0.4)) return;
  stage.enrol(player);
  const { baseline } = stage.calendar;
  const had = { person: player.id, machine: stage.known(laptop), kind: 'laptop', at: baseline };
  stage.add('assignments', { ...had, firstUsedAt: new Date(baseline + HOUR).toISOString() });
}

/** Somebody who was asked already, and is ready or is not. */
function tellAssessed(stage: ProgrammeStage, player: Player): void {
  const random = stage.random('assessed', player.id);
  const { baseline, now } = stage.calendar;
  const cleared = random.chance(0.45);
  const begun = baseline + (now - baseline) * (0.15 + 0.8 * random.fraction());
  const at = assess(stage, random, player, { at: begun, after: baseline + 2 * HOUR, ready: cleared });
  const person = player.id;
  const rules = [random.pick(['network-site', 'network-site', 'laptop', 'local-data', 'manager-word', 'training'])];
  const outcome = random.chance(0.6) ? 'not_ready' : 'unknown';
  stage.add('readiness', { person, at: Math.min(at + HOUR, now), outcome, rules });
  if (!cleared) return;
  const green = stage.office(random, at + (now - at) * random.fraction() * 0.7, at + 2 * HOUR);
  const missing = missingNetworks(stage, player);
  if (missing.length > 0) {
    stage.add('readiness', { person, at: green, outcome: 'not_ready', rules: missing });
    return;
  }
  stage.add('readiness', { person, at: green, outcome: 'ready', rules: [] });
  const tries = random.chance(0.02) ? 3 : random.chance(0.06) ? 1 : 0;
  let after = green + 6 * HOUR;
  for (let one = 0; one < tries; one++) {
    const startsAt = ukTime(workingDaysAfter(after, 6)[5] ?? after, 9);
    if (startsAt > now - DAY) break;
    book(stage, player, { at: after, startsAt, outcome: 'missed', outcomeAt: startsAt + 3 * HOUR });
    after = startsAt + DAY;
  }
}

/** Rules about networks that keep somebody from moving for whom everything else is cleared. */
function missingNetworks({ world, story }: ProgrammeStage, { id, person }: Player): readonly string[] {
  const style = story.workStyles.findLast((said) => said['person'] === id)?.['workStyle'];
  return [
    ...(style === 'home' || style === 'field' || siteServes(person.site) ? [] : ['network-site']),
    ...(style === 'fixed' || lineServes(homeLineOf(world.seed, id)) ? [] : ['network-home']),
  ];
}

function tellDeferral(stage: ProgrammeStage, player: Player): void {
  const random = stage.random('deferral', player.id);
  const { baseline, now } = stage.calendar;
  const at = stage.office(random, baseline + (now - baseline) * random.fraction(), baseline + 3 * HOUR);
  const reason = random.pick(['parental_leave', 'parental_leave', 'sickness', 'secondment', 'other']);
  const until = dateOf(at + random.between(60, 300) * DAY);
  const ended = stage.office(random, Date.parse(until) - 10 * DAY, at);
  const endedEarly = random.chance(0.2) && ended < now;
  const end = endedEarly ? { endedAt: new Date(ended).toISOString() } : {};
  stage.add('deferrals', { person: player.id, at, reason, until, ...end });
}

function tellExemption(stage: ProgrammeStage, player: Player): void {
  const random = stage.random('exemption', player.id);
  const { baseline, now } = stage.calendar;
  const at = stage.office(random, baseline + (now - baseline) * random.fraction(), baseline + 3 * HOUR);
  const reason = random.pick([
    'Drives a plotter that needs a desktop',
    'Control room: a fixed workstation by contract',
    'Computer-aided design on a workstation',
    'Scanner that no laptop drives',
  ]);
  const ended = stage.office(random, at + 60 * DAY, at);
  const end = random.chance(0.2) && ended < now - DAY ? { endedAt: new Date(ended).toISOString() } : {};
  stage.add('exemptions', { person: player.id, at, reason, ...end });
}

/** Left, and came back some months later to the same desk. */
function tellComeback(stage: ProgrammeStage, player: Player): void {
  const { baseline } = stage.calendar;
  const random = stage.random('comeback', player.id);
  const left = stage.office(random, baseline + random.between(40, 90) * DAY, baseline);
  stage.add('departures', { person: player.id, at: left, reason: 'left' });
  stage.add('arrivals', { person: player.id, at: stage.office(random, left + 70 * DAY, left), reason: 'rehire' });
}

function tellJoiner(stage: ProgrammeStage, player: Player): void {
  const at = Math.min(Math.max(player.hired + 9 * HOUR, stage.calendar.baseline + HOUR), stage.calendar.now - HOUR);
  stage.add('arrivals', { person: player.id, at, reason: 'joiner' });
  for (const laptop of player.laptops) {
    stage.add('assignments', { person: player.id, machine: stage.known(laptop), kind: 'laptop', at: at + HOUR / 2 });
  }
  for (const desktop of player.desktops) {
    // It stood at that desk before, for somebody who is not on the records.
    stage.baselineDesktop(stage.known(desktop), null);
    stage.add('assignments', { person: player.id, machine: stage.known(desktop), kind: 'desktop', at: at + HOUR / 2 });
  }
}

/** Whoever leaves gives the desktop back, sooner or later; one that Intune still shows has not come back. */
function tellLeaver(stage: ProgrammeStage, player: Player, left: number): void {
  const random = stage.random('leaver', player.id);
  stage.enrol(player);
  stage.add('departures', { person: player.id, at: left, reason: 'left' });
  for (const desktop of player.desktops) stage.baselineDesktop(stage.known(desktop), player.id);
  if (player.desktops.length > 0 || random.chance(0.3)) return;
  const machine = stage.former(random);
  stage.baselineDesktop(machine, player.id);
  const back = left + random.between(3, 25) * DAY;
  if (back < stage.calendar.now - DAY) recover(stage, random, machine, stage.office(random, back, left));
}

/** A laptop was handed over and given back a few days later; the desktop had stayed at the desk. */
function tellRollBack(stage: ProgrammeStage, player: Player, reason: string, reopened: boolean): void {
  const random = stage.random('roll-back', player.id);
  const { baseline, now } = stage.calendar;
  const person = player.id;
  const day = workingDaysAfter(baseline + (now - baseline) * (0.35 + 0.3 * random.fraction()), 1)[0] ?? now;
  const at = ukTime(day, 10);
  const after = baseline + random.between(5, 20) * DAY;
  const assessed = assess(stage, random, player, { at: after, after: baseline + 2 * HOUR, ready: true });
  stage.add('readiness', { person, at: assessed + HOUR, outcome: 'ready', rules: [] });
  const machine = stage.former(random, NEW_LAPTOPS);
  stage.add('deliveries', { machine, at: at - 30 * DAY, place: 'Aire House, stores' });
  book(stage, player, { at: at - 12 * DAY, startsAt: at, laptop: machine, outcome: 'attended', outcomeAt: at });
  const by = stage.technicians.find((technician) => technician !== person) ?? null;
  const firstUsedAt = new Date(at + 4 * HOUR).toISOString();
  stage.add('handOvers', { person, machine, at, by, firstUsedAt });
  const back = ukTime(workingDaysAfter(at, 6)[random.between(2, 5)] ?? at, 14);
  stage.add('statements', { person, at: back, kind: 'rolled-back', reason, by: person });
  stage.add('laptopReturns', { person, machine, at: back + HOUR / 2, reason, by });
  stage.add('wipes', { machine, at: back + 2 * DAY, evidence: `ERASE-${machine.slice(1).padStart(5, '0')}`, by });
  if (!reopened) return;
  const again = 'The application runs on the new image';
  stage.add('statements', { person, at: back + 40 * DAY, kind: 'reopened', reason: again, by: person });
}
