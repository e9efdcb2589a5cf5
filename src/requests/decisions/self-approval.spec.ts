import type { Role } from '../../auth/permissions.js';
import { routedRequest } from '../../../test/support/decision-fixture.js';
import { personId } from '../../../test/support/custody-fixture.js';
import { requestActor, stockEquipment, type Equipment } from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { londonDay } from '../../common/uk-time.js';
import { ApprovalSweep } from './approval-sweep.service.js';
import { DecisionsService } from './decisions.service.js';
import { DelegationsService } from './delegations.service.js';
import { LinkedAccountsService } from './linked-accounts.service.js';

const TODAY = londonDay(new Date());

describe('nobody decides for themselves', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let services: {
    readonly decisions: DecisionsService;
    readonly delegations: DelegationsService;
    readonly accounts: LinkedAccountsService;
    readonly sweep: ApprovalSweep;
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    const transactor = new Transactor(database.dataSource);
    services = {
      decisions: new DecisionsService(transactor),
      delegations: new DelegationsService(transactor),
      accounts: new LinkedAccountsService(transactor),
      sweep: new ApprovalSweep(transactor),
    };
  });
  afterEach(() => database.drop());

  const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(statement, values);
  const asked = (requester: string, beneficiary: string): Promise<number> =>
    routedRequest(database.dataSource, requester, [{ for: beneficiary, product: equipment.products.dock }]);
  const approve = (requestId: number, who: string, roles: readonly Role[] = []) =>
    services.decisions.decide(
      { requestId, revision: 1, step: 1, outcome: 'approved', reason: null, idempotencyKey: null },
      requestActor(who, roles),
    );
  const approverOf = async (id: number): Promise<string | null> => {
    const [row] = await sql<{ approver: string | null }>(
      'select approver_entra_id as approver from approval_step where request_id = $1 and step = 1',
      [id],
    );
    return row?.approver ?? null;
  };
  const toQueue = (id: number) =>
    sql(`update approval_step set approver_entra_id = null, queue = 'approvals' where request_id = $1 and step = 1`, [
      id,
    ]);
  /** Past what the application looks at first: the statement itself, as any program with the database could send it. */
  const insert = (id: number, decidedBy: string, onBehalfOf: string | null = null, delegation: number | null = null) =>
    sql(
      `insert into decision (request_id, revision, step, outcome, decided_by, on_behalf_of, delegation_id)
       values ($1, 1, 1, 'approved', $2, $3, $4)`,
      [id, decidedBy, onBehalfOf, delegation],
    );
  const NOT_FOR_ONESELF = { constraint: 'decision_not_for_oneself' };

  it('about their own request', async () => {
    const { manager, team } = equipment;
    const id = await asked(manager, team[0] ?? '');
    await sql('update approval_step set approver_entra_id = $2 where request_id = $1 and step = 1', [id, manager]);
    await expect(approve(id, manager)).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, manager)).rejects.toMatchObject(NOT_FOR_ONESELF);
  });

  it('about what they get themselves', async () => {
    const { manager, team } = equipment;
    const beneficiary = team[0] ?? '';
    const id = await asked(manager, beneficiary);
    await toQueue(id);
    await expect(approve(id, beneficiary, ['approver'])).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, beneficiary)).rejects.toMatchObject(NOT_FOR_ONESELF);
  });

  it('by a delegation to them', async () => {
    const { manager, head, team } = equipment;
    const id = await asked(manager, team[0] ?? '');
    const days = { fromDay: TODAY, untilDay: TODAY, reason: 'Leave', idempotencyKey: null };
    const { delegationId } = await services.delegations.make({ from: null, to: manager, ...days }, requestActor(head));
    await expect(approve(id, manager)).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, manager, head, delegationId)).rejects.toMatchObject(NOT_FOR_ONESELF);
  });

  it('by a delegation from them', async () => {
    const { manager, head, team } = equipment;
    const id = await asked(manager, team[0] ?? '');
    await sql('update approval_step set approver_entra_id = $2 where request_id = $1 and step = 1', [id, manager]);
    const days = { fromDay: TODAY, untilDay: TODAY, reason: 'Leave', idempotencyKey: null };
    const { delegationId } = await services.delegations.make({ from: null, to: head, ...days }, requestActor(manager));
    await expect(approve(id, head)).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, head, manager, delegationId)).rejects.toMatchObject(NOT_FOR_ONESELF);
  });

  it('by a second account of theirs', async () => {
    const { manager, head, team } = equipment;
    const second = personId(77);
    await sql(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type)
       values ($1, 'adm-person2@council.example', 'Second account', true, 'Member')`,
      [second],
    );
    const id = await asked(manager, team[0] ?? '');
    await toQueue(id);
    await services.accounts.confirm({ account: second, person: manager }, requestActor(head, ['administrator']));
    await expect(approve(id, second, ['approver'])).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, second)).rejects.toMatchObject(NOT_FOR_ONESELF);
    // Nor in the name of somebody who has named the second account, nor by a third account that leads to the second.
    await sql('update approval_step set approver_entra_id = $2, queue = null where request_id = $1 and step = 1', [
      id,
      head,
    ]);
    const days = { fromDay: TODAY, untilDay: TODAY, reason: 'Leave', idempotencyKey: null };
    const { delegationId } = await services.delegations.make({ from: null, to: second, ...days }, requestActor(head));
    await expect(approve(id, second)).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, second, head, delegationId)).rejects.toMatchObject(NOT_FOR_ONESELF);
    await expect(
      sql(`insert into linked_account (entra_id, person_entra_id, linked_by) values ($1, $2, 'x')`, [
        personId(78),
        second,
      ]),
    ).rejects.toMatchObject({ constraint: 'linked_account_chain' });
  });

  it('by becoming the line manager in between', async () => {
    const { manager, head, team } = equipment;
    const beneficiary = team[0] ?? '';
    const id = await asked(manager, beneficiary);
    expect(await approverOf(id)).toBe(head);
    // The requester reports to whoever gets it now, and the line manager who was asked has left.
    await sql('update person set manager_entra_id = $2 where entra_id = $1', [manager, beneficiary]);
    await sql('update person set manager_entra_id = $2 where entra_id = $1', [head, beneficiary]);
    await expect(approve(id, beneficiary)).rejects.toMatchObject({ status: 403 });
    await sql('update person set account_enabled = false where entra_id = $1', [head]);
    await services.sweep.run();
    expect(await approverOf(id)).toBeNull();
    await expect(approve(id, beneficiary)).rejects.toMatchObject({ status: 403 });
    await expect(insert(id, beneficiary)).rejects.toMatchObject(NOT_FOR_ONESELF);
  });

  it('by giving themselves the role', async () => {
    const { manager, team } = equipment;
    const id = await asked(manager, team[0] ?? '');
    await expect(approve(id, manager, ['approver', 'administrator', 'rollout-manager'])).rejects.toMatchObject({
      status: 403,
    });
    await toQueue(id);
    await expect(approve(id, manager, ['approver', 'administrator', 'rollout-manager'])).rejects.toMatchObject({
      status: 403,
    });
    await expect(insert(id, manager)).rejects.toMatchObject(NOT_FOR_ONESELF);
    await expect(insert(id, team[0] ?? '')).rejects.toMatchObject(NOT_FOR_ONESELF);
    expect(await sql('select from decision')).toEqual([]);
  });

  it('by an account that is linked while they decide', async () => {
    const { manager, head, team } = equipment;
    const id = await asked(manager, team[0] ?? '');
    // Linked after the application looked: the statement itself is refused, and the answer is the same.
    await sql('insert into linked_account (entra_id, person_entra_id, linked_by) values ($1, $2, $3)', [
      head,
      manager,
      'x',
    ]);
    await expect(insert(id, head)).rejects.toMatchObject(NOT_FOR_ONESELF);
    await services.sweep.run();
    expect(await approverOf(id)).not.toBe(head);
  });
});
