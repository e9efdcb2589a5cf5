import type { CheckLimits } from './check-limits.js';

/** Whether somebody may begin a check now. */
export type Admission =
  | { readonly kind: 'begun' }
  /** All places are taken; the person has one in the queue for as long as they keep asking. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The person has begun as many as they may in an hour. */
  | { readonly kind: 'enough'; readonly seconds: number };

const HOUR = 3_600_000;
/** Somebody who waits asks again well within this; whoever has gone away holds nobody up for longer. */
const PATIENCE = 20_000;

interface Running {
  readonly person: string;
  readonly begunAt: number;
}

/**
 * Who may check their connection now: so many at once, in the order in which they asked, and so many an hour for each.
 * It stands in the memory of one process; with several, each grants its own number. Times are milliseconds of one clock.
 */
export class CheckPlaces {
  readonly #running = new Map<string, Running>();
  /** When each who waits was last heard of, in the order of the queue. */
  readonly #waiting = new Map<string, number>();
  readonly #begun = new Map<string, readonly number[]>();

  constructor(private readonly limits: Pick<CheckLimits, 'atOnce' | 'seconds' | 'usualSeconds' | 'anHour'>) {}

  /**
   * Begins a check of the person, or says how long to wait. One that begins anew takes the place of their earlier one.
   * @param id of the check
   */
  ask(person: string, id: string, now: number): Admission {
    this.#forgetOld(now);
    const begun = this.#begun.get(person) ?? [];
    if (begun.length >= this.limits.anHour) {
      this.#waiting.delete(person);
      return { kind: 'enough', seconds: secondsUntil((begun[0] ?? now) + HOUR, now) };
    }
    const [earlier] = [...this.#running].find(([, running]) => running.person === person) ?? [];
    if (earlier === undefined) this.#waiting.set(person, now);
    else this.#running.delete(earlier);
    const ahead = [...this.#waiting.keys()].indexOf(person);
    if (ahead < this.limits.atOnce - this.#running.size) {
      this.#waiting.delete(person);
      this.#running.set(id, { person, begunAt: now });
      this.#begun.set(person, [...begun, now]);
      return { kind: 'begun' };
    }
    return { kind: 'wait', seconds: secondsUntil(this.#placeFor(ahead, now), now) };
  }

  /** Gives the place of a check to whoever is next. */
  end(id: string): void {
    this.#running.delete(id);
  }

  /** When the usual length of the checks ahead leaves a place to somebody with so many before them in the queue. */
  #placeFor(ahead: number, now: number): number {
    const usual = this.limits.usualSeconds * 1000;
    const ends = [...this.#running.values()]
      .map(({ begunAt }) => Math.max(begunAt + usual, now))
      .sort((left, right) => left - right);
    const free = this.limits.atOnce - ends.length;
    const places = [...Array<number>(Math.max(free, 0)).fill(now), ...ends];
    return (places[ahead % places.length] ?? now) + Math.floor(ahead / places.length) * usual;
  }

  #forgetOld(now: number): void {
    for (const [id, { begunAt }] of this.#running) {
      if (begunAt + this.limits.seconds * 1000 <= now) this.#running.delete(id);
    }
    for (const [person, heardAt] of this.#waiting) if (heardAt + PATIENCE <= now) this.#waiting.delete(person);
    for (const [person, times] of this.#begun) {
      const recent = times.filter((at) => at + HOUR > now);
      if (recent.length === times.length) continue;
      if (recent.length === 0) this.#begun.delete(person);
      else this.#begun.set(person, recent);
    }
  }
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}
