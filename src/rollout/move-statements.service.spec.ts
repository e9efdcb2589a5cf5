import { auditedAs, auditEntries, auditHead } from '../../test/support/audit.js';
import { personId } from '../../test/support/custody-fixture.js';
import { KnownNetwork } from '../../test/support/readiness-fixture.js';
import { startRollout, type RolloutFixture } from '../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { PERMISSIONS } from '../auth/permissions.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../common/errors.js';
import { addDays, londonDay } from '../common/uk-time.js';
import { Transactor } from '../database/transactor.js';
import { FactCollectionService } from './fact-collection.service.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import {
  MoveChangedError,
  MoveStatementsService,
  STATEMENT_EVENTS,
  type StatementActor,
  type StatementResult,
} from './move-statements.service.js';
import { STATEMENTS, type Statement } from './domain/statements.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ReadinessService } from './readiness/readiness.service.js';

const YESTERDAY = new Date(Date.now() - 86_400_000);
const NEXT_MONTH = addDays(londonDay(new Date()), 30);

function person(number: number, permissions: readonly string[] = []): StatementActor {
  return { actor: `person:${personId(number)}`, personEntraId: personId(number), permissions: new Set(permissions) };
}
/** Runs the rollout and is nobody of the fixture. */
const RUNS_IT = person(99, PERMISSIONS);
/** Everybody's manager. */
const HEAD = person(1);

const ASSESSMENT: Statement = {
  statement: 'answer',
  answers: [
    { question: 'devices', answer: 'confirmed' },
    { question: 'usual-sites', answer: 'listed', details: { sites: ['Library'] } },
    { question: 'applications', answer: 'none' },
    { question: 'assistive-technology', answer: 'none' },
  ],
};

