import { midnightOf, ukTime } from './programme-calendar.js';
import type { StoryRecord } from './programme-records.js';
import { instant } from './simulated-time.js';

const HOUR = 3_600_000;
const CAPACITY = 6;
/** Bookings close two days before. */
const CUT_OFF = 48 * HOUR;

interface OpenSlot {
  readonly key: string;
  taken: number;
}

/** The sessions at which laptops are handed over: a site, an engineer, a morning or an afternoon, six people. */
export class SlotBook {
  readonly #slots = new Map<string, OpenSlot>();
  readonly #engineersBusy = new Map<number, number>();

  /** @param slots where the records of the sessions go */
  constructor(
    private readonly slots: StoryRecord[],
    private readonly engineers: readonly string[],
  ) {}

  /** Takes a place in the session at a site in which an instant lies; null when no engineer is left, or no place. */
  take(site: string, at: number): string | null {
    const startsAt = sessionOf(at);
    const slot = this.#slots.get(`${site} ${startsAt}`) ?? this.open(site, startsAt);
    if (slot === null || slot.taken >= CAPACITY) return null;
    slot.taken += 1;
    return slot.key;
  }

  /** Opens a session that has nobody yet, if an engineer is left for it. */
  open(site: string, startsAt: number): OpenSlot | null {
    const busy = this.#engineersBusy.get(startsAt) ?? 0;
    // Who goes where changes from day to day.
    const engineer = this.engineers[(busy + Math.floor(startsAt / (24 * HOUR))) % this.engineers.length];
    if (engineer === undefined || busy >= this.engineers.length) return null;
    this.#engineersBusy.set(startsAt, busy + 1);
    const slot: OpenSlot = { key: `S${this.#slots.size + 1}`, taken: 0 };
    this.#slots.set(`${site} ${startsAt}`, slot);
    this.slots.push({
      slot: slot.key,
      site,
      engineer,
      startsAt: instant(startsAt),
      endsAt: instant(startsAt + 3 * HOUR),
      cutOffAt: instant(startsAt - CUT_OFF),
      capacity: CAPACITY,
    });
    return slot;
  }
}

/** When the session begins in which an instant lies: at nine or at one, UK time. */
export function sessionOf(at: number): number {
  const midnight = midnightOf(at);
  return at < ukTime(midnight, 13) ? ukTime(midnight, 9) : ukTime(midnight, 13);
}
