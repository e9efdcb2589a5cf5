import { addDays, londonInstant, weekdayOf } from '../../../common/uk-time.js';
import { BANK_HOLIDAYS_KNOWN_UNTIL, bankHolidayOn } from './bank-holidays.js';

/** Slots that one pattern makes at most; a year of one engineer is fewer. */
export const MOST_SLOTS_AT_ONCE = 3_000;
/** When booking closes on the day that a cut-off names (Europe/London). */
const CUT_OFF_TIME = '17:00';

/** The weekly pattern of an engineer at a site. All days and times are those of the UK. */
export interface SlotPattern {
  /** The first day, such as `2026-11-23`. */
  readonly fromDay: string;
  /** The last day, which is made too. */
  readonly untilDay: string;
  /** From 1 for Monday to 7 for Sunday. */
  readonly weekdays: readonly number[];
  /** When slots begin, such as `09:30`. */
  readonly startTimes: readonly string[];
  readonly minutes: number;
  /** Places in each slot. */
  readonly capacity: number;
  /** Days before the slot on which booking closes at 5pm; 0 for booking until it begins. */
  readonly cutOffDays: number;
}

/** Days on which a site is closed, the last included. */
export interface ClosedDays {
  readonly fromDay: string;
  readonly untilDay: string;
  readonly reason: string;
}

/** A slot to be made. */
export interface PlannedSlot {
  readonly day: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly cutOffAt: Date;
}

/** What a pattern comes to. */
export interface SlotPlan {
  readonly slots: readonly PlannedSlot[];
  /** Days of the pattern without slots, and why. */
  readonly skipped: readonly { readonly day: string; readonly reason: string }[];
}

/** What is wrong with a pattern, by the field; null when it can be planned. */
export function patternFault(
  pattern: SlotPattern,
): { readonly field: keyof SlotPattern; readonly message: string } | null {
  const { fromDay, untilDay, weekdays, startTimes, minutes, capacity, cutOffDays } = pattern;
  if (untilDay < fromDay) return { field: 'untilDay', message: 'Enter a last day that is not before the first.' };
  if (untilDay > BANK_HOLIDAYS_KNOWN_UNTIL) {
    return {
      field: 'untilDay',
      message: `Bank holidays are known until ${BANK_HOLIDAYS_KNOWN_UNTIL}. Enter an earlier day.`,
    };
  }
  if (untilDay > addDays(fromDay, 366))
    return { field: 'untilDay', message: 'Make slots for at most a year at a time.' };
  if (weekdays.length === 0) return { field: 'weekdays', message: 'Choose at least one weekday.' };
  if (startTimes.length === 0 || startTimes.length > 24) {
    return { field: 'startTimes', message: 'Enter from 1 to 24 times at which slots begin.' };
  }
  if (startTimes.some((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))) {
    return { field: 'startTimes', message: 'Enter times such as 09:30.' };
  }
  if (minutes < 5 || minutes > 600) return { field: 'minutes', message: 'Enter from 5 to 600 minutes.' };
  const starts = [...startTimes].sort().map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  if (starts.some((start, index) => index > 0 && start < (starts[index - 1] ?? 0) + minutes)) {
    return { field: 'startTimes', message: 'Each slot must end before the next begins.' };
  }
  if (capacity < 1 || capacity > 100) return { field: 'capacity', message: 'Enter from 1 to 100 places.' };
  if (cutOffDays < 0 || cutOffDays > 30) return { field: 'cutOffDays', message: 'Enter from 0 to 30 days.' };
  return null;
}

/** The slots of a pattern, one for each time on each of its weekdays that is neither a bank holiday nor closed. */
export function planSlots(pattern: SlotPattern, closures: readonly ClosedDays[]): SlotPlan {
  const slots: PlannedSlot[] = [];
  const skipped: { day: string; reason: string }[] = [];
  for (let day = pattern.fromDay; day <= pattern.untilDay; day = addDays(day, 1)) {
    if (!pattern.weekdays.includes(weekdayOf(day))) continue;
    const reason = closedOn(day, closures);
    if (reason !== null) skipped.push({ day, reason });
    else slots.push(...[...pattern.startTimes].sort().map((time) => slotAt(day, time, pattern)));
  }
  return { slots, skipped };
}

/** Why nobody is booked on a day; null when it is open. */
export function closedOn(day: string, closures: readonly ClosedDays[]): string | null {
  return (
    bankHolidayOn(day) ?? closures.find(({ fromDay, untilDay }) => fromDay <= day && day <= untilDay)?.reason ?? null
  );
}

function slotAt(day: string, time: string, { minutes, cutOffDays }: SlotPattern): PlannedSlot {
  const startsAt = londonInstant(day, time);
  return {
    day,
    startsAt,
    endsAt: new Date(startsAt.getTime() + minutes * 60_000),
    cutOffAt: cutOffDays === 0 ? startsAt : londonInstant(addDays(day, -cutOffDays), CUT_OFF_TIME),
  };
}
