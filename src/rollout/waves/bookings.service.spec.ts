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
import { personId } from '../../../test/support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import type { AppointmentsService } from './appointments.service.js';
import type { BookingOutcome, BookingsService } from './bookings.service.js';

const MANAGER = booker(9, ['rollout:manage', 'rollout:work']);
const AFTER = new Date('2026-12-24T12:00:00Z');

describe('BookingsService', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let bookings: BookingsService;
  let appointments: AppointmentsService;
  beforeAll(async () => {
    database = await createTestDatabase();
    ({ bookings, appointments } = bookingServices(database.dataSource));
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyRollout(database.dataSource);
    rollout = await startRollout(database.dataSource, { people: 8 });
    await sayReadiness(database.dataSource, rollout.programmeId, rollout.moves, 'ready');
  });
  afterEach(async () => {
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const slot = (options: Parameters<typeof insertSlot>[2] = {}): Promise<number> =>
    insertSlot(database.dataSource, rollout.programmeId, options);
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;
  const book = (person: number, slotId: number, by = booker(person), now = NOW): Promise<BookingOutcome> =>
    bookings.book({ moveId: moveOf(person), slotId, idempotencyKey: null }, by, now);
  const wait = (person: number, slotId: number): Promise<BookingOutcome> =>
    bookings.joinWaitingList({ moveId: moveOf(person), slotId, idempotencyKey: null }, booker(person), NOW);
  const cancel = (person: number, { bookingId }: { bookingId: number }): Promise<BookingOutcome> =>
    bookings.cancel({ moveId: moveOf(person), bookingId, reason: 'Ill', idempotencyKey: null }, booker(person), NOW);
  const states = (): Promise<object[]> => rows('select move_id, state, place from booking order by id');
  const events = async (): Promise<string[]> =>
    (
      await rows<{ event: string }>(
        `select event from audit_event where event like any('{booking.%,device.%}') order by id`,
      )
    ).map(({ event }) => event);

  it('takes a place, puts a laptop aside, writes the fact and the trail, in one step', async () => {
    await rows('delete from device_custody where device_id <> $1', [rollout.laptops[0]]);
    const slotId = await slot();
    const outcome = await book(2, slotId);
    expect(outcome).toEqual({ bookingId: 1, state: 'booked', slotId, laptopId: rollout.laptops[0] });
    expect(await states()).toEqual([{ move_id: moveOf(2), state: 'booked', place: 1 }]);
    expect(await rows('select state, holder_entra_id from device_custody')).toEqual([
      { state: 'allocated', holder_entra_id: personId(2) },
    ]);
    expect(await rows(`select kind, details from move_fact where kind like 'slot-%'`)).toEqual([
      { kind: 'slot-booked', details: { bookingId: 1, startsAt: '2026-11-30T09:00:00.000Z', delivery: false } },
    ]);
    expect(await rows('select state, booking_id from move where id = $1', [moveOf(2)])).toEqual([
      { state: 'scheduled', booking_id: 1 },
    ]);
    expect((await events()).slice(-2)).toEqual(['device.allocated', 'booking.made']);
    await expect(book(3, slotId)).rejects.toThrow(/No laptop is left in stock/);
  });

  it('is done once however often it is sent, and refuses the same key for something else', async () => {
    const slotId = await slot();
    const send = (person: number): Promise<BookingOutcome> =>
      bookings.book({ moveId: moveOf(person), slotId, idempotencyKey: 'k' }, booker(2), NOW);
    const first = await send(2);
    expect(await send(2)).toEqual(first);
    await expect(send(3)).rejects.toThrow(InputError);
    expect(await states()).toHaveLength(1);
  });

  it('books only those who are ready, and says why not', async () => {
    const slotId = await slot();
    await sayReadiness(database.dataSource, rollout.programmeId, [moveOf(3)], 'not_ready', NOW);
    await expect(book(3, slotId)).rejects.toThrow(/Only somebody who is ready can be booked/);
    await expect(wait(3, slotId)).rejects.toThrow(ConflictError);
    await book(2, slotId);
    await expect(book(2, slotId)).rejects.toThrow(/There is a booking already/);
    await expect(bookings.book({ moveId: 999, slotId, idempotencyKey: null }, MANAGER, NOW)).rejects.toThrow(
      NotFoundError,
    );
    await expect(book(4, 999)).rejects.toThrow(NotFoundError);
  });

  it('keeps the booking of somebody whose readiness falls, at risk', async () => {
    const slotId = await slot();
    await book(2, slotId);
    await sayReadiness(database.dataSource, rollout.programmeId, [moveOf(2)], 'not_ready', NOW);
    expect(await rows('select state, at_risk from move where id = $1', [moveOf(2)])).toEqual([
      { state: 'scheduled', at_risk: true },
    ]);
    expect(await states()).toMatchObject([{ state: 'booked', place: 1 }]);
  });

  it('closes booking at the cut-off, except for the rollout manager until it begins', async () => {
    const slotId = await slot({ days: 1 });
    const late = new Date(NOW.getTime() + 9 * 3_600_000);
    await expect(book(2, slotId, booker(2), late)).rejects.toThrow(/Booking of this slot has closed/);
    await book(2, slotId, MANAGER, late);
    await expect(book(3, slotId, MANAGER, new Date(NOW.getTime() + 25 * 3_600_000))).rejects.toThrow(/has begun/);
    const closed = await slot();
    await rows(`update slot set state = 'closed' where id = $1`, [closed]);
    await expect(book(4, closed)).rejects.toThrow(/closed/);
  });

  it('frees place and laptop when it is cancelled, once', async () => {
    const slotId = await slot({ capacity: 1 });
    const made = await book(2, slotId);
    await cancel(2, made);
    expect(await states()).toEqual([{ move_id: moveOf(2), state: 'cancelled', place: null }]);
    expect(await rows(`select 1 from device_custody where state = 'allocated'`)).toEqual([]);
    expect((await events()).slice(-2)).toEqual(['device.released', 'booking.cancelled']);
    await expect(cancel(2, made)).rejects.toThrow(/over already/);
    await expect(cancel(3, made)).rejects.toThrow(NotFoundError);
    expect(await rows('select state from move where id = $1', [moveOf(2)])).toEqual([{ state: 'ready' }]);
    await book(3, slotId);
  });

  it('gives a free place to whoever is ready and has waited longest, in the transaction that frees it', async () => {
    const slotId = await slot({ capacity: 1 });
    const made = await book(2, slotId);
    await expect(book(3, slotId)).rejects.toThrow(/All places of this slot are taken/);
    for (const person of [3, 4, 5]) await wait(person, slotId);
    await sayReadiness(database.dataSource, rollout.programmeId, [moveOf(3)], 'not_ready', NOW);
    await cancel(2, made);
    expect(await states()).toEqual([
      { move_id: moveOf(2), state: 'cancelled', place: null },
      { move_id: moveOf(3), state: 'waiting', place: null },
      { move_id: moveOf(4), state: 'booked', place: 1 },
      { move_id: moveOf(5), state: 'waiting', place: null },
    ]);
    expect(await events()).toContain('booking.promoted');
    expect(await events()).toContain('booking.waiting');
    // Whoever was not ready has kept their turn, and nobody who asks later overtakes them.
    await sayReadiness(database.dataSource, rollout.programmeId, [moveOf(3)], 'ready', NOW);
    await rows('update slot set capacity = 2');
    await expect(book(6, slotId)).rejects.toThrow(/All places/);
    expect((await bookings.fillFromWaitingList(slotId, MANAGER, NOW)) + 0).toBe(1);
    expect((await states())[1]).toEqual({ move_id: moveOf(3), state: 'booked', place: 2 });
  });

  it('refuses the waiting list while a place is free, and promotes nobody after the cut-off', async () => {
    const slotId = await slot({ capacity: 1 });
    await expect(wait(3, slotId)).rejects.toThrow(/A place of this slot is free/);
    const made = await book(2, slotId);
    await wait(3, slotId);
    const late = new Date(NOW.getTime() + 7 * 86_400_000 - 3_600_000);
    await bookings.cancel(
      { moveId: moveOf(2), bookingId: made.bookingId, reason: 'Ill', idempotencyKey: null },
      MANAGER,
      late,
    );
    expect(await states()).toMatchObject([{ state: 'cancelled' }, { state: 'waiting' }]);
  });

  it('changes to another slot in one step, laptop and all, and frees the first', async () => {
    const [first, second] = [await slot({ capacity: 1 }), await slot({ capacity: 1 })];
    const made = await book(2, first);
    await wait(3, first);
    const rebook = (slotId: number): Promise<BookingOutcome> =>
      bookings.rebook({ moveId: moveOf(2), bookingId: made.bookingId, slotId, idempotencyKey: null }, booker(2), NOW);
    await expect(rebook(first)).rejects.toThrow(/booked already/);
    const changed = await rebook(second);
    expect(changed).toMatchObject({ state: 'booked', slotId: second, laptopId: made.laptopId });
    expect(await states()).toEqual([
      { move_id: moveOf(2), state: 'cancelled', place: null },
      { move_id: moveOf(3), state: 'booked', place: 1 },
      { move_id: moveOf(2), state: 'booked', place: 1 },
    ]);
    await expect(
      bookings.rebook({ moveId: moveOf(3), bookingId: 2, slotId: second, idempotencyKey: null }, booker(3), NOW),
    ).rejects.toThrow(/All places/);
    expect(await rows('select state, booking_id from move where id = $1', [moveOf(2)])).toEqual([
      { state: 'scheduled', booking_id: changed.bookingId },
    ]);
  });

  it('counts missed appointments, frees the laptop each time, and raises the third', async () => {
    for (const days of [1, 2, 3]) {
      const made = await book(2, await slot({ days }));
      await expect(
        appointments.missed({ bookingId: made.bookingId, idempotencyKey: null }, MANAGER, NOW),
      ).rejects.toThrow(/not begun yet/);
      const outcome = await appointments.missed({ bookingId: made.bookingId, idempotencyKey: null }, MANAGER, AFTER);
      expect(outcome).toEqual({ bookingId: made.bookingId, moveId: moveOf(2), state: 'missed', missedCount: days });
      expect(await broken(database.dataSource)).toEqual(WHOLE);
    }
    expect(await rows('select missed_count, doubts from move where id = $1', [moveOf(2)])).toMatchObject([
      { missed_count: 3, doubts: [{ kind: 'missed-three-times' }] },
    ]);
    expect(await events()).toContain('booking.missed');
  });

  it('keeps the laptop aside for somebody who came, who has then no booking any more', async () => {
    const made = await book(2, await slot());
    const request = { bookingId: made.bookingId, idempotencyKey: 'came' };
    await expect(appointments.attended(request, MANAGER, NOW)).rejects.toThrow(/not come yet/);
    await appointments.attended(request, MANAGER, AFTER);
    expect(await appointments.attended(request, MANAGER, AFTER)).toMatchObject({ state: 'attended' });
    expect(await rows(`select holder_entra_id from device_custody where state = 'allocated'`)).toEqual([
      { holder_entra_id: personId(2) },
    ]);
    expect(await events()).toContain('booking.attended');
    await expect(
      appointments.missed({ bookingId: made.bookingId, idempotencyKey: null }, MANAGER, AFTER),
    ).rejects.toThrow(ConflictError);
    await expect(appointments.missed({ bookingId: 99, idempotencyKey: null }, MANAGER, AFTER)).rejects.toThrow(
      NotFoundError,
    );
  });

  it('sends a laptop home without a slot, with the number of the carrier and no address', async () => {
    const deliver = (person: number, deliverOn: string, by = booker(person)): Promise<BookingOutcome> =>
      bookings.deliver({ moveId: moveOf(person), deliverOn, idempotencyKey: null }, by, NOW);
    await expect(deliver(2, '2026-11-23')).rejects.toThrow(InputError);
    await expect(deliver(2, '2026-12-01')).rejects.toThrow(ForbiddenError);
    const made = await deliver(2, '2026-12-01', MANAGER);
    expect(made).toMatchObject({ state: 'booked', slotId: null });
    await appointments.sent(made.bookingId, 'JD 0002', MANAGER, NOW);
    await expect(appointments.sent(made.bookingId, '<b>', MANAGER, NOW)).rejects.toThrow(InputError);
    await expect(
      appointments.attended({ bookingId: made.bookingId, idempotencyKey: null }, MANAGER, AFTER),
    ).rejects.toThrow(/is a delivery/);
    await appointments.delivered({ bookingId: made.bookingId, idempotencyKey: null }, MANAGER, AFTER);
    expect(await rows('select state, tracking, slot_id from booking')).toEqual([
      { state: 'delivered', tracking: 'JD 0002', slot_id: null },
    ]);
    await expect(appointments.sent(made.bookingId, 'JD 3', MANAGER, NOW)).rejects.toThrow(ConflictError);
    expect(await events()).toEqual(expect.arrayContaining(['booking.sent', 'booking.delivered']));
  });
});
