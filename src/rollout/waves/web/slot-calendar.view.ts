import { addDays, londonDay, shownDay, shownDayOfYear, shownTimeOfDay } from '../../../common/uk-time.js';
import { paths } from '../../../web/paths.js';
import { closedOn } from '../../domain/waves/slot-pattern.js';
import type { KnownClosure, SlotWithPlaces } from '../slots.queries.js';

/** Days of one page of the calendar. */
export const DAYS_SHOWN = 14;

/** The calendar as a table: days down, sites across. */
export interface CalendarTable {
  readonly sites: readonly string[];
  readonly rows: readonly {
    readonly day: string;
    readonly cells: readonly { readonly text: string; readonly href: string | null }[];
  }[];
}

/** Free places by day and site. Days without slots that are not closed, such as weekends, are left out. */
export function calendarTable(
  from: string,
  slots: readonly SlotWithPlaces[],
  closures: readonly KnownClosure[],
): CalendarTable {
  const sites = [...new Set(slots.map(({ site }) => site))].sort();
  const days = Array.from({ length: DAYS_SHOWN }, (_, index) => addDays(from, index));
  const rows = days.flatMap((day) => {
    const ofDay = slots.filter(({ startsAt }) => londonDay(new Date(startsAt)) === day);
    const everywhere = closedOn(
      day,
      closures.filter(({ site }) => site === null),
    );
    if (ofDay.length === 0 && everywhere === null) return [];
    return [{ day: shownDayOfYear(day), cells: sites.map((site) => cellOf(day, site, ofDay, closures)) }];
  });
  return { sites, rows };
}

function cellOf(
  day: string,
  site: string,
  ofDay: readonly SlotWithPlaces[],
  closures: readonly KnownClosure[],
): { readonly text: string; readonly href: string | null } {
  const here = ofDay.filter((slot) => slot.site === site);
  const open = here.filter(({ state }) => state === 'open');
  const href = here.length === 0 ? null : paths.slots({ day, site });
  if (open.length > 0) {
    const places = open.reduce((sum, { capacity }) => sum + capacity, 0);
    const taken = open.reduce((sum, slot) => sum + slot.taken, 0);
    return { text: `${places - taken} of ${places} free`, href };
  }
  const reason = closedOn(
    day,
    closures.filter((closure) => closure.site === null || closure.site === site),
  );
  return { text: reason === null ? (here.length > 0 ? 'Closed' : 'None') : `Closed: ${reason}`, href };
}

/** A slot in words. */
export interface SlotLine {
  readonly time: string;
  readonly site: string;
  readonly engineer: string;
  readonly places: string;
  readonly capacity: number;
  readonly waiting: number;
  readonly isOpen: boolean;
  readonly cutOff: string;
  readonly href: string;
}

/** Puts a slot into words. */
export function slotLine(slot: SlotWithPlaces): SlotLine {
  const { id, startsAt, endsAt, cutOffAt, capacity, taken, waiting, site, state, engineer } = slot;
  return {
    time: `${shownTimeOfDay(new Date(startsAt))} to ${shownTimeOfDay(new Date(endsAt))}`,
    site,
    engineer: engineer.displayName ?? 'Not in the directory any more',
    places: state === 'open' ? `${capacity - taken} of ${capacity} free` : 'Closed',
    capacity,
    waiting,
    isOpen: state === 'open',
    cutOff: `${shownDay(londonDay(new Date(cutOffAt)))}, ${shownTimeOfDay(new Date(cutOffAt))}`,
    href: paths.slot(id),
  };
}
