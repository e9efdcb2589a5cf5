import { midnightOf, ukTime, workingDaysAfter, workingTime } from './programme-calendar.js';
import type { Random } from './random.js';
import { ASSISTIVE, HEADSET, PRODUCTS, STORES, WIDE_SCREEN } from './requests-catalogue.js';
import type { StoryCount, StoryMovement, StoryOrder, StoryPastRequest, StoryTransfer } from './requests-records.js';
import { dateOf, DAY, instant } from './simulated-time.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Things that an order brings, about, to the stores in the middle of town and to the others. */
const ORDERED = { usual: [60, 20], assistive: [4, 2] } as const;
/** From an order to its delivery. */
const DELIVERY_DAYS = 9;

/** What the books of the stores say of counted things. */
export interface StockBook {
  readonly orders: readonly StoryOrder[];
  readonly transfers: readonly StoryTransfer[];
  readonly counts: readonly StoryCount[];
  /** In the order of time. */
  readonly movements: readonly StoryMovement[];
  /** What is left, by product and place. */
  readonly left: ReadonlyMap<string, number>;
}

interface Order {
  readonly supplier: string;
  readonly orderedAt: number;
  readonly lines: { product: string; place: string; quantity: number; receipts: { at: string; quantity: number }[] }[];
}

const COUNTED = PRODUCTS.filter(({ serialised }) => !serialised);
const key = (product: string, place: string): string => `${product}\n${place}`;

/** Lives through a year of the stores: orders come before things run out, and what was picked and moved is gone. */
export function tellStock(random: Random, now: number, past: readonly StoryPastRequest[]): StockBook {
  const book = new Bookkeeping(random, now);
  for (const { name } of COUNTED) for (const place of STORES) book.order(name, place, now - 380 * DAY);
  for (const { at, happen } of happenings(random, now, past)) happen(book, at);
  book.lastOrder();
  return book.close();
}

/** Everything that happens at the stores, in the order of time. */
function happenings(
  random: Random,
  now: number,
  past: readonly StoryPastRequest[],
): { at: number; happen: (book: Bookkeeping, at: number) => void }[] {
  const counted = new Set(COUNTED.map(({ name }) => name));
  const picks = past.flatMap(({ given, lines }, request) =>
    given === null
      ? []
      : lines.flatMap(({ product, quantity }, line) =>
          counted.has(product)
            ? [
                {
                  at: Date.parse(given.pickedAt),
                  happen: (book: Bookkeeping, at: number) =>
                    book.take({ product, place: given.place, quantity, kind: 'picked', of: [request, line] }, at),
                },
              ]
            : [],
        ),
  );
  const counts = [330, 240, 150, 60, 12].flatMap((days, quarter) =>
    STORES.filter((_, index) => index === 0 || quarter % 2 === index - 1).map((place) => ({
      at: workingTime(now - days * DAY, 10),
      happen: (book: Bookkeeping, at: number) => book.count(place, at),
    })),
  );
  const transfers = [300, 200, 95, 40, 2].map((days) => {
    const to = random.pick(STORES.slice(1));
    const product = random.pick([HEADSET, ...COUNTED.slice(0, 6).map(({ name }) => name)]);
    return {
      at: workingTime(now - days * DAY, 11),
      happen: (book: Bookkeeping, at: number) => book.send(product, to, random.between(3, 6), at, days > 2),
    };
  });
  return [...picks, ...counts, ...transfers].sort((a, b) => a.at - b.at);
}

/** The books while they are written. */
class Bookkeeping {
  readonly #orders: Order[] = [];
  readonly #transfers: StoryTransfer[] = [];
  readonly #counts: StoryCount[] = [];
  readonly #movements: StoryMovement[] = [];
  readonly #left = new Map<string, number>();

  constructor(
    private readonly random: Random,
    private readonly now: number,
  ) {}

  /** Orders a thing for a place, which comes nine days later; a week's orders to one supplier are one. */
  order(product: string, place: string, orderedAt: number): void {
    const supplier = product.includes('Headset') ? 'Calder Audio (invented)' : 'Pennine Office Technology (invented)';
    const tens = ORDERED[ASSISTIVE.some((name) => name === product) ? 'assistive' : 'usual'];
    const quantity = Math.ceil((this.random.between(8, 12) * tens[place === STORES[0] ? 0 : 1]) / 10);
    const at = instant(orderedAt + DELIVERY_DAYS * DAY);
    const week = (time: number): number => Math.floor(time / (7 * DAY));
    let order = this.#orders.find((each) => each.supplier === supplier && week(each.orderedAt) === week(orderedAt));
    if (order === undefined) this.#orders.push((order = { supplier, orderedAt, lines: [] }));
    const line = order.lines.push({ product, place, quantity, receipts: [{ at, quantity }] }) - 1;
    this.#move({ at, product, place, kind: 'received', quantity, of: [this.#orders.indexOf(order), line] });
  }

