import { auditedAs } from '../../test/support/audit.js';
import { personId } from '../../test/support/custody-fixture.js';
import { machines } from '../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { ProgrammeQueries } from './programme.queries.js';
import { ProgrammeService, type ProgrammePlan } from './programme.service.js';
import { ScopePreviewQueries } from './scope-preview.queries.js';

const BY = 'person:00000000-0000-4000-8000-000000000099';
const PLAN: ProgrammePlan = {
  name: 'Desktops to laptops',
  startsOn: '2026-03-02',
  targetOn: '2027-03-31',
  scope: {
    directorates: ['Places'],
    sites: [],
    exceptEmployeeTypes: ['Agency'],
    exceptTeams: ['Leisure'],
    includePeopleWithoutDesktop: false,
  },
};

/**
 * Of nine accounts of Places one is a guest, one a room, one agency staff, one of a team that does not take part, one has
 * left and one has no desktop; number 10 is of another directorate.
 */
async function council(database: TestDatabase): Promise<number[]> {
  const { dataSource } = database;
  await dataSource.query(
    `insert into person (entra_id, display_name, user_type, account_enabled, division, department, employee_type)
     select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'Person ' || n, case n when 4 then 'Guest' else 'Member' end,
            n <> 8, case when n = 10 then 'Adults' else 'Places' end,
            case n when 5 then null when 7 then 'Leisure' else 'Planning' end, case n when 6 then 'Agency' end
     from generate_series(1, 10) as n`,
  );
  const users = [1, 2, 3, 4, 5, 6, 7, 8, 10, 1];
  const ids = await machines(
    dataSource,
    users.map((number) => personId(number)),
    'desktop',
    'OptiPlex 7060',
  );
  await dataSource.query(`update device set ownership = 'personal' where id = $1`, [ids[9]]);
  const stock = await machines(dataSource, [null], 'desktop', 'OptiPlex 7060');
  await dataSource.query(
    `insert into device_custody (device_id, recorded_for, state, substate) values ($1, $1, 'in_stock', 'available')`,
    stock,
  );
  return ids;
}

