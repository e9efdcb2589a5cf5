import {
  NOW,
  WHOLE,
  booker,
  bookingServices,
  broken,
  emptyRollout,
  insertSlot,
  sayReadiness,
} from '../../../test/support/booking-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, UntetherError } from '../../common/errors.js';
import type { AppointmentsService } from './appointments.service.js';
import type { BookingsService } from './bookings.service.js';

const PEOPLE = 60;
const MANAGER = booker(1, ['rollout:manage', 'rollout:work']);

/** A generator of the same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('bookings at the same moment', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let bookings: BookingsService;
  let appointments: AppointmentsService;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 50 });
    ({ bookings, appointments } = bookingServices(database.dataSource));
  });
  afterAll(() => database.drop());
  beforeEach(() => emptyRollout(database.dataSource));

  const begin = async (laptops: number): Promise<void> => {
    rollout = await startRollout(database.dataSource, { people: PEOPLE, laptops });
    await sayReadiness(database.dataSource, rollout.programmeId, rollout.moves, 'ready');
  };
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;

  it('fifty people ask for the last three places of a slot, and exactly three get one', async () => {
    await begin(PEOPLE);
    const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 5 });
    for (const person of [51, 52]) {
      await bookings.book({ moveId: moveOf(person), slotId, idempotencyKey: null }, booker(person), NOW);
    }
    const asked = Array.from({ length: 50 }, (_, index) =>
      bookings.book({ moveId: moveOf(index + 1), slotId, idempotencyKey: null }, booker(index + 1), NOW),
    );
    const ended = await Promise.allSettled(asked);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const each of ended) {
      if (each.status === 'rejected') {
        expect(each.reason).toBeInstanceOf(ConflictError);
        expect(String(each.reason)).toMatch(/All places of this slot are taken/);
      }
    }
    expect(await rows(`select count(*)::integer as held from device_custody where state = 'allocated'`)).toEqual([
      { held: 5 },
    ]);
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  it('thirty people ask in different slots for the last four laptops, and nobody is promised the same one', async () => {
    await begin(4);
    const slots = await Promise.all(
      [1, 2, 3].map((days) =>
        insertSlot(database.dataSource, rollout.programmeId, { days, engineer: days, capacity: 20 }),
      ),
    );
    const ended = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        bookings.book({ moveId: moveOf(index + 1), slotId: slots[index % 3] ?? 0, idempotencyKey: null }, MANAGER, NOW),
      ),
    );
    // Whoever asks while another takes the last one may be told that there is none, and none is lost.
    const done = ended.filter(({ status }) => status === 'fulfilled').length;
    expect(done).toBeLessThanOrEqual(4);
    expect(done).toBeGreaterThan(0);
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  it.each([11, 47])('random commands, twenty at a time, leave nothing behind (seed %i)', async (seed) => {
    await begin(14);
    const random = randomFrom(seed);
    const pick = (limit: number): number => Math.floor(random() * limit);
    const slots: number[] = [];
    for (const days of [1, 2, 3, 4]) {
      slots.push(await insertSlot(database.dataSource, rollout.programmeId, { days, engineer: days, capacity: 4 }));
    }
    const tally = { done: 0, refused: 0 };
    for (let round = 0; round < 6; round++) {
      const live = await rows<{ id: number; moveId: number; startsAt: Date; state: string }>(
        `select booking.id, move_id as "moveId", starts_at as "startsAt", booking.state from booking
         join slot on slot.id = slot_id where booking.state in ('booked', 'waiting')`,
      );
      const commands = Array.from({ length: 20 }, (): Promise<unknown> => {
        const slotId = slots[pick(slots.length)] ?? 0;
        const moveId = moveOf(pick(PEOPLE) + 1);
        const booking = live[pick(live.length)];
        const kind = pick(10);
        if (!booking || kind < 4) return bookings.book({ moveId, slotId, idempotencyKey: null }, MANAGER, NOW);
        const idempotencyKey = null;
        if (kind < 6) return bookings.joinWaitingList({ moveId, slotId, idempotencyKey }, MANAGER, NOW);
        const { id: bookingId } = booking;
        if (kind < 8) {
          return bookings.cancel({ moveId: booking.moveId, bookingId, reason: 'Ill', idempotencyKey }, MANAGER, NOW);
        }
        if (kind < 9)
          return bookings.rebook({ moveId: booking.moveId, bookingId, slotId, idempotencyKey }, MANAGER, NOW);
        return appointments.missed(
          { bookingId, idempotencyKey },
          MANAGER,
          new Date(booking.startsAt.getTime() + 60_000),
        );
      });
      for (const each of await Promise.allSettled(commands)) {
        if (each.status === 'fulfilled') tally.done++;
        else {
          if (!(each.reason instanceof UntetherError)) throw each.reason;
          tally.refused++;
        }
      }
      expect(await broken(database.dataSource)).toEqual(WHOLE);
      // Nobody who waited was overtaken by somebody who began to wait later and was ready then too.
      expect(
        await rows(
          `select later.id from booking later join booking earlier
             on earlier.slot_id = later.slot_id and earlier.id < later.id and earlier.state = 'waiting'
           join audit_event promoted on promoted.event = 'booking.promoted' and promoted.subject_id = later.id::text
           where later.state = 'booked'`,
        ),
      ).toEqual([]);
    }
    expect(tally.done).toBeGreaterThan(20);
    expect(tally.refused).toBeGreaterThan(10);
    // What the facts say is open is what is booked.
    expect(
      await rows(
        `select move_id from booking where state = 'booked'
         except select move_id from move_fact opened where kind = 'slot-booked' and not exists (
           select from move_fact ended where ended.move_id = opened.move_id
             and ended.kind in ('slot-cancelled', 'slot-missed', 'slot-attended')
             and ended.details ->> 'bookingId' = opened.details ->> 'bookingId')`,
      ),
    ).toEqual([]);
  });
});