  take(movement: Omit<StoryMovement, 'at'>, at: number): void {
    const { product, place, quantity } = movement;
    const opening = Math.min(ukTime(midnightOf(at), 8), at - MINUTE);
    if (this.#on(product, place) < quantity) this.order(product, place, opening - DELIVERY_DAYS * DAY);
    this.#move({ ...movement, at: instant(at), quantity: -quantity });
  }

  /** @param isThere whether it has arrived by now */
  send(product: string, to: string, quantity: number, at: number, isThere: boolean): void {
    const from = STORES[0];
    if (this.#on(product, from) < quantity) return;
    const arrivedAt = isThere ? instant(ukTime(workingDaysAfter(at, 1)[0] ?? at, 14)) : null;
    const transfer = this.#transfers.push({ product, from, to, quantity, sentAt: instant(at), arrivedAt }) - 1;
    this.#move({ at: instant(at), product, place: from, kind: 'sent', quantity: -quantity, of: [transfer] });
    if (arrivedAt !== null)
      this.#move({ at: arrivedAt, product, place: to, kind: 'arrived', quantity, of: [transfer] });
  }

  /** Counts a place; now and then something is not there that should be. */
  count(place: string, at: number): void {
    const missing = this.random.chance(0.7) ? this.random.pick(COUNTED).name : null;
    const lines = COUNTED.map(({ name }) => {
      const expected = this.#on(name, place);
      return { product: name, expected, counted: name === missing && expected > 4 ? expected - 1 : expected };
    });
    const count = this.#counts.push({ place, openedAt: instant(at), closedAt: instant(at + 2 * HOUR), lines }) - 1;
    for (const { product, expected, counted } of lines) {
      if (counted === expected) continue;
      const quantity = counted - expected;
      this.#move({ at: instant(at + 2 * HOUR), product, place, kind: 'counted', quantity, of: [count] });
    }
  }

  /** Orders that are on their way: one of them came in part. Wide screens are gone from all shelves until then. */
  lastOrder(): void {
    const orderedAt = this.now - 6 * DAY;
    const at = instant(workingTime(this.now - DAY, 13));
    const line = (product: string, quantity: number, came: number): Order['lines'][number] => {
      const receipts = came > 0 ? [{ at, quantity: came }] : [];
      return { product, place: STORES[0], quantity, receipts };
    };
    const order = this.#orders.push({
      supplier: 'Pennine Office Technology (invented)',
      orderedAt,
      lines: [line(WIDE_SCREEN, 40, 0), line(HEADSET, 50, 20)],
    });
    this.#move({ at, product: HEADSET, place: STORES[0], kind: 'received', quantity: 20, of: [order - 1, 1] });
    const counted = instant(workingTime(this.now - 2 * DAY, 16));
    for (const place of STORES) {
      const lost = this.#on(WIDE_SCREEN, place);
      if (lost === 0) continue;
      const lines = [{ product: WIDE_SCREEN, expected: lost, counted: 0 }];
      const count = this.#counts.push({ place, openedAt: counted, closedAt: counted, lines }) - 1;
      this.#move({ at: counted, product: WIDE_SCREEN, place, kind: 'counted', quantity: -lost, of: [count] });
    }
  }

  close(): StockBook {
    const prices = new Map(PRODUCTS.map(({ name, pricePence }) => [name, pricePence]));
    const places = new Map(
      [...this.#orders.keys()]
        .sort((a, b) => (this.#orders[a]?.orderedAt ?? 0) - (this.#orders[b]?.orderedAt ?? 0))
        .map((index, place) => [index, place]),
    );
    const orders = this.#orders.map(({ supplier, orderedAt, lines }, index) => ({
      number: `PO-${String(4001 + (places.get(index) ?? 0))}`,
      supplier,
      orderedOn: dateOf(workingTime(orderedAt, 9)),
      expectedOn: dateOf(workingTime(orderedAt + (orderedAt > this.now - 10 * DAY ? 14 : DELIVERY_DAYS) * DAY, 12)),
      lines: lines.map((line) => ({ ...line, pricePence: prices.get(line.product) ?? 0 })),
    }));
    const movements = [...this.#movements].sort((a, b) => a.at.localeCompare(b.at));
    return { orders, transfers: this.#transfers, counts: this.#counts, movements, left: this.#left };
  }

  #on(product: string, place: string): number {
    return this.#left.get(key(product, place)) ?? 0;
  }

  #move(movement: StoryMovement): void {
    const { product, place, quantity } = movement;
    this.#left.set(key(product, place), this.#on(product, place) + quantity);
    this.#movements.push(movement);
  }
}

/** Below which a thing is low at a place: mostly well under what is left, and of some over it. */
export function thresholdsOf(left: StockBook['left']): { product: string; place: string; threshold: number }[] {
  return STORES.flatMap((place, at) =>
    COUNTED.map(({ name }, index) => {
      const quantity = left.get(key(name, place)) ?? 0;
      const isLow = name === WIDE_SCREEN || (quantity > 5 && (index + at) % 7 === 3);
      return { product: name, place, threshold: isLow ? quantity + 4 : Math.max(2, Math.floor(quantity / 3)) };
    }),
  );
}
