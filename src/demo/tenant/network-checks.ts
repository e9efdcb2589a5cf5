import { homeLineOf, measured, type ConnectionFigures } from './network-homes.js';
import type { StoryCheck } from './network-records.js';
import { figuresOf } from './network-sites.js';
import { isWorkingDay, midnightOf, ukTime } from './programme-calendar.js';
import { Random } from './random.js';
import { DAY, instant } from './simulated-time.js';

/** Somebody whose connection may have been checked. */
export interface Checker {
  readonly id: string;
  /** The office that the directory names. */
  readonly site: string | null;
  /** How likely it is that they were asked to check, and did. */
  readonly willing: number;
}

const WEEKS = 8;
/** Of those who check although nobody presses them, those who did so only once. */
const ONCE = 0.08;
const AT_THE_OFFICE = 0.3;
const THROUGH_REMOTE_ACCESS = 0.06;
/** What remote access adds to a connection. */
const DETOUR_MS = 22;
const SAMPLES = 120;

/** Eight weeks of connection checks that people agreed to keep. */
export function tellChecks(seed: number, now: number, people: readonly Checker[]): readonly StoryCheck[] {
  const days = workingDaysBefore(now);
  return people.flatMap((person) => {
    const random = new Random(seed, 'checks', person.id);
    if (!random.chance(person.willing)) return [];
    return checksOf(random, seed, days, person);
  });
}

function checksOf(
  random: Random,
  seed: number,
  days: readonly number[],
  { id, site, willing }: Checker,
): readonly StoryCheck[] {
  const line = homeLineOf(seed, id);
  const checks: StoryCheck[] = [];
  const add = (place: StoryCheck['place'], connection: StoryCheck['connection'], middle: ConnectionFigures): void => {
    const figures = measured(random, middle);
    checks.push({
      person: id,
      at: instant(ukTime(random.pick(days), random.between(8, 16)) + random.between(0, 59) * 60_000),
      place,
      site: place === 'office' ? site : null,
      connection,
      samples: SAMPLES,
      ...figures,
      loadedRoundTripMs: Math.round(figures.roundTripMs * (1.4 + 2 * random.fraction())),
      submission: random.uuid(),
    });
  };
  const isHasty = random.chance(ONCE) && willing < 0.9;
  for (let one = isHasty ? 1 : random.between(3, 6); one > 0; one--) add('home', line.connection, line);
  if (random.chance(THROUGH_REMOTE_ACCESS)) {
    add('remote_access', line.connection, { ...line, roundTripMs: line.roundTripMs + DETOUR_MS });
  }
  const office = site === null ? null : figuresOf(site);
  if (office !== null && random.chance(AT_THE_OFFICE)) {
    for (let one = random.between(1, 3); one > 0; one--) add('office', random.chance(0.7) ? 'wifi' : 'wired', office);
  }
  return checks;
}

/** The working days of the eight weeks before an instant, as midnights. */
function workingDaysBefore(now: number): readonly number[] {
  const today = midnightOf(now);
  const days: number[] = [];
  for (let midnight = today - WEEKS * 7 * DAY; midnight < today; midnight += DAY) {
    if (isWorkingDay(midnight)) days.push(midnight);
  }
  return days;
}
