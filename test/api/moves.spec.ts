import { STATEMENTS } from '../../src/rollout/domain/statements.js';
import { auditEntries, auditHead } from '../support/audit.js';
import { personId } from '../support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const REASON = 'As agreed on the telephone';

describe('the API of moves', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manages: string;
  let reads: string;
  let head: string;
  let second: string;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 8 });
    rollout = await startRollout(database.dataSource, { people: 8 });
    web = await startTestWeb(database);
    manages = await web.tokenFor('rollout-manager');
    reads = await web.tokenFor('reviewer');
    head = await web.tokenFor({ role: null, person: personId(1) });
    second = await web.tokenFor({ role: null, person: personId(2) });
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  function call(
    address: string,
    token: string,
    body?: unknown,
    headers: Record<string, string> = {},
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<Response> {
    return fetch(`${web.url}/api/v1/${address}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  const move = (number: number): number => rollout.moves[number - 1] ?? 0;
  const tagOf = async (number: number): Promise<string> =>
    (await call(`moves/${move(number)}`, manages)).headers.get('etag') ?? '';
  async function state(
    number: number,
    statement: string,
    body: unknown,
    token = manages,
    more = {},
  ): Promise<Response> {
    const headers = { 'if-match': await tagOf(number), ...more };
    return call(`moves/${move(number)}/${statement}`, token, body, headers);
  }
  async function statusOf(answer: Promise<Response>): Promise<number> {
    const { status, body } = await answer;
    await body?.cancel();
    return status;
  }

  it('takes a statement for the version that was looked at, once for each key', async () => {
    const head = await auditHead(database.dataSource);
    const before = await tagOf(2);
    const body = { reason: REASON, until: null };
    const first = await state(2, 'exempt', body, manages, { 'idempotency-key': 'one' });
    expect([first.status, await first.json()]).toMatchObject([
      200,
      { moveId: move(2), ok: true, before: 'not_started', after: 'exempt' },
    ]);
    const headers = { 'if-match': before, 'idempotency-key': 'one' };
    expect(await statusOf(call(`moves/${move(2)}/exempt`, manages, body, headers))).toBe(200);
    expect(await auditEntries(database.dataSource, head)).toHaveLength(1);
    expect(await statusOf(call(`moves/${move(2)}/end-exemption`, manages, {}, { 'if-match': before }))).toBe(412);
    expect(await statusOf(call(`moves/${move(2)}/end-exemption`, manages, {}))).toBe(428);
    expect(await statusOf(state(2, 'exempt', body))).toBe(409);
    expect(await statusOf(state(2, 'end-exemption', {}))).toBe(200);
  });

  it('lets people answer for themselves and managers for their line, and nobody else', async () => {
    const answers = { answers: [{ question: 'training', answer: 'done' }] };
    expect(await statusOf(state(2, 'answer', answers, second))).toBe(200);
    expect(await statusOf(state(2, 'answer', answers, head))).toBe(200);
    expect(await statusOf(state(3, 'answer', answers, second))).toBe(403);
    expect(await statusOf(state(3, 'answer', answers, reads))).toBe(403);
    expect(await statusOf(state(3, 'exempt', { reason: REASON, until: null }, head))).toBe(403);
    expect(await statusOf(state(1, 'confirm-work-style', { workStyle: 'home' }, head))).toBe(403);
  });

  it.each([
    ['answer', { answers: [{ question: 'weather', answer: 'fine' }] }, 'answers[0].question'],
    ['answer', { answers: [] }, 'answers'],
    ['answer', { answers: [{ question: 'training', answer: 'done', details: [] }] }, 'answers[0].details'],
    ['confirm-work-style', { workStyle: 'anywhere' }, 'workStyle'],
    ['defer', { reason: 'tired', until: '2026-12-24' }, 'reason'],
    ['defer', { reason: 'sickness', until: 'Christmas' }, 'until'],
    ['exempt', { reason: '', until: null }, 'reason'],
    ['roll-back', { reason: 'a\u0007b' }, 'reason'],
    ['state-desktop', { deviceId: 1.5 }, 'deviceId'],
    ['retract', { key: 7, reason: REASON }, 'key'],
    ['reopen', { reason: REASON, state: 'closed' }, 'state'],
  ])('refuses %s with %j, naming the field', async (statement, body, field) => {
    const answer = await state(4, statement, body);
    const problem = (await answer.json()) as { errors: { field: string }[] };
    expect([answer.status, problem.errors.map((one) => one.field)]).toEqual([400, [field]]);
  });

  it('knows no statement that sets a state', async () => {
    expect(await statusOf(state(4, 'ready', {}))).toBe(404);
    expect(STATEMENTS.filter((statement) => /ready|close|done|state$/.test(statement))).toEqual([]);
  });

  it('shows what a statement about many would change, and then states it', async () => {
    const many = {
      statement: 'confirm-work-style',
      fields: { workStyle: 'field' },
      moves: [{ id: move(5) }, { id: move(6), version: '1' }, { id: 2_000_000_000 }],
    };
    const trail = await auditHead(database.dataSource);
    const shown: unknown = await (await call('moves/statements/preview', manages, many)).json();
    expect(await auditEntries(database.dataSource, trail)).toEqual([]);
    const done = await call('moves/statements', manages, many, { 'idempotency-key': 'many' });
    const results = (await done.json()) as { results: { ok: boolean }[] };
    expect(results).toEqual(shown);
    expect(results.results.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(await auditEntries(database.dataSource, trail)).toMatchObject([
      { event: 'move.work-style-confirmed', subject: `move:${move(5)}` },
    ]);
    for (const moves of [
      [],
      'all',
      [{ id: 'x' }],
      [{ id: 1, version: 2 }],
      Array.from({ length: 1_001 }, () => ({ id: 1 })),
    ]) {
      expect(await statusOf(call('moves/statements', manages, { ...many, moves }))).toBe(400);
    }
  });

  it('plans, changes, starts and closes a programme', async () => {
    const { version, id } = (await (await call('rollout/programmes/current', reads)).json()) as {
      version: string;
      id: number;
    };
    const plan = {
      name: 'The next one',
      startsOn: '2027-01-04',
      targetOn: '2027-12-31',
      scope: {
        directorates: [],
        sites: [],
        exceptEmployeeTypes: [],
        exceptTeams: ['Planning'],
        includePeopleWithoutDesktop: true,
      },
    };
    expect(await statusOf(call('rollout/programmes', manages, plan))).toBe(409);
    expect(await statusOf(call('rollout/programmes', reads, plan))).toBe(403);
    const closing = { 'if-match': `"${version}"` };
    expect(await statusOf(call(`rollout/programmes/${id}/close`, manages, { reason: REASON }))).toBe(428);
    expect(await statusOf(call(`rollout/programmes/${id}/close`, manages, { reason: REASON }, closing))).toBe(200);
    const planned = (await (await call('rollout/programmes', manages, plan)).json()) as { id: number; version: string };
    const preview = await call('rollout/programmes/scope-preview', reads, plan.scope);
    expect(await preview.json()).toMatchObject({
      people: {
        inScope: 3,
        leftOut: [
          { reason: 'team', count: 5 },
          { reason: 'not-staff', count: 2 },
        ],
      },
    });
    const changed = await call(
      `rollout/programmes/${planned.id}`,
      manages,
      { ...plan, name: 'Another name' },
      { 'if-match': `"${planned.version}"` },
      'PUT',
    );
    const next = (await changed.json()) as { version: string };
    const starting = { 'if-match': `"${next.version}"` };
    const started = await call(`rollout/programmes/${planned.id}/start`, manages, {}, starting);
    expect([started.status, await started.json()]).toMatchObject([200, { people: 3, desktops: 3 }]);
    expect(await statusOf(call(`rollout/programmes/${planned.id}/start`, manages, {}, starting))).toBe(409);
    const bad = await call('rollout/programmes', manages, { ...plan, scope: { ...plan.scope, sites: 'all' } });
    expect(await statusOf(call('rollout/programmes', manages, { ...plan, scope: undefined }))).toBe(400);
    expect([bad.status, await bad.json()]).toMatchObject([400, { errors: [{ field: 'scope' }] }]);
  });
});
