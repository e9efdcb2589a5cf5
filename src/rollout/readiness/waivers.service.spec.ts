import { auditedAs, auditHead } from '../../../test/support/audit.js';
import {
  emptyRollout,
  KnownNetwork,
  makeOtherwiseReady,
  READINESS_SETTINGS,
  readinessOver,
} from '../../../test/support/readiness-fixture.js';
import { startRollout, type RolloutFixture } from '../../../test/support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { JobQueueService } from '../../jobs/job-queue.service.js';
import { DEFAULT_READINESS_SETTINGS, readinessSettingsOf } from '../domain/readiness/settings.js';
import { READINESS_RULES } from '../domain/readiness/rules.js';
import type { WantedWaiver } from '../domain/readiness/waiver.js';
import { ApplicationsService } from './applications.service.js';
import { ReadinessJobs } from './readiness.jobs.js';
import { ReadinessResultsQueries } from './readiness-results.queries.js';
import { RolloutSettingsService } from './rollout-settings.service.js';
import { WaiversQueries } from './waivers.queries.js';
import { WaiversService, type WaiverActor } from './waivers.service.js';

const NOW = new Date('2026-11-23T09:00:00Z');
const WAIVER: WantedWaiver = { rule: 'laptop', reason: 'Gets one on the day', expiresOn: '2027-01-31' };
const MANAGER: WaiverActor = { actor: 'person:rollout-manager', personEntraId: 'rollout-manager' };

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let rollout: RolloutFixture;
let parts: ReturnType<typeof readinessOver>;
let waivers: WaiversService;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = database.dataSource;
});
afterAll(() => database.drop());

beforeEach(async () => {
  await emptyRollout(dataSource);
  rollout = await startRollout(dataSource, { people: 4, laptops: 0, settings: READINESS_SETTINGS });
  parts = readinessOver(dataSource, new KnownNetwork());
  waivers = new WaiversService(parts.transactor, parts.programmes, parts.readiness);
  parts.network.serve(['Civic Centre', 'Library']);
  for (const [index, move] of rollout.moves.entries()) {
    await makeOtherwiseReady(dataSource, parts.network, move, rollout.people[index] ?? '');
  }
  await parts.transactor.run((tx) => parts.readiness.evaluate(tx, rollout.programmeId, 'all', NOW));
});

const move = (index = 1): number => rollout.moves[index] ?? 0;
const grant = (wanted: Partial<WantedWaiver> = {}, by = MANAGER, now = NOW): Promise<{ readonly waiverId: number }> =>
  waivers.grant({ ...WAIVER, ...wanted, moveId: move(), idempotencyKey: null }, by, now);

async function readiness(index = 1): Promise<string | null> {
  const rows = await dataSource.query<{ outcome: string }[]>(
    'select outcome from readiness_evaluation where move_id = $1',
    [move(index)],
  );
  return rows[0]?.outcome ?? null;
}

describe('waivers', () => {
  it('let one rule not stop one move, are shown with the result, and leave others alone', async () => {
    await grant({ rule: 'windows-11' });
    await grant({ rule: 'health' });
    const entry = await auditedAs(dataSource, 'waiver.granted', () => grant());
    expect(entry).toMatchObject({ actor: 'person:rollout-manager', subject: `move:${move()}` });
    expect(entry.details).toMatchObject({ rule: 'laptop', until: '2027-01-31' });
    expect([await readiness(1), await readiness(2)]).toEqual(['ready', 'not_ready']);
    const results = await new ReadinessResultsQueries(dataSource).ofMoves([move()]);
    expect(results.find(({ rule }) => rule === 'laptop')).toMatchObject({
      outcome: 'not_ready',
      blocks: false,
      waiver: { reason: 'Gets one on the day', expiresOn: '2027-01-31', grantedBy: 'person:rollout-manager' },
    });
  });

  it('are granted by no service, and by nobody for their own move', async () => {
    await expect(grant({}, { actor: 'token:1', personEntraId: null })).rejects.toThrow(ForbiddenError);
    const person = rollout.people[1] ?? '';
    await expect(grant({}, { actor: `person:${person}`, personEntraId: person })).rejects.toThrow(/their own move/);
    expect(await new WaiversQueries(dataSource).ofMove(move())).toEqual([]);
  });

  it('hold from today to a year from now, for rules that may be waived', async () => {
    for (const expiresOn of ['2026-11-22', '2027-11-24', '2027-02-30', 'soon']) {
      await expect(grant({ expiresOn })).rejects.toThrow(InputError);
    }
    await expect(grant({ rule: 'licence' })).rejects.toThrow(InputError);
    await grant({ expiresOn: '2027-11-23' });
  });

  it('hold once for a rule, and the same submission is done once', async () => {
    const wanted = { ...WAIVER, moveId: move(), idempotencyKey: 'key-1' };
    const first = await waivers.grant(wanted, MANAGER, NOW);
    expect(await waivers.grant(wanted, MANAGER, NOW)).toEqual(first);
    await expect(grant()).rejects.toThrow(ConflictError);
  });

  it('end when they are withdrawn, with the reason kept', async () => {
    const { waiverId } = await grant({ rule: 'manager-word' });
    const withdraw = (): Promise<void> =>
      waivers.withdraw({ moveId: move(), waiverId, reason: 'Not needed any more' }, MANAGER, NOW);
    await auditedAs(dataSource, 'waiver.withdrawn', withdraw);
    await expect(withdraw()).rejects.toThrow(ConflictError);
    await expect(waivers.withdraw({ moveId: move(2), waiverId, reason: 'Another move' }, MANAGER, NOW)).rejects.toThrow(
      NotFoundError,
    );
    const [kept] = await new WaiversQueries(dataSource).ofMove(move());
    expect(kept).toMatchObject({ endReason: 'Not needed any more', endedBy: 'person:rollout-manager' });
    await grant({ rule: 'manager-word' });
  });

  it('end after their last day, and the move is worked out anew', async () => {
    for (const rule of ['windows-11', 'health', 'laptop'] as const) await grant({ rule, expiresOn: '2026-11-24' });
    expect(await waivers.expire(new Date('2026-11-24T23:00:00Z'))).toBe(0);
    expect(await readiness()).toBe('ready');
    const before = await auditHead(dataSource);
    const later = new Date('2026-11-25T00:30:00Z');
    expect(await waivers.expire(later)).toBe(3);
    const entries = await dataSource.query<{ actor: string }[]>(
      `select actor from audit_event where id > $1 and event = 'waiver.expired'`,
      [before],
    );
    expect(entries).toEqual(Array.from({ length: 3 }, () => ({ actor: 'system:schedule' })));
    expect(await readiness()).toBe('not_ready');
  });
});

