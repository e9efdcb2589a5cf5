import { addDays, londonDay } from '../../src/common/uk-time.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { personId } from '../support/custody-fixture.js';
import { routedRequest } from '../support/decision-fixture.js';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import type { Somebody } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const TODAY = londonDay(new Date());

describe('the API of approvals', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: 6, laptops: 2 });
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  /** One token for each, so that who sends something twice is one and the same. */
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (who: Somebody): Promise<string> => {
    const key = JSON.stringify(who);
    const known = tokens.get(key) ?? web.tokenFor(who);
    tokens.set(key, known);
    return known;
  };
  const call = async (
    method: string,
    address: string,
    who: Somebody,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const answer = await fetch(`${web.url}/api/v1${address}`, {
      method,
      headers: {
        authorization: `Bearer ${await tokenOf(who)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: (/^[[{]/.test(text) ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  };
  const asked = (requester: string, beneficiary = requester, exceptionReason?: string): Promise<number> =>
    routedRequest(
      database.dataSource,
      requester,
      [{ for: beneficiary, product: equipment.products.dock }],
      exceptionReason === undefined ? {} : { exceptionReason },
    );
  const inQueue = async (requester: string, beneficiary = requester): Promise<number> => {
    const id = await asked(requester, beneficiary);
    await rows(`update approval_step set approver_entra_id = null, queue = 'approvals' where request_id = $1`, [id]);
    return id;
  };
  const decide = (
    id: number,
    who: Somebody,
    body: object = { step: 1, outcome: 'approved' },
    headers: Record<string, string> = { 'if-match': '"1"' },
  ) => call('POST', `/requests/${id}/decisions`, who, { body, headers });
  const decided = async (id: number): Promise<number> =>
    (await rows('select from decision where request_id = $1', [id])).length;
  const person = (entraId: string, roles: Somebody['roles'] = []): Somebody => ({
    person: entraId,
    roles: roles ?? [],
  });

  it('lists what waits for whoever asks, with everything to decide, and nobody else’s', async () => {
    const { head, manager, budgetHolder, team } = equipment;
    const beneficiary = team[0] ?? '';
    const id = await asked(manager, beneficiary);
    const theirs = await call('GET', '/approvals', person(head));
    expect(theirs.json['items']).toMatchObject([
      {
        ...{ requestId: id, revision: 1, step: 1, kind: 'line_manager', people: 1, names: ['Person 4'] },
        ...{ onBehalfOf: null, queue: null, overdue: false, totalPence: 1_000, costCentreCode: 'CC-100' },
        requester: { entraId: manager, displayName: 'Person 2' },
        things: [{ name: 'USB-C dock', quantity: 1, pricePence: 1_000 }],
      },
    ]);
    for (const other of [manager, beneficiary, budgetHolder]) {
      expect((await call('GET', '/approvals', person(other))).json['items']).toEqual([]);
      expect((await call('GET', `/approvals/${id}`, person(other))).status).toBe(404);
    }
    const one = await call('GET', `/approvals/${id}`, person(head));
    expect([one.status, one.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"1[."]/)]);
    expect(one.json).toMatchObject({
      approval: { requestId: id },
      budget: { amount: 100_000_000 },
      stock: [{ available: 10, onOrder: 0 }],
      people: [{ person: { entraId: beneficiary }, lines: [{ product: 'USB-C dock', privateReason: null }] }],
      earlier: [],
    });
    const csv = await call('GET', '/approvals.csv', person(head));
    expect(csv.text).toContain(`${id},Person 2,Line manager`);
  });

  it('shows a private reason to whoever decides, and to nobody else', async () => {
    const { head, manager, team, products } = equipment;
    const id = await routedRequest(database.dataSource, manager, [{ for: team[1] ?? '', product: products.headset }]);
    await database.dataSource.transaction(async (tx) => {
      // Past the trigger that keeps what was submitted as it was.
      await tx.query(`set local session_replication_role = 'replica'`);
      await tx.query(`update request_line set private_reason = 'Hears badly' where request_id = $1`, [id]);
    });
    expect((await call('GET', `/approvals/${id}`, person(head))).text).toContain('Hears badly');
    expect((await call('GET', '/approvals', person(head))).text).not.toContain('Hears badly');
    expect((await call('GET', '/approvals.csv', person(head))).text).not.toContain('Hears badly');
    await decide(id, person(head), { step: 1, outcome: 'rejected', reason: 'There is one.' });
    expect((await call('GET', `/approvals/${id}`, person(head))).status).toBe(404);
  });

  it('B178: whoever gets something does not decide, whatever their role', async () => {
    const beneficiary = equipment.team[2] ?? '';
    const id = await inQueue(equipment.manager, beneficiary);
    for (const who of [beneficiary, equipment.manager]) {
      expect((await decide(id, person(who, ['approver', 'administrator']))).status).toBe(403);
    }
    expect(await decided(id)).toBe(0);
  });

  it('B179: a manager does not decide what is not theirs', async () => {
    const id = await asked(equipment.team[2] ?? '');
    expect((await decide(id, person(equipment.head))).status).toBe(403);
    expect((await decide(id, { role: null })).status).toBe(403);
    expect(await decided(id)).toBe(0);
    expect((await decide(id, person(equipment.manager))).status).toBe(200);
  });

  it('B181, B182: a decision is one of three words, once, and nothing else is taken', async () => {
    const id = await inQueue(equipment.manager, equipment.team[2] ?? '');
    const approver: Somebody = { role: 'approver' };
    for (const outcome of ['APPROVED ', 'Approved', ['approved', 'rejected'], ['approved'], null, true, {}]) {
      expect([outcome, (await decide(id, approver, { step: 1, outcome })).status]).toEqual([outcome, 400]);
    }
    for (const more of [
      { decidedBy: equipment.head },
      { onBehalfOf: equipment.head },
      { step: '1' },
      { reason: ['x'] },
    ]) {
      const body = { step: 1, outcome: 'approved', ...more };
      expect([more, (await decide(id, approver, body)).status]).toEqual([more, 400]);
    }
    expect((await decide(id, approver, { step: 1, outcome: 'rejected' })).status).toBe(422);
    expect(await decided(id)).toBe(0);
  });

  it('takes a decision about the revision that was looked at only, once for its key', async () => {
    const id = await inQueue(equipment.manager, equipment.team[2] ?? '');
    const approver: Somebody = { role: 'approver', person: equipment.budgetHolder };
    const body = { step: 1, outcome: 'approved', reason: 'Fine' };
    expect((await decide(id, approver, body, {})).status).toBe(428);
    expect((await decide(id, approver, body, { 'if-match': '"2"' })).status).toBe(412);
    expect((await decide(id, approver, body, { 'if-match': '*' })).status).toBe(412);
    expect((await decide(id, approver, { ...body, step: 2 })).status).toBe(409);
    expect((await decide(2_000_000, approver, body)).status).toBe(404);
    const keyed = { 'if-match': '"1"', 'idempotency-key': 'decide-once' };
    const [first, second] = [await decide(id, approver, body, keyed), await decide(id, approver, body, keyed)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.json).toEqual(first.json);
    expect(await decided(id)).toBe(1);
    expect((await decide(id, approver, { ...body, reason: 'Other' }, keyed)).status).toBe(422);
  });

  it('approves several, each on its own', async () => {
    const { head, manager, team } = equipment;
    const [good, own] = [await asked(manager, team[3] ?? ''), await asked(team[3] ?? '')];
    const decisions = [good, own].map((requestId) => ({ requestId, revision: 1, step: 1 }));
    const answer = await call('POST', '/approvals/approve', person(head), { body: { decisions } });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      decisions: [
        { requestId: good, revision: 1, step: 1, approved: true, state: 'submitted', refusal: null },
        {
          ...{ requestId: own, revision: 1, step: 1, approved: false, state: null },
          refusal: 'Somebody else decides this step.',
        },
      ],
    });
    for (const body of [{}, { decisions: [] }, { decisions: [{ requestId: good }] }, { decisions: ['1'] }]) {
      expect((await call('POST', '/approvals/approve', person(head), { body })).status).toBe(400);
    }
  });

  it('has people decide in the place of others for some days', async () => {
    const { head, manager, budgetHolder, team } = equipment;
    const id = await asked(manager, team[4] ?? '');
    const body = { to: budgetHolder, fromDay: TODAY, untilDay: addDays(TODAY, 7), reason: 'Leave' };
    const made = await call('POST', '/approvals/delegations', person(head), { body });
    expect(made.status).toBe(201);
    expect((await call('GET', `/approvals/${id}`, person(budgetHolder))).json).toMatchObject({
      approval: { onBehalfOf: { entraId: head } },
    });
    expect((await call('GET', '/approvals/delegations', person(manager))).json).toEqual([]);
    expect((await call('GET', '/approvals/delegations', { role: 'administrator' })).json).toHaveLength(1);
    expect((await decide(id, person(budgetHolder))).status).toBe(200);
    expect(await rows('select on_behalf_of from decision where request_id = $1', [id])).toEqual([
      { on_behalf_of: head },
    ]);
    const end = (who: string) =>
      call('POST', `/approvals/delegations/${made.json['delegationId'] as number}/end`, person(who));
    expect([(await end(manager)).status, (await end(head)).status, (await end(head)).status]).toEqual([404, 200, 404]);
    const wrong = [{ untilDay: '2026-02-30' }, { to: ['x'] }, { reason: ' ' }, { from: 7 }];
    for (const each of wrong) {
      const { status } = await call('POST', '/approvals/delegations', person(head), { body: { ...body, ...each } });
      expect([each, status]).toEqual([each, 400]);
    }
    expect(
      (await call('POST', '/approvals/delegations', person(manager), { body: { ...body, from: head } })).status,
    ).toBe(403);
  });

  it('links accounts of one person, by administrators only', async () => {
    const second = personId(90);
    await rows(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type)
       values ($1, 'person2-admin@council.example', 'Second', true, 'Member')`,
      [second],
    );
    const administrator: Somebody = { role: 'administrator' };
    const shown = await call('GET', '/approvals/linked-accounts', administrator);
    expect(shown.json['suggested']).toMatchObject([
      { account: { entraId: second }, person: { entraId: equipment.manager }, because: 'name' },
    ]);
    const body = { account: second, person: equipment.manager };
    for (const role of ['approver', 'rollout-manager', null] as const) {
      expect((await call('POST', '/approvals/linked-accounts', { role }, { body })).status).toBe(403);
    }
    expect((await call('POST', '/approvals/linked-accounts', administrator, { body })).status).toBe(201);
    const id = await inQueue(equipment.manager, equipment.team[5] ?? '');
    expect((await decide(id, person(second, ['approver']))).status).toBe(403);
    const removed = await call('POST', '/approvals/linked-accounts/remove', administrator, {
      body: { account: second },
    });
    expect(removed.status).toBe(200);
    expect(
      (await call('POST', '/approvals/linked-accounts/remove', administrator, { body: { account: 'nobody' } })).status,
    ).toBe(404);
  });

  it('answers exactly what the document says', async () => {
    const { head, manager, budgetHolder, team } = equipment;
    const id = await asked(manager, team[5] ?? '', 'Another dock at home');
    await decide(id, person(head), { step: 1, outcome: 'approved', reason: 'Fine' });
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const answers: readonly (readonly [string, string, Somebody])[] = [
      ['/api/v1/approvals', '/approvals', person(budgetHolder)],
      ['/api/v1/approvals/{id}', `/approvals/${id}`, person(budgetHolder)],
      ['/api/v1/approvals/delegations', '/approvals/delegations', { role: 'administrator' }],
      ['/api/v1/approvals/linked-accounts', '/approvals/linked-accounts', { role: 'administrator' }],
    ];
    for (const [route, address, who] of answers) {
      const { status, json } = await call('GET', address, who);
      expect([route, status, schemaViolations(json, answerSchema(document, route))]).toEqual([route, 200, []]);
    }
  });

  it('lets no program decide', async () => {
    const id = await inQueue(equipment.manager, equipment.team[5] ?? '');
    const answer = await fetch(`${web.url}/api/v1/requests/${id}/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ step: 1, outcome: 'approved' }),
    });
    expect(answer.status).toBe(403);
    expect(await decided(id)).toBe(0);
  });
});