describe('ProgrammeService', () => {
  let database: TestDatabase;
  let programmes: ProgrammeService;
  let queries: ProgrammeQueries;
  let desktops: number[];
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 12 });
    programmes = new ProgrammeService(new Transactor(database.dataSource), new MoveDerivationService());
    queries = new ProgrammeQueries(database.dataSource);
    desktops = await council(database);
  });
  afterAll(() => database.drop());
  const rows = <T>(sql: string): Promise<T[]> => database.dataSource.query<T[]>(sql);

  it('shows whom a scope would take in, and why it leaves out the others', async () => {
    const preview = new ScopePreviewQueries(database.dataSource);
    await expect(preview.preview(PLAN.scope)).resolves.toEqual({
      people: {
        inScope: 3,
        withDesktop: 3,
        leftOut: [
          { reason: 'not-staff', count: 2 },
          { reason: 'directorate', count: 1 },
          { reason: 'employee-type', count: 1 },
          { reason: 'left', count: 1 },
          { reason: 'no-desktop', count: 1 },
          { reason: 'team', count: 1 },
        ],
      },
      desktops: {
        inScope: 4,
        withoutUser: 0,
        leftOut: [
          { reason: 'user-left-out', count: 5 },
          { reason: 'in-our-hands', count: 1 },
          { reason: 'personal', count: 1 },
        ],
      },
      directorates: [{ directorate: 'Places', people: 3, desktops: 4 }],
    });
    await expect(preview.leftOut(PLAN.scope, 'team')).resolves.toMatchObject([{ displayName: 'Person 7' }]);
    expect(
      (await preview.preview({ ...PLAN.scope, directorates: [], includePeopleWithoutDesktop: true })).people.inScope,
    ).toBe(5);
  });

  it('plans one programme at a time, also when several plan at once', async () => {
    await expect(queries.current()).resolves.toBeNull();
    const planned = await Promise.allSettled(Array.from({ length: 8 }, () => programmes.create(PLAN, BY)));
    expect(planned.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(queries.current()).resolves.toMatchObject({
      state: 'draft',
      settingsVersion: 1,
      settings: { handoverConfirmationDays: 7 },
    });
  });

  it.each([
    ['no name', { ...PLAN, name: ' ' }, 'name'],
    ['a day that there is not', { ...PLAN, startsOn: '2026-02-30' }, 'startsOn'],
    ['an end before the beginning', { ...PLAN, targetOn: '2026-03-02' }, 'targetOn'],
    ['an empty entry', { ...PLAN, scope: { ...PLAN.scope, sites: [''] } }, 'sites'],
  ])('refuses a plan with %s', async (_what, plan, field) => {
    const error = await programmes.create(plan, BY).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).fields.map((one) => one.field)).toEqual([field]);
  });

  it('changes what is planned, for whoever looked at it as it is', async () => {
    const before = await queries.current();
    if (!before) throw new Error('Nothing is planned.');
    const plan = { ...PLAN, name: 'Away from the desk' };
    await auditedAs(database.dataSource, 'programme.changed', () =>
      programmes.change(before.id, before.version, plan, BY),
    );
    await expect(queries.current()).resolves.toMatchObject({ name: 'Away from the desk' });
    await expect(programmes.change(before.id, before.version, plan, BY)).rejects.toThrow('Somebody changed');
    await expect(programmes.change(4_711, '1', plan, BY)).rejects.toThrow(NotFoundError);
  });

  it('starts once, and freezes who and what was there', async () => {
    const { id, version } = (await queries.current())!;
    const started = await auditedAs(database.dataSource, 'programme.started', async () => {
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => programmes.start(id, version, BY)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
    expect(started.details).toEqual({ people: 3, desktops: 4 });
    expect(await rows('select person_entra_id from baseline_person order by 1')).toEqual(
      [1, 2, 3].map((number) => ({ person_entra_id: personId(number) })),
    );
    expect(await rows('select device_id from baseline_desktop order by 1')).toEqual(
      [0, 1, 2, 7].map((index) => ({ device_id: desktops[index] })),
    );
    expect(await rows('select state, desktop_count from move')).toEqual(
      [1, 2, 3].map(() => ({ state: 'not_started', desktop_count: 1 })),
    );
    expect(await rows('select count(*)::integer as stretches from move_state where until_at is null')).toEqual([
      { stretches: 3 },
    ]);
    // Nobody has the desktop of somebody who left: it is waited for, without a move.
    expect(await rows('select count(*)::integer as desktops from rollout_desktop where user_count = 0')).toEqual([
      { desktops: 1 },
    ]);
    await expect(rows(`update baseline_person set team = 'Other'`)).rejects.toThrow('only ever added to');
  });

  it('closes, after which the next can be planned', async () => {
    const { id, version } = (await queries.current())!;
    await expect(programmes.change(id, version, PLAN, BY)).rejects.toThrow(ConflictError);
    await auditedAs(database.dataSource, 'programme.closed', () => programmes.close(id, version, BY, 'All have moved'));
    await expect(queries.current()).resolves.toMatchObject({ state: 'closed' });
    await auditedAs(database.dataSource, 'programme.planned', () => programmes.create(PLAN, BY));
    const next = (await queries.current())!;
    expect(next).toMatchObject({ state: 'draft' });
    await programmes.change(next.id, next.version, { ...PLAN, scope: { ...PLAN.scope, directorates: ['None'] } }, BY);
    const { version: changed } = (await queries.current())!;
    await expect(programmes.start(next.id, changed, BY)).rejects.toThrow('Nobody is in this scope');
    await expect(queries.current()).resolves.toMatchObject({ state: 'draft', baselineAt: null });
  });
});