describe('settings', () => {
  const service = (): RolloutSettingsService => new RolloutSettingsService(parts.transactor, parts.programmes);
  const derivation = { handoverConfirmationDays: 5, missesThatEscalate: 2 };

  it('are kept in versions with their reason, and decide at the next run of the job', async () => {
    const stored = readinessSettingsOf((await parts.programmes.current())?.settings ?? {});
    const readinessSettings = { ...stored, gates: { ...stored.gates, field: ['manager-word' as const] } };
    const change = { version: 1, reason: 'The field goes first', ...derivation, readiness: readinessSettings };
    const entry = await auditedAs(dataSource, 'rollout-settings.changed', () => service().change(change, 'person:x'));
    expect(entry.details).toEqual({ version: 2 });
    await expect(service().change(change, 'person:x')).rejects.toThrow(ConflictError);
    const programme = await parts.programmes.current();
    expect(programme).toMatchObject({ settingsVersion: 2, settings: derivation });
    expect(readinessSettingsOf(programme?.settings ?? {}).gates.field).toEqual(['manager-word']);
  });

  it('are refused when they cannot be', async () => {
    const wrong = {
      ...DEFAULT_READINESS_SETTINGS,
      lastSeenDays: 0,
      notWaivable: ['health' as const, 'health' as const],
    };
    const change = service().change(
      { version: 1, reason: 'x', ...derivation, missesThatEscalate: 0, readiness: wrong },
      'person:x',
    );
    await expect(change).rejects.toMatchObject({
      fields: [{ field: 'notWaivable' }, { field: 'lastSeenDays' }, { field: 'missesThatEscalate' }],
    });
  });

  it('that are new have everybody asked again by the job; afterwards it asks whom something touches', async () => {
    // What runs by the clock is called by hand.
    const queue = new JobQueueService(database.address);
    const jobs = new ReadinessJobs(queue, parts.transactor, parts.programmes, parts.readiness, waivers);
    const without = READINESS_RULES.filter((rule) => !['laptop', 'windows-11', 'health'].includes(rule));
    const gates = { ...DEFAULT_READINESS_SETTINGS.gates, office_mobile: without, fixed: without, shared_desk: without };
    const everyStyle = { ...gates, home: without, field: without };
    const settings = { ...readinessSettingsOf((await parts.programmes.current())?.settings ?? {}), gates: everyStyle };
    await jobs.run('changed', NOW);
    expect(await readiness()).toBe('not_ready');
    await service().change(
      { version: 1, reason: 'Laptops on the day', ...derivation, readiness: settings },
      'person:x',
    );
    await jobs.run('changed', NOW);
    expect(await readiness()).toBe('ready');
    await dataSource.query(
      `insert into move_answer (move_id, question, answer, actor) values ($1, 'manager-word', 'no', 'person:x')`,
      [move()],
    );
    await jobs.run('changed', new Date());
    expect([await readiness(1), await readiness(2)]).toEqual(['not_ready', 'ready']);
  });
});

describe('applications', () => {
  it('are named once, and a change asks those who need it', async () => {
    const service = new ApplicationsService(parts.transactor, parts.programmes, parts.readiness);
    const input = { name: 'Uniform', state: 'unknown', owner: null, note: null } as const;
    let id = 0;
    await auditedAs(dataSource, 'rollout-application.named', async () => {
      ({ id } = await service.name(input, 'person:x', NOW));
    });
    await expect(service.name({ ...input, name: 'UNIFORM' }, 'person:x')).rejects.toThrow(InputError);
    await dataSource.query(
      `insert into move_answer (move_id, question, answer, details, actor)
       values ($1, 'applications', 'listed', '{"applications": ["uniform"]}', 'person:x')`,
      [move()],
    );
    await parts.transactor.run((tx) => parts.readiness.evaluate(tx, rollout.programmeId, [move()], NOW));
    const [row] = await dataSource.query<{ version: string }[]>('select version::text from rollout_application');
    const change = { ...input, state: 'ready' as const, id, version: row?.version ?? '' };
    await auditedAs(dataSource, 'rollout-application.changed', async () => {
      expect(await service.change(change, 'person:x', NOW)).toEqual({ evaluated: 1 });
    });
    await expect(service.change(change, 'person:x', NOW)).rejects.toThrow(ConflictError);
    const results = await new ReadinessResultsQueries(dataSource).ofMoves([move()]);
    expect(results.find(({ rule }) => rule === 'applications')).toMatchObject({ subject: 'Uniform', outcome: 'ready' });
  });
});
