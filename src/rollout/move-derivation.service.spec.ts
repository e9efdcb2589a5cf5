import { startRollout, type RolloutFixture } from '../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Transactor } from '../database/transactor.js';
import type { MoveFact } from './domain/move-fact.js';
import { derivationSettings, MoveDerivationService } from './move-derivation.service.js';
import { recordFacts } from './move-facts.service.js';
import { writeReplayedHistory } from './take-over/history-replay.service.js';

const START = new Date('2026-03-02T09:00:00Z');
const at = (day: number): Date => new Date(START.getTime() + day * 86_400_000);

describe('MoveDerivationService', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  const derivation = new MoveDerivationService();
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 12 });
    rollout = await startRollout(database.dataSource, { people: 8, startedAt: START });
  });
  afterAll(() => database.drop());
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const move = (index: number): number => rollout.moves[index] ?? 0;
  const desktop = (index: number): number => rollout.desktops[index] ?? 0;
  const laptop = (index: number): number => rollout.laptops[index] ?? 0;

  async function learn(now: Date, facts: readonly MoveFact[]): Promise<number> {
    const moves = facts.flatMap(({ moveId }) => (moveId === null ? [] : [moveId]));
    const devices = facts.flatMap(({ moveId, deviceId }) => (moveId === null && deviceId !== null ? [deviceId] : []));
    return database.dataSource.transaction(async (tx) => {
      await recordFacts(tx, rollout.programmeId, facts, 'system:schedule', now);
      return (await derivation.derive(tx, rollout.programmeId, moves, now, devices)).changed;
    });
  }
  const state = async (index: number): Promise<string | undefined> =>
    (await rows<{ state: string }>('select state from move where id = $1', [move(index)]))[0]?.state;
  const stateOfDesktop = async (index: number): Promise<string | undefined> =>
    (await rows<{ state: string }>('select state from rollout_desktop where device_id = $1', [desktop(index)]))[0]
      ?.state;

  const handOver = (index: number, day: number): MoveFact => ({
    kind: 'laptop-assigned',
    moveId: move(index),
    deviceId: laptop(index),
    at: at(day),
    details: { by: 'custody' },
    key: `hand-over:${index}:${day}`,
  });
  const recovered = (index: number, day: number): MoveFact => ({
    kind: 'desktop-recovered',
    moveId: null,
    deviceId: desktop(index),
    at: at(day),
    details: {},
    key: `recovered:${index}:${day}`,
  });
  const wiped = (index: number, day: number): MoveFact => ({
    kind: 'desktop-wiped',
    moveId: null,
    deviceId: desktop(index),
    at: at(day),
    details: { evidence: 'CERT-1' },
    key: `wiped:${index}:${day}`,
  });
  const shares = (index: number, other: number, day: number): MoveFact => ({
    kind: 'desktop-assigned',
    moveId: move(index),
    deviceId: desktop(other),
    at: at(day),
    details: { by: 'statement' },
    key: `shares:${index}:${other}`,
  });

  it('brings a move from hand-over to done, and keeps every stretch of it', async () => {
    await expect(state(0)).resolves.toBe('not_started');
    await learn(at(1), [handOver(0, 1)]);
    await expect(state(0)).resolves.toBe('handed_over');
    await learn(at(2), [recovered(0, 2)]);
    expect([await state(0), await stateOfDesktop(0)]).toEqual(['desktop_recovered', 'recovered']);
    await learn(at(3), [wiped(0, 3)]);
    expect([await state(0), await stateOfDesktop(0)]).toEqual(['closed', 'wiped']);
    const stretches = await rows(
      `select state, from_at, until_at from move_state where move_id = $1 order by from_at`,
      [move(0)],
    );
    expect(stretches).toEqual([
      { state: 'not_started', from_at: at(0), until_at: at(1) },
      { state: 'handed_over', from_at: at(1), until_at: at(2) },
      { state: 'desktop_recovered', from_at: at(2), until_at: at(3) },
      { state: 'closed', from_at: at(3), until_at: null },
    ]);
    expect(
      await rows('select state, until_at from rollout_desktop_state where device_id = $1 order by from_at', [
        desktop(0),
      ]),
    ).toEqual([
      { state: 'in_use', until_at: at(2) },
      { state: 'recovered', until_at: at(3) },
      { state: 'wiped', until_at: null },
    ]);
  });

  it('writes nothing when nothing is new', async () => {
    const before = await rows('select id, version from move order by id');
    const derived = await database.dataSource.transaction((tx) =>
      derivation.derive(tx, rollout.programmeId, 'all', at(3)),
    );
    expect(derived.changed).toBe(0);
    expect(await rows('select id, version from move order by id')).toEqual(before);
  });

  it('lets one change follow another in the same instant', async () => {
    await learn(at(4), [handOver(1, 4)]);
    await learn(at(4), [recovered(1, 4)]);
    const stretches = await rows<{ state: string }>(
      'select state from move_state where move_id = $1 order by from_at',
      [move(1)],
    );
    expect(stretches.map((row) => row.state)).toEqual(['not_started', 'handed_over', 'desktop_recovered']);
  });

  it('waits with a shared desktop for its last user', async () => {
    await learn(at(5), [shares(3, 2, 5), handOver(2, 5)]);
    await learn(at(6), [
      {
        kind: 'desktop-released',
        moveId: move(2),
        deviceId: desktop(2),
        at: at(6),
        details: { reason: 'A colleague goes on using it' },
        key: 'released:2',
      },
    ]);
    expect([await state(2), await stateOfDesktop(2)]).toEqual(['closed', 'in_use']);
    await learn(at(7), [handOver(3, 7), recovered(2, 7), wiped(2, 7)]);
    // Number 3 has a desktop of their own besides.
    expect([await state(3), await stateOfDesktop(2)]).toEqual(['handed_over', 'wiped']);
    await learn(at(8), [recovered(3, 8), wiped(3, 8)]);
    expect(await state(3)).toBe('closed');
  });

  it('derives what shares a desktop in parallel to the same end', async () => {
    const facts: MoveFact[][] = [
      [shares(4, 5, 9)],
      [shares(6, 5, 9)],
      [shares(7, 5, 9)],
      [recovered(5, 10)],
      [handOver(4, 9), recovered(4, 9), wiped(4, 9)],
      [handOver(6, 9), recovered(6, 9), wiped(6, 9)],
    ];
    const transactor = new Transactor(database.dataSource);
    await Promise.all(
      facts.map((some) =>
        transactor.run(async (tx) => {
          await recordFacts(tx, rollout.programmeId, some, 'system:schedule', at(10));
          await derivation.derive(
            tx,
            rollout.programmeId,
            some.flatMap(({ moveId }) => (moveId === null ? [] : [moveId])),
            at(10),
            some.flatMap(({ moveId, deviceId }) => (moveId === null && deviceId !== null ? [deviceId] : [])),
          );
        }),
      ),
    );
    await database.dataSource.transaction((tx) => derivation.derive(tx, rollout.programmeId, 'due', at(10)));
    const before = await rows('select * from move order by id');
    const again = await database.dataSource.transaction((tx) =>
      derivation.derive(tx, rollout.programmeId, 'all', at(10)),
    );
    expect(await rows('select * from move order by id')).toEqual(before);
    expect(again.changed).toBe(0);
    expect(
      await rows(`select move_id from move_state where until_at is null group by move_id having count(*) <> 1`),
    ).toEqual([]);
  });

  it('asks again when time alone may have changed something', async () => {
    const doubts = await rows<{ doubts: { kind: string }[] }>('select doubts from move where id = $1', [move(0)]);
    expect(doubts[0]?.doubts.map(({ kind }) => kind)).toEqual(['handover-unconfirmed']);
  });

  it('gives a machine the facts of what turned out to be the same, and back', async () => {
    const whole = desktop(7);
    const [part] = await rows<{ id: number }>(
      `insert into device (name, form_factor, form_factor_superclass, form_factor_decided_by, model)
       values ('D-8', 'desktop', 'fixed', 'catalogue', 'OptiPlex 7060') returning id`,
    );
    const partId = part?.id ?? 0;
    await rows('update device set merged_into_id = $1 where id = $2', [partId, whole]);
    await learn(at(11), [{ ...recovered(7, 11), deviceId: partId }]);
    const standings = `select device_id, state, scope_reason from rollout_desktop where device_id in ($1, $2) order by device_id`;
    expect(await rows(standings, [whole, partId])).toEqual([
      { device_id: whole, state: 'out_of_scope', scope_reason: 'reclassified' },
      { device_id: partId, state: 'recovered', scope_reason: 'baseline' },
    ]);
    await rows('update device set merged_into_id = null where id = $1', [whole]);
    await database.dataSource.transaction((tx) =>
      derivation.derive(tx, rollout.programmeId, [move(7)], at(12), [partId]),
    );
    expect(await rows(standings, [whole, partId])).toMatchObject([
      { device_id: whole, state: 'in_use' },
      { device_id: partId, state: 'recovered' },
    ]);
  });

  it('is rebuilt, today and every day before, from the facts alone', async () => {
    // Changes of one instant are put a millisecond apart when they are learned one after the other.
    const history = `
      select move_id, date_trunc('second', from_at) as since, state, scope_reason
      from (select *, lag(row(state, scope_reason)) over (partition by move_id order by from_at) as earlier
            from move_state where until_at is null or until_at - from_at > interval '1 second') as stretch
      where earlier is distinct from row(state, scope_reason) order by move_id, from_at`;
    const before = await rows(history);
    await rows('truncate move_state, rollout_desktop_state');
    await database.dataSource.transaction(async (tx) => {
      const settings = await derivationSettings(tx, rollout.programmeId);
      await writeReplayedHistory(tx, rollout.programmeId, settings, at(12));
    });
    expect(await rows(history)).toEqual(before);
    expect(
      await rows(
        `select 1 from move join move_state as stretch on stretch.move_id = move.id and stretch.until_at is null
         where (move.state, move.scope_reason, move.readiness) is distinct from
           (stretch.state, stretch.scope_reason, stretch.readiness)`,
      ),
    ).toEqual([]);
    expect(
      await rows(
        `select desktop.device_id from rollout_desktop as desktop
         join rollout_desktop_state as stretch using (programme_id, device_id)
         where stretch.until_at is null and desktop.state <> stretch.state`,
      ),
    ).toEqual([]);
  });

  it('only ever adds to the history', async () => {
    for (const statement of [
      `update move_fact set kind = 'reopened'`,
      'delete from move_fact',
      `update move_state set state = 'closed'`,
      'delete from move_state',
      `update move_state set until_at = now() where until_at is not null`,
      `update rollout_desktop_state set state = 'wiped'`,
    ]) {
      await expect(rows(statement)).rejects.toThrow('only ever added to');
    }
  });
});
