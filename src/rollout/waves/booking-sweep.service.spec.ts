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
import type { MoveFact } from '../domain/move-fact.js';
import { MoveDerivationService } from '../move-derivation.service.js';
import { recordFacts } from '../move-facts.service.js';
import { BookingSweep } from './booking-sweep.service.js';
import type { BookingsService } from './bookings.service.js';

describe('BookingSweep', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let bookings: BookingsService;
  let sweep: BookingSweep;
  beforeAll(async () => {
    database = await createTestDatabase();
    ({ bookings } = bookingServices(database.dataSource));
    sweep = new BookingSweep(database.dataSource, bookings);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyRollout(database.dataSource);
    rollout = await startRollout(database.dataSource, { people: 5, laptops: 3 });
    await sayReadiness(database.dataSource, rollout.programmeId, rollout.moves, 'ready');
  });
  afterEach(async () => {
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;
  const book = (person: number, slotId: number): Promise<unknown> =>
    bookings.book({ moveId: moveOf(person), slotId, idempotencyKey: null }, booker(person), NOW);
  const wait = (person: number, slotId: number): Promise<unknown> =>
    bookings.joinWaitingList({ moveId: moveOf(person), slotId, idempotencyKey: null }, booker(person), NOW);
  const states = (): Promise<object[]> => rows('select state, end_reason as reason from booking order by id');
  const know = (fact: Pick<MoveFact, 'kind' | 'moveId' | 'deviceId' | 'details'>): Promise<void> =>
    database.dataSource.transaction(async (tx) => {
      const whole = { ...fact, at: NOW, key: `test:${fact.kind}:${fact.moveId}` } as MoveFact;
      await recordFacts(tx, rollout.programmeId, [whole], 'system:schedule', NOW);
      await new MoveDerivationService().derive(tx, rollout.programmeId, [fact.moveId ?? 0], NOW);
    });

  it('ends the booking of a leaver, frees the laptop and gives the place to who waits', async () => {
    const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 1 });
    await book(2, slotId);
    await wait(3, slotId);
    expect(await sweep.run(NOW)).toEqual({ ended: 0, promoted: 0 });
    await know({ kind: 'left-organisation', moveId: moveOf(2), deviceId: null, details: {} });
    expect(await rows('select state from move where id = $1', [moveOf(2)])).toEqual([{ state: 'left' }]);
    expect(await sweep.run(NOW)).toEqual({ ended: 1, promoted: 0 });
    expect(await states()).toEqual([
      { state: 'cancelled', reason: 'Left the council' },
      { state: 'booked', reason: null },
    ]);
  });

  it('ends a later appointment of somebody who was given the laptop before', async () => {
    await book(2, await insertSlot(database.dataSource, rollout.programmeId));
    const [given] = await rows<{ id: number }>('select laptop_id as id from booking');
    await rows(`update device_custody set state = 'in_use' where device_id = $1`, [given?.id]);
    await know({
      kind: 'laptop-assigned',
      moveId: moveOf(2),
      deviceId: given?.id ?? 0,
      details: { by: 'custody' },
    });
    expect(await sweep.run(NOW)).toEqual({ ended: 1, promoted: 0 });
    expect(await states()).toEqual([{ state: 'cancelled', reason: 'Got the laptop before the appointment' }]);
    // What was handed over stays with the person.
    expect(await rows('select state from device_custody where device_id = $1', [given?.id])).toEqual([
      { state: 'in_use' },
    ]);
  });

  it('ends turns on the list of a slot that has begun, and gives places when laptops have come', async () => {
    const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 3 });
    await rows(`update device_custody set substate = 'held' where state = 'in_stock'`);
    await wait(2, slotId);
    expect(await sweep.run(NOW)).toEqual({ ended: 0, promoted: 0 });
    await rows(`update device_custody set substate = 'available' where state = 'in_stock'`);
    expect(await sweep.run(NOW)).toEqual({ ended: 0, promoted: 1 });
    const full = await insertSlot(database.dataSource, rollout.programmeId, { days: 1, capacity: 1, engineer: 8 });
    await book(3, full);
    await wait(4, full);
    expect(await sweep.run(new Date(NOW.getTime() + 2 * 86_400_000))).toEqual({ ended: 1, promoted: 0 });
    expect((await states()).at(-1)).toEqual({
      state: 'cancelled',
      reason: 'The slot began before a place was free',
    });
  });
});
