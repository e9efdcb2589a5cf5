import { workingDaysAfter, ukTime } from './programme-calendar.js';
import { APPLICATIONS } from './programme-settings.js';
import { sessionOf } from './programme-slots.js';
import type { Player, ProgrammeStage } from './programme-stage.js';
import type { Random } from './random.js';
import { HOME_BASED } from './organisation.js';
import { DAY, dateOf } from './simulated-time.js';

const HOUR = 3_600_000;
/** Of all appointments, those to which nobody came. */
const MISSED = 0.06;
const CANCELLED = 0.04;

/** How somebody works, as the programme found out. */
export function workStyleOf(random: Random, player: Player): string {
  const said = (player.user['onPremisesExtensionAttributes'] as { readonly extensionAttribute2?: string | null } | null)
    ?.extensionAttribute2;
  if (player.person.site === HOME_BASED || said === 'Home') return 'home';
  if (!player.person.atDesk) return 'field';
  return said === 'Fixed' || random.chance(0.35) ? 'fixed' : 'office_mobile';
}

/** What somebody and their manager were asked before anything could be planned; times follow one another. */
export function assess(
  stage: ProgrammeStage,
  random: Random,
  player: Player,
  { at, after, ready }: { readonly at: number; readonly after: number; readonly ready: boolean },
): number {
  const person = player.id;
  const manager = stage.world.managers.managerOf(person);
  const began = stage.office(random, at, after);
  const answered = Math.min(began + random.between(1, 40) * HOUR, stage.calendar.now);
  stage.add('workStyles', {
    person,
    at: began,
    workStyle: workStyleOf(random, player),
    confirmedAt: new Date(answered).toISOString(),
    by: manager ?? person,
  });
  const sites = player.person.site === HOME_BASED ? [] : [player.person.site.name];
  const needed = random.chance(0.25)
    ? random.pick(APPLICATIONS.filter(({ state }) => state === 'ready' || !ready))
    : null;
  const applications = needed === null ? [] : [needed.name];
  const answers: readonly (readonly [question: string, answer: string, listed?: readonly string[]])[] = [
    ['devices', random.chance(0.96) ? 'confirmed' : 'wrong'],
    ['usual-sites', sites.length === 0 ? 'none' : 'listed', sites],
    applications.length === 0 ? ['applications', 'none'] : ['applications', 'listed', applications],
    ['assistive-technology', ready || random.chance(0.8) ? (random.chance(0.95) ? 'none' : 'in-place') : 'wanted'],
    ['local-data', ready ? (random.chance(0.7) ? 'none' : 'moved') : random.pick(['none', 'some', 'some', 'not-sure'])],
    [
      'training',
      ready ? (random.chance(0.7) ? 'not-needed' : 'done') : random.pick(['not-needed', 'wanted', 'booked']),
    ],
    ['manager-word', ready ? 'yes' : random.pick(['yes', 'not-yet', 'not-yet', 'no'])],
  ];
  for (const [question, answer, listed] of answers) {
    const by = question === 'manager-word' ? (manager ?? person) : person;
    stage.add('answers', { person, at: answered, question, answer, by, ...(listed?.length ? { listed } : {}) });
  }
  stage.add('assessments', { person, at: answered });
  return answered;
}

/** A move that is over, or that has only its desktop left to be collected. */
export function tellMove(stage: ProgrammeStage, player: Player, laptop: string, at: number): void {
  const random = stage.random('move', player.id);
  const { baseline } = stage.calendar;
  const span = at - baseline;
  const booked = at - Math.min(random.between(6, 18) * DAY, span * 0.3);
  const assessed = assess(stage, random, player, {
    at: baseline + span * (0.05 + 0.4 * random.fraction()),
    after: baseline + 2 * HOUR,
    ready: true,
  });
  let last = readiness(stage, random, player, assessed, booked);
  if (span > 45 * DAY && random.chance(MISSED + CANCELLED)) last = inVain(stage, random, player, last, at);
  const bookedAt = Math.min(stage.office(random, Math.max(booked, last), last), at - DAY);
  stage.add('deliveries', { machine: laptop, at: at - random.between(20, 60) * DAY, place: 'Aire House, stores' });
  book(stage, player, { at: bookedAt, startsAt: at, laptop, outcome: 'attended', outcomeAt: at });
  const engineer = stage.technicians[random.between(0, stage.technicians.length - 1)] ?? null;
  const firstUsedAt = Math.min(at + random.between(1, 60) * HOUR, stage.calendar.now);
  const by = engineer === player.id ? null : engineer;
  stage.add('handOvers', {
    person: player.id,
    machine: laptop,
    at,
    by,
    firstUsedAt: new Date(firstUsedAt).toISOString(),
  });
}

