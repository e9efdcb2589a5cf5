import type { Role } from '../../auth/permissions.js';
import { Transactor } from '../../database/transactor.js';
import { routedRequest } from '../../../test/support/decision-fixture.js';
import { requestActor, stockEquipment, type AskedLine, type Equipment } from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { Outcome } from '../domain/decision-words.js';
import { DecisionsService } from './decisions.service.js';

describe('decisions', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let decisions: DecisionsService;
  beforeEach(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    decisions = new DecisionsService(new Transactor(database.dataSource));
  });
  afterEach(() => database.drop());

  const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(statement, values);
  const submitted = (requester: string, lines: readonly AskedLine[], exceptionReason?: string): Promise<number> =>
    routedRequest(database.dataSource, requester, lines, exceptionReason === undefined ? {} : { exceptionReason });
  const decide = (
    requestId: number,
    step: number,
    who: string,
    {
      outcome = 'approved',
      reason = null,
      roles = [],
      key = null,
      revision = 1,
    }: Partial<{
      outcome: Outcome;
      reason: string | null;
      roles: readonly Role[];
      key: string | null;
      revision: number;
    }> = {},
  ) => decisions.decide({ requestId, revision, step, outcome, reason, idempotencyKey: key }, requestActor(who, roles));
  const steps = (id: number) =>
    sql(
      `select step, kind, approver_entra_id as approver, queue, opened_at is not null as asked
       from approval_step where request_id = $1 order by step`,
      [id],
    );
  const stateOf = async (id: number): Promise<string | undefined> =>
    (await sql<{ state: string }>('select state from equipment_request where id = $1', [id]))[0]?.state;

  it('ask one after the other, and reserve in the transaction of the last approval', async () => {
    const { manager, head, budgetHolder, team, products } = equipment;
    const id = await submitted(manager, [{ for: team[0] ?? '', product: products.dock }], 'Two screens');
    expect(await steps(id)).toEqual([
      { step: 1, kind: 'line_manager', approver: head, queue: null, asked: true },
      { step: 2, kind: 'budget_holder', approver: budgetHolder, queue: null, asked: false },
      { step: 3, kind: 'it', approver: null, queue: 'it', asked: false },
    ]);
    await expect(decide(id, 2, budgetHolder)).rejects.toThrow('Somebody else decides this step');
    await expect(decide(id, 1, head)).resolves.toMatchObject({ state: 'submitted' });
    await expect(decide(id, 2, budgetHolder)).resolves.toMatchObject({ state: 'submitted' });
    await expect(decide(id, 3, head, { roles: ['approver'] })).rejects.toMatchObject({ status: 403 });
    expect(await sql('select from reservation')).toEqual([]);
    await expect(decide(id, 3, head, { roles: ['rollout-manager'] })).resolves.toMatchObject({ state: 'approved' });
    expect(await sql('select quantity, state from reservation')).toEqual([{ quantity: 1, state: 'active' }]);
    expect(await sql('select event, actor from audit_event order by id')).toEqual([
      { event: 'request.step-approved', actor: `person:${head}` },
      { event: 'request.step-approved', actor: `person:${budgetHolder}` },
      { event: 'request.approved', actor: `person:${head}` },
    ]);
    expect(
      (await sql<{ event: string }>('select event from request_event order by id')).map(({ event }) => event),
    ).toEqual(['step-opened', 'step-approved', 'step-opened', 'step-approved', 'step-opened', 'approved', 'reserved']);
  });

  it('need a reason unless they approve, and end the request or give it back', async () => {
    const { manager, head, team, products } = equipment;
    const line = [{ for: team[0] ?? '', product: products.dock }];
    const [rejected, returned] = [await submitted(manager, line), await submitted(manager, line)];
    await expect(decide(rejected, 1, head, { outcome: 'rejected', reason: '  ' })).rejects.toMatchObject({
      fields: [{ field: 'reason', message: 'Say why it is rejected' }],
    });
    await decide(rejected, 1, head, { outcome: 'rejected', reason: 'There is one in the office.' });
    await decide(returned, 1, head, { outcome: 'returned', reason: 'Name the site.' });
    expect([await stateOf(rejected), await stateOf(returned)]).toEqual(['rejected', 'returned']);
    expect(await sql('select event from audit_event order by id')).toEqual([
      { event: 'request.rejected' },
      { event: 'request.returned' },
    ]);
    await expect(decide(rejected, 1, head)).rejects.toMatchObject({ status: 409 });
  });

  it('are made once: of 20 at once one is kept, and the same key has the same outcome', async () => {
    const { manager, head, team, products } = equipment;
    const id = await submitted(manager, [{ for: team[0] ?? '', product: products.dock }]);
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => decide(id, 1, head)));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of tried)
      if (each.status === 'rejected') expect([403, 409]).toContain((each.reason as { status: number }).status);
    expect(await sql('select step from decision')).toEqual([{ step: 1 }]);
    const other = await submitted(manager, [{ for: team[0] ?? '', product: products.dock }]);
    const first = await decide(other, 1, head, { key: 'twice' });
    expect(await decide(other, 1, head, { key: 'twice' })).toEqual(first);
  });

  it('are about what was looked at: another revision or step is refused', async () => {
    const { manager, head, team, products } = equipment;
    const id = await submitted(manager, [{ for: team[0] ?? '', product: products.dock }]);
    await expect(decide(id, 1, head, { revision: 2 })).rejects.toMatchObject({ status: 409 });
    await expect(decide(id, 2, head)).rejects.toMatchObject({ status: 409 });
    await expect(decide(id + 1, 1, head)).rejects.toMatchObject({ status: 404 });
    expect(await sql('select from decision')).toEqual([]);
  });

  it('in bulk are made one by one, and say what was not and why', async () => {
    const { manager, head, team, products } = equipment;
    const line = [{ for: team[0] ?? '', product: products.dock }];
    const mine = await submitted(manager, line);
    const own = await submitted(team[1] ?? '', [{ for: team[1] ?? '', product: products.dock }]);
    const gone = await submitted(manager, line);
    await decide(gone, 1, head, { outcome: 'rejected', reason: 'No.' });
    const chosen = [mine, own, gone].map((requestId) => ({ requestId, revision: 1, step: 1 }));
    const results = await decisions.approveMany(chosen, 'bulk', requestActor(head));
    expect(results).toEqual([
      { requestId: mine, revision: 1, step: 1, ok: true, state: 'submitted' },
      { requestId: own, revision: 1, step: 1, ok: false, refusal: 'Somebody else decides this step.' },
      { requestId: gone, revision: 1, step: 1, ok: false, refusal: 'The request waits for no decision any more.' },
    ]);
    expect(await decisions.approveMany(chosen.slice(0, 1), 'bulk', requestActor(head))).toEqual(results.slice(0, 1));
    await expect(decisions.approveMany([], null, requestActor(head))).rejects.toMatchObject({ status: 422 });
  });

  it('are for people: a program decides nothing', async () => {
    const { manager, team, products } = equipment;
    const id = await submitted(manager, [{ for: team[0] ?? '', product: products.dock }]);
    await expect(
      decisions.decide(
        { requestId: id, revision: 1, step: 1, outcome: 'approved', reason: null, idempotencyKey: null },
        { actor: 'token:1', personEntraId: null, permissions: new Set(['requests:decide', 'own:read']) },
      ),
    ).rejects.toMatchObject({ status: 403 });
  });
});