describe('MoveStatementsService', () => {
  let database: TestDatabase;
  let rollout: RolloutFixture;
  let statements: MoveStatementsService;
  let collection: FactCollectionService;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 12 });
    const { dataSource } = database;
    const transactor = new Transactor(dataSource);
    const derivation = new MoveDerivationService();
    const readiness = new ReadinessService(new ProgrammeQueries(dataSource), new KnownNetwork(), derivation);
    statements = new MoveStatementsService(transactor, new MoveCircleQueries(dataSource), derivation, readiness);
    collection = new FactCollectionService(transactor, derivation);
    rollout = await startRollout(dataSource, { people: 14, startedAt: YESTERDAY });
    await dataSource.query(`update person set employee_id = 'E' || id`);
  });
  afterAll(() => database.drop());
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const move = (number: number): number => rollout.moves[number - 1] ?? 0;
  const state = (
    number: number,
    statement: Statement,
    by: StatementActor = HEAD,
    version: string | null = null,
  ): Promise<StatementResult> => statements.state({ moveId: move(number), version }, statement, by);
  const row = async (number: number): Promise<Record<string, unknown>> =>
    (
      await rows<{ row: Record<string, unknown> }>('select to_jsonb(move) as row from move where id = $1', [
        move(number),
      ])
    )[0]?.row ?? {};
  async function giveLaptop(number: number): Promise<void> {
    await rows(
      `with given as (update device_custody set state = 'in_use', substate = null, holder_entra_id = $2, since = now()
                      where device_id = $1 returning 1)
       insert into custody_event (device_id, command, from_state, to_state, holder_after, actor)
       select $1, 'hand-over', 'in_stock', 'in_use', $2, 'system:schedule' from given`,
      [rollout.laptops[number - 1], personId(number)],
    );
    await collection.collect();
  }
  async function finish(number: number): Promise<void> {
    await giveLaptop(number);
    await rows(
      `insert into custody_event (device_id, command, from_state, to_state, reference, actor)
       select $1, command, from_state, to_state, 'CERT-1', 'system:schedule'
       from (values ('take-back', 'in_use', 'recovered'), ('wipe', 'recovered', 'wiped')) as step(command, from_state, to_state)`,
      [rollout.desktops[number - 1]],
    );
    await collection.collect();
  }

  it('counts a move as assessed once the work style is confirmed and everything needed is answered', async () => {
    await state(2, ASSESSMENT);
    expect(await row(2)).toMatchObject({ state: 'not_started' });
    await auditedAs(database.dataSource, 'move.work-style-confirmed', () =>
      state(2, { statement: 'confirm-work-style', workStyle: 'office_mobile' }),
    );
    expect(await row(2)).toMatchObject({ state: 'blocked', work_style: 'office_mobile', work_style_confirmed: true });
    expect(await rows(`select kind from move_fact where move_id = $1 and kind = 'assessed'`, [move(2)])).toHaveLength(
      1,
    );
    await state(2, ASSESSMENT);
    expect(await rows(`select kind from move_fact where move_id = $1 and kind = 'assessed'`, [move(2)])).toHaveLength(
      1,
    );
  });

  it('takes answers from the person and the line, and the manager’s word from the line alone', async () => {
    const entry = await auditedAs(database.dataSource, 'move.answered', () => state(3, ASSESSMENT, person(3)));
    expect(entry).toMatchObject({ subject: `move:${move(3)}`, actor: `person:${personId(3)}` });
    const word: Statement = { statement: 'answer', answers: [{ question: 'manager-word', answer: 'yes' }] };
    await expect(state(3, word, person(3))).rejects.toThrow(ForbiddenError);
    await expect(state(3, ASSESSMENT, person(4))).rejects.toThrow('not in your line');
    await state(3, word);
    expect(
      await rows(`select answer, actor from move_answer where move_id = $1 and question = 'manager-word'`, [move(3)]),
    ).toEqual([{ answer: 'yes', actor: `person:${personId(1)}` }]);
  });

  it('takes answers from a delegate until the last day, and nothing else', async () => {
    const stand = person(13);
    await rows(
      `insert into move_delegate (principal_entra_id, delegate_entra_id, until_day, named_by) values ($1, $2, $3, 'person:x')`,
      [personId(12), stand.personEntraId, londonDay(new Date())],
    );
    await state(12, ASSESSMENT, stand);
    const refused: Statement[] = [
      { statement: 'answer', answers: [{ question: 'manager-word', answer: 'yes' }] },
      { statement: 'confirm-work-style', workStyle: 'home' },
      { statement: 'defer', reason: 'other', until: NEXT_MONTH },
      { statement: 'confirm-receipt' },
    ];
    for (const statement of refused) await expect(state(12, statement, stand)).rejects.toThrow(ForbiddenError);
    await expect(state(11, ASSESSMENT, stand)).rejects.toThrow(ForbiddenError);
    await rows('update move_delegate set until_day = until_day - 1');
    await expect(state(12, ASSESSMENT, stand)).rejects.toThrow(ForbiddenError);
  });

  it('lets nobody decide about themselves, nor about what is not theirs to decide', async () => {
    await expect(state(1, { statement: 'defer', reason: 'other', until: NEXT_MONTH })).rejects.toThrow(
      'their own move',
    );
    await expect(state(2, { statement: 'exempt', reason: 'Works at a counter', until: null })).rejects.toThrow(
      'Only who runs the rollout',
    );
    await expect(state(2, { statement: 'exempt', reason: 'x', until: null }, person(2, PERMISSIONS))).rejects.toThrow(
      ForbiddenError,
    );
  });

  it.each([
    ['an empty reason', { statement: 'roll-back', reason: ' ' }, InputError],
    ['a day that has passed', { statement: 'defer', reason: 'sickness', until: '2026-01-01' }, InputError],
    ['a day in another age', { statement: 'defer', reason: 'sickness', until: '2099-01-01' }, InputError],
    [
      'an answer that is none',
      { statement: 'answer', answers: [{ question: 'training', answer: 'perhaps' }] },
      InputError,
    ],
    ['no answers', { statement: 'answer', answers: [] }, InputError],
    ['a machine that is no desktop', { statement: 'state-desktop', deviceId: 2_000_000_000 }, InputError],
    ['what was never known', { statement: 'retract', key: 'nothing', reason: 'Wrong' }, NotFoundError],
    ['a deferral that is none', { statement: 'end-deferral' }, ConflictError],
    ['an exemption that is none', { statement: 'end-exemption' }, ConflictError],
    ['a move that is not done', { statement: 'reopen', reason: 'Seen again' }, ConflictError],
    ['a laptop that nobody gave', { statement: 'confirm-receipt' }, ConflictError],
    ['a hand-over that was none', { statement: 'roll-back', reason: 'Does not work' }, ConflictError],
  ] as const)('refuses %s, and keeps nothing of it', async (_what, statement, error) => {
    const head = await auditHead(database.dataSource);
    const facts = await rows('select 1 from move_fact');
    await expect(state(4, statement as Statement, RUNS_IT)).rejects.toThrow(error);
    expect(await auditEntries(database.dataSource, head)).toEqual([]);
    expect(await rows('select 1 from move_fact')).toHaveLength(facts.length);
  });

  it('refuses a move that is no longer as it was looked at, and one that is not there', async () => {
    await expect(state(4, ASSESSMENT, HEAD, '1')).rejects.toThrow(MoveChangedError);
    await expect(statements.state({ moveId: 2_000_000_000, version: null }, ASSESSMENT, RUNS_IT)).rejects.toThrow(
      NotFoundError,
    );
    const { version } = await row(4);
    await expect(state(4, ASSESSMENT, HEAD, String(version))).resolves.toMatchObject({ ok: true });
  });

  it('defers for maternity until a day, and takes the move up again', async () => {
    await auditedAs(database.dataSource, 'move.deferred', () =>
      state(5, { statement: 'defer', reason: 'parental_leave', until: NEXT_MONTH }),
    );
    expect(await row(5)).toMatchObject({ state: 'deferred', deferred_until: NEXT_MONTH });
    await auditedAs(database.dataSource, 'move.deferral-ended', () => state(5, { statement: 'end-deferral' }));
    expect(await row(5)).toMatchObject({ state: 'not_started', deferred_until: null });
    await state(5, { statement: 'defer', reason: 'parental_leave', until: NEXT_MONTH });
    await collection.collect(new Date(Date.now() + 40 * 86_400_000));
    expect(await row(5)).toMatchObject({ state: 'not_started' });
    expect((await row(5))['doubts']).toMatchObject([{ kind: 'deferral-over' }]);
  });

  it('exempts and ends the exemption, each a change of scope', async () => {
    await auditedAs(database.dataSource, 'move.exempted', () =>
      state(6, { statement: 'exempt', reason: 'Works at a counter', until: null }, RUNS_IT),
    );
    expect(await row(6)).toMatchObject({ state: 'exempt', scope_reason: 'exemption' });
    await auditedAs(database.dataSource, 'move.exemption-ended', () =>
      state(6, { statement: 'end-exemption' }, RUNS_IT),
    );
    expect(await row(6)).toMatchObject({ state: 'not_started', scope_reason: 'exemption_ended' });
  });

  it('rolls back, and doubts a laptop that stays', async () => {
    await giveLaptop(7);
    await auditedAs(database.dataSource, 'move.receipt-confirmed', () =>
      state(7, { statement: 'confirm-receipt' }, person(7)),
    );
    await auditedAs(database.dataSource, 'move.rolled-back', () =>
      state(7, { statement: 'roll-back', reason: 'The case system does not run' }, RUNS_IT),
    );
    expect((await row(7))['doubts']).toMatchObject([{ kind: 'rolled-back-with-laptop' }]);
  });

  it('reopens what was done, and takes a mistake back', async () => {
    await finish(8);
    expect(await row(8)).toMatchObject({ state: 'closed' });
    await auditedAs(database.dataSource, 'move.reopened', () =>
      state(8, { statement: 'reopen', reason: 'The desktop is back at the desk' }, RUNS_IT),
    );
    expect(await row(8)).toMatchObject({ state: 'desktop_recovered' });
    const [fact] = await rows<{ key: string }>(`select key from move_fact where kind = 'reopened'`);
    await auditedAs(database.dataSource, 'move.fact-retracted', () =>
      state(8, { statement: 'retract', key: fact?.key ?? '', reason: 'Another desktop was meant' }, RUNS_IT),
    );
    expect(await row(8)).toMatchObject({ state: 'closed' });
  });

  it('closes without a desktop only with a reason, and lets others keep a shared one', async () => {
    await auditedAs(database.dataSource, 'move.desktop-stated', () =>
      state(9, { statement: 'state-desktop', deviceId: rollout.desktops[9] ?? 0 }),
    );
    await auditedAs(database.dataSource, 'move.desktop-released', () =>
      state(9, {
        statement: 'release-desktop',
        deviceId: rollout.desktops[9] ?? 0,
        reason: 'Number 10 goes on using it',
      }),
    );
    expect(await row(9)).toMatchObject({ desktop_count: 1 });
    await auditedAs(database.dataSource, 'move.no-desktop-stated', () =>
      state(9, { statement: 'state-no-desktop', reason: 'It stands in the training room' }),
    );
    expect((await row(9))['doubts']).toMatchObject([{ kind: 'desktop-denied-but-known' }]);
  });

  it('states the same of many, naming those that are left out, after showing what it would do', async () => {
    const statement: Statement = { statement: 'confirm-work-style', workStyle: 'home' };
    const targets = [10, 11, 12].map((number) => ({ moveId: move(number), version: null }));
    const all = [...targets, { moveId: move(1), version: null }, { moveId: 2_000_000_000, version: null }];
    const head = await auditHead(database.dataSource);
    const shown = await statements.preview(all, statement, HEAD);
    expect(await auditEntries(database.dataSource, head)).toEqual([]);
    expect(await row(10)).toMatchObject({ work_style_confirmed: false });
    const done = await statements.stateMany(all, statement, HEAD, 'bulk-1');
    expect(done.map(({ moveId, ok }) => ({ moveId, ok }))).toEqual(shown.map(({ moveId, ok }) => ({ moveId, ok })));
    expect(done.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await auditEntries(database.dataSource, head)).toHaveLength(3);
    // The same again under the same key is not done again.
    await statements.stateMany(all, statement, HEAD, 'bulk-1');
    expect(await auditEntries(database.dataSource, head)).toHaveLength(3);
  });

  it('refuses more than it can do at once', async () => {
    const targets = Array.from({ length: 1_001 }, (_, index) => ({ moveId: index + 1, version: null }));
    await expect(statements.stateMany(targets, ASSESSMENT, RUNS_IT)).rejects.toThrow('up to 1000');
  });

  it('does one of twenty that were given at once under one key', async () => {
    const statement: Statement = { statement: 'defer', reason: 'secondment', until: NEXT_MONTH };
    const target = { moveId: move(13), version: null };
    await Promise.all(Array.from({ length: 20 }, () => statements.state(target, statement, HEAD, 'once')));
    expect(await rows(`select 1 from move_fact where move_id = $1 and kind = 'deferred'`, [move(13)])).toHaveLength(1);
  });

  it('has an event for every statement', () => {
    expect(Object.keys(STATEMENT_EVENTS).sort()).toEqual([...STATEMENTS].sort());
  });
});