/** From the assessment to a green light, with whatever stood in the way between. */
function readiness(stage: ProgrammeStage, random: Random, player: Player, assessed: number, booked: number): number {
  const person = player.id;
  if (random.chance(0.4)) {
    const rules = [random.pick(['laptop', 'network-site', 'local-data', 'manager-word', 'training', 'applications'])];
    stage.add('readiness', { person, at: assessed + HOUR / 2, outcome: 'not_ready', rules });
  } else stage.add('readiness', { person, at: assessed + HOUR / 2, outcome: 'unknown', rules: ['network-site'] });
  const wished = assessed + HOUR + (booked - assessed) * (0.3 + 0.6 * random.fraction());
  const at = stage.office(random, wished, assessed + HOUR);
  stage.add('readiness', { person, at, outcome: 'ready', rules: [] });
  return at;
}

/** An appointment before the one that was kept. */
function inVain(stage: ProgrammeStage, random: Random, player: Player, ready: number, at: number): number {
  const first = workingDaysAfter(Math.max(ready, at - random.between(14, 25) * DAY), 1)[0] ?? at;
  const startsAt = ukTime(first, random.chance(0.5) ? 9 : 13);
  if (startsAt < ready + 2 * DAY || startsAt > at - 5 * DAY) return ready;
  const missed = random.chance(MISSED / (MISSED + CANCELLED));
  const outcomeAt = missed ? startsAt + 3 * HOUR : startsAt - random.between(3, 30) * HOUR;
  book(stage, player, {
    at: ready + HOUR,
    startsAt,
    outcome: missed ? 'missed' : 'cancelled',
    outcomeAt,
    ...(missed ? {} : { reason: random.pick(['On leave that week', 'A hearing was moved', 'Ill']) }),
  });
  return Math.max(outcomeAt, ready + 2 * HOUR);
}

/** An appointment in a session at the person's site, or a delivery to those at home and where no session has a place. */
export function book(
  stage: ProgrammeStage,
  player: Player,
  booking: {
    readonly at: number;
    readonly startsAt: number;
    readonly outcome: 'booked' | 'attended' | 'missed' | 'cancelled';
    readonly outcomeAt?: number;
    readonly laptop?: string;
    readonly reason?: string;
  },
): boolean {
  const { at, startsAt, outcome, outcomeAt, laptop, reason } = booking;
  const { site } = player.person;
  const slot = site === HOME_BASED ? null : stage.slots.take(site.name, sessionOf(startsAt));
  if (slot === null && outcome === 'missed') return false;
  stage.add('bookings', {
    person: player.id,
    ...(slot === null ? { deliverOn: dateOf(startsAt), tracking: `DEMO-${Math.floor(startsAt / 60_000)}` } : { slot }),
    at,
    by: player.id,
    outcome: slot === null && outcome === 'attended' ? 'delivered' : outcome,
    ...(outcomeAt === undefined ? {} : { outcomeAt: new Date(outcomeAt).toISOString() }),
    ...(laptop === undefined ? {} : { laptop }),
    ...(reason === undefined ? {} : { reason }),
  });
  return true;
}

/** A desktop comes back, is wiped, and mostly goes to the recycler after some time. */
export function recover(stage: ProgrammeStage, random: Random, machine: string, at: number): void {
  const { now } = stage.calendar;
  if (at > now) return;
  const by = stage.technicians[random.between(0, stage.technicians.length - 1)] ?? null;
  stage.add('recoveries', { machine, at, by, place: 'Northfield Depot, store 2' });
  if (random.chance(0.02)) return;
  const days = workingDaysAfter(at, 9);
  const wiped = ukTime(days[random.between(0, 8)] ?? at, 15) + random.between(0, 90) * 60_000;
  if (wiped > now) return;
  stage.add('wipes', { machine, at: wiped, evidence: `ERASE-${machine.slice(1).padStart(5, '0')}`, by });
  // The recycler comes in the first days of every second month.
  const collection = ukTime(workingDaysAfter(nextCollection(wiped + 10 * DAY), 1)[0] ?? wiped, 10);
  if (collection < now && random.chance(0.8)) {
    stage.add('disposals', { machine, at: collection, certificate: `WEEE-${dateOf(collection)}` });
  }
}

function nextCollection(after: number): number {
  const date = new Date(after);
  const month = date.getUTCMonth() + 1;
  return Date.UTC(date.getUTCFullYear(), month + (month % 2), 2);
}
