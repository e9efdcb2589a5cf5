import type { Random } from './random.js';
import { DAY, isWeekend } from './simulated-time.js';

const HOUR = 3_600_000;
const WEEKS_SINCE_START = 39;

/** A working day of the programme and how many hand-overs it sees, compared with an ordinary day. */
export interface ProgrammeDay {
  /** Midnight UTC, in milliseconds. */
  readonly midnight: number;
  readonly weight: number;
}

/** The days of a rollout that is in its ninth month. */
export interface ProgrammeCalendar {
  /** When the baseline was frozen, in milliseconds: a Monday at nine. */
  readonly baseline: number;
  /** The simulated present in milliseconds. */
  readonly now: number;
  /** Working days from the start to yesterday on which anybody is handed a laptop. */
  readonly handOverDays: readonly ProgrammeDay[];
}

/** The calendar of the programme as of the simulated present. */
export function programmeCalendar(now: number): ProgrammeCalendar {
  const today = midnightOf(now);
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY;
  const start = monday - WEEKS_SINCE_START * 7 * DAY;
  const handOverDays: ProgrammeDay[] = [];
  for (let midnight = start; midnight < today; midnight += DAY) {
    const weight = paceOf(midnight, Math.floor((midnight - start) / (7 * DAY)));
    if (weight > 0) handOverDays.push({ midnight, weight });
  }
  return { baseline: ukTime(start, 9), now, handOverDays };
}

/** A day on which somebody is handed a laptop, busy days more likely than quiet ones; its midnight. */
export function drawHandOverDay(random: Random, calendar: ProgrammeCalendar): number {
  return random.weighted(calendar.handOverDays).midnight;
}

/** The next working days after an instant, as midnights. */
export function workingDaysAfter(instant: number, count: number): number[] {
  const days: number[] = [];
  for (let midnight = midnightOf(instant) + DAY; days.length < count; midnight += DAY) {
    if (isWorkingDay(midnight)) days.push(midnight);
  }
  return days;
}

/** An hour of UK time on a day, in milliseconds: an hour earlier in UTC during British Summer Time. */
export function ukTime(midnight: number, hour: number): number {
  const year = new Date(midnight).getUTCFullYear();
  const summer = midnight >= lastSunday(year, 2) && midnight < lastSunday(year, 9);
  return midnight + (hour - (summer ? 1 : 0)) * HOUR;
}

/** An hour of the day of an instant, or of the last working day before it. */
export function workingTime(instant: number, hour: number): number {
  let midnight = midnightOf(instant);
  while (!isWorkingDay(midnight)) midnight -= DAY;
  return ukTime(midnight, hour);
}

export function midnightOf(instant: number): number {
  return Math.floor(instant / DAY) * DAY;
}

/** Monday to Friday without bank holidays, and without the days between Christmas Eve and New Year, when offices are shut. */
export function isWorkingDay(midnight: number): boolean {
  const date = new Date(midnight);
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  if (isWeekend(midnight) || (month === 11 && day >= 24) || (month === 0 && day <= 1)) return false;
  return !bankHolidays(date.getUTCFullYear()).includes(midnight);
}

/**
 * Nobody in the first month, in which everybody is asked what they need, then a pilot, then more and more. Mondays and
 * Fridays are slower, August is slow, and so are the days before Christmas and after New Year. Invented.
 */
function paceOf(midnight: number, week: number): number {
  if (!isWorkingDay(midnight) || week < 4) return 0;
  const date = new Date(midnight);
  const ramp = week < 8 ? 0.35 : week < 12 ? 0.75 : 1;
  const weekday = [0, 0.85, 1.1, 1.1, 1.05, 0.9][date.getUTCDay()] ?? 0;
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  const season = month === 7 ? 0.6 : (month === 11 && day > 14) || (month === 0 && day < 9) ? 0.4 : 1;
  return ramp * weekday * season;
}

/** Good Friday, Easter Monday, the two of May and the one of August, in England. */
function bankHolidays(year: number): number[] {
  const easter = easterSunday(year);
  const mayDay = Date.UTC(year, 4, 1);
  return [easter - 2 * DAY, easter + DAY, nextMonday(mayDay), lastMonday(year, 4), lastMonday(year, 7)];
}

/** The Gregorian algorithm as New Scientist gave it (30 March 1961, page 828). */
function easterSunday(year: number): number {
  const golden = year % 19;
  const [century, rest] = [Math.floor(year / 100), year % 100];
  const lunar = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - lunar + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 19 * weekday) / 433);
  const sum = epact + weekday - 7 * correction;
  const month = Math.floor((sum + 90) / 25);
  return Date.UTC(year, month - 1, (sum + 33 * month + 19) % 32);
}

function nextMonday(midnight: number): number {
  return midnight + ((8 - new Date(midnight).getUTCDay()) % 7) * DAY;
}

function lastMonday(year: number, month: number): number {
  return nextMonday(Date.UTC(year, month + 1, 0) - 6 * DAY);
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * DAY;
}
