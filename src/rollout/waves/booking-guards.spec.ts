import { WHOLE, broken, emptyRollout, insertSlot } from '../../../test/support/booking-fixture.js';
import { personId } from '../../../test/support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';

/** What the database itself refuses, whoever writes: these statements share nothing with the services. */
describe('the guards of bookings', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 20 });
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyRollout(database.dataSource);
    rollout = await startRollout(database.dataSource, { people: 20 });
  });
  const rows = <Row>(text: string, parameters: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(text, parameters);
  const sql = (text: string, parameters: unknown[] = []): Promise<unknown> => rows(text, parameters);
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;

  function insert(
    person: number,
    slotId: number,
    {
      place = 1,
      state = 'booked',
      capacity = 2,
      laptop = null,
    }: { place?: number | null; state?: string; capacity?: number; laptop?: number | null } = {},
  ): Promise<unknown> {
    return sql(
      `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, state, laptop_id, booked_by)
       values ($1, $2, $3, 'open', $4, $5, $6, 'system:schedule')`,
      [moveOf(person), slotId, capacity, place, state, laptop],
    );
  }

  /** Another slot of an hour, at another site, so long after the first one begins. */
  const slotLater = (minutes: number, engineer = 9): Promise<unknown> =>
    sql(
      `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
       select programme_id, 'Library', $2, starts_at + $1 * interval '1 minute', ends_at + $1 * interval '1 minute',
              cut_off_at - interval '2 hours', 1, created_by
       from slot order by id limit 1`,
      [minutes, personId(engineer)],
    );

  const outcomes = async (works: readonly Promise<unknown>[]): Promise<(string | null)[]> =>
    (await Promise.allSettled(works)).map((result) =>
      result.status === 'fulfilled' ? 'done' : sqlstateOf(result.reason),
    );

  it('let as many in as there are places, past every service and all at once', async () => {
    const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 3 });
    const tries = rollout.moves.map((_, index) => insert(index + 1, slotId, { place: (index % 5) + 1, capacity: 3 }));
    const ended = await outcomes(tries);
    expect(ended.filter((each) => each === 'done')).toHaveLength(3);
    expect(new Set(ended)).toEqual(new Set(['done', SQLSTATE.uniqueViolation, SQLSTATE.checkViolation]));
    expect(await broken(database.dataSource)).toEqual(WHOLE);
    // Nor does it help to say that the slot is larger, or to make it smaller afterwards.
    expect(await outcomes([insert(20, slotId, { place: 4, capacity: 9 })])).toEqual([SQLSTATE.foreignKeyViolation]);
    expect(await outcomes([sql('update slot set capacity = 2')])).toEqual([SQLSTATE.checkViolation]);
    expect(await outcomes([sql(`update slot set state = 'closed'`)])).toEqual([SQLSTATE.checkViolation]);
    expect(await broken(database.dataSource)).toEqual(WHOLE);
  });

  const GUARDS: readonly {
    readonly name: string;
    readonly code: string;
    readonly breaks: keyof typeof WHOLE;
    readonly drop: string;
    readonly attempt: (slotId: number, laptop: number) => Promise<unknown>;
  }[] = [
    {
      name: 'booking_place_key',
      code: SQLSTATE.uniqueViolation,
      breaks: 'overbooked',
      drop: 'drop index booking_place_key',
      attempt: async (slotId) => {
        await insert(1, slotId, { place: 1 });
        await insert(2, slotId, { place: 2 });
        await insert(3, slotId, { place: 2 });
      },
    },
    {
      name: 'booking_place_check',
      code: SQLSTATE.checkViolation,
      breaks: 'overbooked',
      drop: 'alter table booking drop constraint booking_place_check',
      attempt: async (slotId) => {
        for (const place of [1, 2, 3]) await insert(place, slotId, { place });
      },
    },
    {
      name: 'booking_slot_fkey',
      code: SQLSTATE.foreignKeyViolation,
      breaks: 'overbooked',
      drop: 'alter table booking drop constraint booking_slot_fkey',
      attempt: async (slotId) => {
        for (const place of [1, 2, 3]) await insert(place, slotId, { place, capacity: place === 3 ? 3 : 2 });
      },
    },
    {
      name: 'booking_live_key',
      code: SQLSTATE.uniqueViolation,
      breaks: 'twoLiveBookings',
      drop: 'drop index booking_live_key',
      attempt: async (slotId) => {
        await insert(1, slotId, { place: 1 });
        await insert(1, slotId, { place: null, state: 'waiting' });
      },
    },
    {
      name: 'booking_laptop_key',
      code: SQLSTATE.uniqueViolation,
      breaks: 'laptopPromisedTwice',
      drop: 'drop index booking_laptop_key',
      attempt: async (slotId, laptop) => {
        await insert(1, slotId, { place: 1, laptop });
        await insert(2, slotId, { place: 2, laptop });
      },
    },
    {
      name: 'booking_open_slot_check',
      code: SQLSTATE.checkViolation,
      breaks: 'liveInClosedSlot',
      drop: 'alter table booking drop constraint booking_open_slot_check',
      attempt: async (slotId) => {
        await insert(1, slotId);
        await sql(`update slot set state = 'closed' where id = $1`, [slotId]);
      },
    },
    {
      name: 'slot_engineer_exclusion',
      code: SQLSTATE.exclusionViolation,
      breaks: 'engineerInTwoPlaces',
      drop: 'alter table slot drop constraint slot_engineer_exclusion',
      attempt: () => slotLater(30),
    },
  ];

  it.each(GUARDS)('$name is what keeps $breaks from happening', async ({ code, breaks, drop, attempt }) => {
    const own = await createTestDatabase();
    const [usual, usualRollout] = [database, rollout];
    try {
      const slotId = await insertSlot(database.dataSource, rollout.programmeId, { capacity: 2 });
      expect(await outcomes([attempt(slotId, rollout.laptops[0] ?? 0)])).toEqual([code]);
      expect((await broken(database.dataSource))[breaks]).toBe(0);
      database = own;
      rollout = await startRollout(own.dataSource, { people: 3 });
      await sql(drop);
      const other = await insertSlot(own.dataSource, rollout.programmeId, { capacity: 2 });
      expect(await outcomes([attempt(other, rollout.laptops[0] ?? 0)])).toEqual(['done']);
      expect((await broken(own.dataSource))[breaks]).toBeGreaterThan(0);
    } finally {
      [database, rollout] = [usual, usualRollout];
      await own.drop();
    }
  });

  it('let one of many slots of an engineer that overlap be made, all at once, and others beside it', async () => {
    await insertSlot(database.dataSource, rollout.programmeId);
    // Each overlaps the next, so that at most every second can be made.
    const ended = await outcomes(Array.from({ length: 16 }, (_, index) => slotLater(60 + 45 * index)));
    const refused = ended.filter((each) => each !== 'done');
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused.length).toBeLessThan(16);
    // Two that are inserted at the same moment wait for each other, until the server ends one.
    for (const each of refused) expect([SQLSTATE.exclusionViolation, SQLSTATE.deadlockDetected]).toContain(each);
    expect(await broken(database.dataSource)).toEqual(WHOLE);
    // Somebody else at the same time, the same engineer right after, and instead of a slot that was closed.
    await sql('delete from slot where id > 1');
    expect(await outcomes([slotLater(0, 8), slotLater(60), slotLater(-60)])).toEqual(['done', 'done', 'done']);
    await sql(`update slot set state = 'closed' where id = 1`);
    expect(await outcomes([slotLater(0)])).toEqual(['done']);
  });

  it('keep each person from naming themselves, and a move in one wave', async () => {
    const self = sql(
      `insert into move_delegate (principal_entra_id, delegate_entra_id, until_day, named_by) values ($1, $1, '2027-01-01', 'x')`,
      [personId(1)],
    );
    expect(await outcomes([self])).toEqual([SQLSTATE.checkViolation]);
    await sql(
      `insert into wave (programme_id, name, starts_on, ends_on, created_by)
       select $1, 'Wave ' || n, '2026-12-01', '2026-12-12', 'system:schedule' from generate_series(1, 2) as n`,
      [rollout.programmeId],
    );
    const join = (wave: number): Promise<unknown> =>
      sql(`insert into wave_member (move_id, wave_id, source, added_by) values ($1, $2, 'hand', 'x')`, [
        moveOf(1),
        wave,
      ]);
    expect(await outcomes([join(1)])).toEqual(['done']);
    expect(await outcomes([join(2)])).toEqual([SQLSTATE.uniqueViolation]);
  });
});
