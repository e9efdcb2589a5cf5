import {
  booker,
  bookingServices,
  broken,
  emptyRollout,
  insertSlot,
  NOW,
  sayReadiness,
  WHOLE,
} from '../../../test/support/booking-fixture.js';
import { personId } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { AppointmentCorrections, CorrectedState } from './appointment-corrections.service.js';
import type { AppointmentOutcome, AppointmentsService } from './appointments.service.js';
import type { BookingsService } from './bookings.service.js';

const ENGINEER = booker(8, ['rollout:work']);
const HOUR = 3_600_000;
/** Half an hour into the appointment, a week after `NOW`. */
const THEN = new Date(NOW.getTime() + 7 * 24 * HOUR + HOUR / 2);
const LATER = new Date(THEN.getTime() + HOUR);

describe('AppointmentCorrections', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let bookings: BookingsService;
  let appointments: AppointmentsService;
  let corrections: AppointmentCorrections;
  let bookingId: number;
  let laptopId: number | null;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 12 });
    ({ bookings, appointments, corrections } = bookingServices(database.dataSource));
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyRollout(database.dataSource);
    rollout = await startRollout(database.dataSource, { people: 4 });
    await sayReadiness(database.dataSource, rollout.programmeId, rollout.moves, 'ready');
    const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 1 });
    ({ bookingId, laptopId } = await bookings.book(
      { moveId: rollout.moves[1] ?? 0, slotId, idempotencyKey: null },
      booker(2),
      NOW,
    ));
  });
  afterEach(async () => {
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const say = (state: CorrectedState, now = THEN): Promise<AppointmentOutcome> =>
    appointments[state]({ bookingId, idempotencyKey: null }, ENGINEER, now);
  const correct = (state: CorrectedState, now = LATER, key: string | null = null): Promise<AppointmentOutcome> =>
    corrections.correct({ bookingId, state, reason: 'The wrong line', idempotencyKey: key }, ENGINEER, now);
  const whole = async (): Promise<object | undefined> =>
    (
      await rows<object>(
        `select booking.state, booking.place, end_reason as reason, custody.state as laptop, move.state as move, missed_count as missed
         from booking join move on move.id = booking.move_id join device_custody custody on custody.device_id = $2
         where booking.id = $1`,
        [bookingId, laptopId],
      )
    )[0];

  it('says that somebody came after all, with the place and the laptop that they had', async () => {
    await say('missed');
    expect(await whole()).toMatchObject({ state: 'missed', place: null, laptop: 'in_stock', missed: 1 });
    const entry = await auditedAs(database.dataSource, 'booking.corrected', () => correct('attended'));
    expect(entry).toMatchObject({ subject: `booking:${bookingId}`, actor: ENGINEER.actor });
    expect(await whole()).toMatchObject({
      ...{ state: 'attended', place: 1, reason: 'The wrong line' },
      ...{ laptop: 'allocated', move: 'ready', missed: 0 },
    });
  });

  it('says that somebody did not come after all, and back again, as often as it takes', async () => {
    await say('attended');
    expect(await correct('missed')).toEqual({ bookingId, moveId: rollout.moves[1], state: 'missed', missedCount: 1 });
    expect(await whole()).toMatchObject({ state: 'missed', place: null, laptop: 'in_stock', move: 'ready', missed: 1 });
    await correct('attended', new Date(LATER.getTime() + 1_000));
    await correct('missed', new Date(LATER.getTime() + 2_000));
    expect(await whole()).toMatchObject({ state: 'missed', missed: 1, laptop: 'in_stock' });
  });

  it('is not for another day, nor for what was not said, nor once the laptop is handed over', async () => {
    await expect(correct('missed')).rejects.toThrow('nothing was said');
    await say('attended');
    await expect(correct('attended')).rejects.toThrow('this was not said');
    // Until midnight in the UK.
    await expect(correct('missed', new Date('2026-12-01T00:00:00Z'))).rejects.toThrow('only on the day');
    await rows(`update device_custody set state = 'in_use' where device_id = $1`, [laptopId]);
    await expect(correct('missed', new Date('2026-11-30T23:59:59Z'))).rejects.toThrow('handed over');
    expect(await whole()).toMatchObject({ state: 'attended', reason: null });
  });

  it('does not take the place of somebody who has it by now, nor of a person with another booking', async () => {
    await say('missed');
    const other = await insertSlot(database.dataSource, rollout.programmeId, { days: 9 });
    const again = await bookings.book(
      { moveId: rollout.moves[1] ?? 0, slotId: other, idempotencyKey: null },
      booker(2),
      THEN,
    );
    await expect(correct('attended')).rejects.toThrow('another booking');
    await bookings.cancel(
      { moveId: rollout.moves[1] ?? 0, bookingId: again.bookingId, reason: 'Came', idempotencyKey: null },
      booker(2),
      THEN,
    );
    await rows(
      `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, state, booked_by, ended_at)
       select $1, slot_id, slot_capacity, slot_state, 1, 'attended', booked_by, ended_at from booking where id = $2`,
      [rollout.moves[2], bookingId],
    );
    await expect(correct('attended')).rejects.toThrow('All places');
  });

  it('takes another laptop, or none, when theirs is gone from stock', async () => {
    await say('missed');
    await rows(
      `update device_custody set state = 'in_use', substate = null, holder_entra_id = $2 where device_id = $1 or state = 'in_stock'`,
      [laptopId, personId(4)],
    );
    await correct('attended');
    expect(await rows('select state, laptop_id from booking')).toEqual([{ state: 'attended', laptop_id: null }]);
  });

  it('is done once, however many ask at the same moment', async () => {
    await say('missed');
    const ended = await Promise.allSettled(Array.from({ length: 10 }, () => correct('attended')));
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [first, second] = [await correct('missed', LATER, 'key'), await correct('missed', LATER, 'key')];
    expect(second).toEqual(first);
    const facts = await rows<{ kind: string }>(
      `select kind from move_fact where kind in ('slot-missed', 'slot-attended', 'retracted') order by id`,
    );
    expect(facts.map(({ kind }) => kind).sort()).toEqual([
      ...['retracted', 'retracted', 'slot-attended', 'slot-missed', 'slot-missed'],
    ]);
  });
});
