import { routedRequest } from '../../../test/support/decision-fixture.js';
import { requestActor, stockEquipment, type Equipment } from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { ApprovalSweep } from './approval-sweep.service.js';
import { DecisionsService } from './decisions.service.js';

/** A Monday morning without a holiday in the weeks after it. */
const MONDAY = new Date('2026-11-23T09:00:00Z');
const at = (day: string): Date => new Date(`2026-${day}T17:30:00Z`);

describe('steps that wait', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let sweep: ApprovalSweep;
  let id: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    sweep = new ApprovalSweep(new Transactor(database.dataSource));
    const lines = [{ for: equipment.team[0] ?? '', product: equipment.products.dock }];
    id = await routedRequest(database.dataSource, equipment.manager, lines, { at: MONDAY });
  });
  afterEach(() => database.drop());

  const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(statement, values);
  const steps = () =>
    sql(
      `select step, kind, approver_entra_id as approver, queue, queue_reason as reason
       from approval_step where request_id = $1 order by step`,
      [id],
    );
  const decide = (step: number, who: string, now?: Date) =>
    new DecisionsService(new Transactor(database.dataSource)).decide(
      { requestId: id, revision: 1, step, outcome: 'approved', reason: null, idempotencyKey: null },
      requestActor(who),
      now,
    );
  const audited = async (): Promise<string[]> =>
    (await sql<{ event: string }>('select event from audit_event order by id')).map(({ event }) => event);
  const NOTHING = { reminded: 0, escalated: 0, rerouted: 0 };

  it('are reminded of once, and given to the queue once, by working days', async () => {
    expect(await sweep.run(at('11-24'))).toEqual(NOTHING);
    expect(await sweep.run(at('11-25'))).toEqual({ ...NOTHING, reminded: 1 });
    expect(await sweep.run(at('11-26'))).toEqual(NOTHING);
    expect(await sweep.run(at('11-29'))).toEqual(NOTHING);
    expect(await sweep.run(at('11-30'))).toEqual({ ...NOTHING, escalated: 1 });
    expect((await steps())[0]).toEqual({
      ...{ step: 1, kind: 'line_manager', approver: null, queue: 'approvals', reason: 'escalated' },
    });
    expect(await sweep.run(at('12-02'))).toEqual({ ...NOTHING, reminded: 1 });
    expect(await sweep.run(at('12-22'))).toEqual(NOTHING);
    expect(await audited()).toEqual(['request.step-reminded', 'request.step-escalated', 'request.step-reminded']);
  });

  it('go to the next manager, or the queue, when whoever was asked has left', async () => {
    const { head, manager, budgetHolder } = equipment;
    await sql('update person set manager_entra_id = $2 where entra_id = $1', [head, budgetHolder]);
    await sql('update person set manager_entra_id = null where entra_id = $1', [budgetHolder]);
    await sql(`update person set presence = 'gone', absent_since = now() where entra_id = $1`, [head]);
    expect(await sweep.run(MONDAY)).toEqual({ ...NOTHING, rerouted: 1 });
    expect((await steps())[0]).toMatchObject({ approver: budgetHolder });
    await sql('update person set account_enabled = false where entra_id = $1', [budgetHolder]);
    expect(await sweep.run(MONDAY)).toEqual({ ...NOTHING, rerouted: 1 });
    expect((await steps())[0]).toMatchObject({ approver: null, queue: 'approvals', reason: 'left' });
    expect(await sweep.run(MONDAY)).toEqual(NOTHING);
    expect(await audited()).toEqual(['request.step-rerouted', 'request.step-rerouted']);
    expect(manager).not.toBe(head);
  });

  it('are looked after once by two who do so at the same time', async () => {
    const both = await Promise.all([sweep.run(at('11-25')), sweep.run(at('11-25'))]);
    expect(both.reduce((sum, { reminded }) => sum + reminded, 0)).toBe(1);
  });

  it('bring back a step that was left out for whoever does not decide any more', async () => {
    const { head, manager, team, products } = equipment;
    await sql('update cost_centre set budget_holder_entra_id = $1', [head]);
    id = await routedRequest(database.dataSource, manager, [{ for: team[0] ?? '', product: products.dock }], {
      at: MONDAY,
    });
    expect(await steps()).toHaveLength(1);
    await sweep.run(at('11-30'));
    expect(await steps()).toMatchObject([
      { step: 1, kind: 'line_manager', queue: 'approvals', reason: 'escalated' },
      { step: 2, kind: 'budget_holder', approver: head },
    ]);
  });

  it('do not bring back what whoever has left meanwhile decided for', async () => {
    const { head, manager, team, products } = equipment;
    await sql('update cost_centre set budget_holder_entra_id = $1', [head]);
    const lines = [{ for: team[0] ?? '', product: products.dock }];
    id = await routedRequest(database.dataSource, manager, lines, { at: MONDAY, exceptionReason: 'Two screens' });
    await decide(1, head, MONDAY);
    await sql('update person set account_enabled = false where entra_id = $1', [head]);
    expect(await sweep.run(at('11-30'))).toMatchObject({ escalated: 1 });
    expect(await steps()).toMatchObject([{ kind: 'line_manager' }, { kind: 'it', queue: 'it', reason: 'escalated' }]);
  });

  it('are not asked of whoever decided before, if who was planned has left meanwhile', async () => {
    const { head, budgetHolder } = equipment;
    await sql('update person set account_enabled = false where entra_id = $1', [budgetHolder]);
    expect(await decide(1, head)).toMatchObject({ state: 'approved' });
    expect(await steps()).toMatchObject([{ step: 1, kind: 'line_manager' }]);
    expect(
      await sql(`select event, details from request_event where request_id = $1 order by id offset 1 limit 2`, [id]),
    ).toMatchObject([
      { event: 'step-left-out', details: { kind: 'budget_holder', sameAs: 'line_manager' } },
      { event: 'approved' },
    ]);
  });

  it('go to the queue, and not to whoever decided before, when who was asked has left', async () => {
    const { head, budgetHolder } = equipment;
    await decide(1, head, MONDAY);
    await sql('update person set account_enabled = false where entra_id = $1', [budgetHolder]);
    expect(await sweep.run(MONDAY)).toEqual({ ...NOTHING, rerouted: 1 });
    expect((await steps())[1]).toEqual({
      ...{ step: 2, kind: 'budget_holder', approver: null, queue: 'approvals', reason: 'left' },
    });
  });

  it('are asked of somebody else if who was planned has left meanwhile', async () => {
    const { head, budgetHolder } = equipment;
    await sql('update person set account_enabled = false, manager_entra_id = null where entra_id = $1', [budgetHolder]);
    await decide(1, head);
    expect((await steps())[1]).toMatchObject({
      kind: 'budget_holder',
      approver: null,
      queue: 'approvals',
      reason: 'left',
    });
  });
});
