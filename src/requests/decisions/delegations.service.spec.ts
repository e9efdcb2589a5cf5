import { personId } from '../../../test/support/custody-fixture.js';
import { routedRequest } from '../../../test/support/decision-fixture.js';
import { requestActor, stockEquipment, type Equipment } from '../../../test/support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Transactor } from '../../database/transactor.js';
import { DecisionsService } from './decisions.service.js';
import { DelegationsQueries } from './delegations.queries.js';
import { DelegationsService, type NewDelegation } from './delegations.service.js';
import { LinkedAccountsQueries } from './linked-accounts.queries.js';
import { LinkedAccountsService } from './linked-accounts.service.js';
import { addDays, londonDay } from '../../common/uk-time.js';

const TODAY = londonDay(new Date());
const LEAVE = { fromDay: TODAY, untilDay: addDays(TODAY, 14), reason: 'On leave', idempotencyKey: null };

describe('delegations and linked accounts', () => {
  let database: TestDatabase;
  let equipment: Equipment;
  let delegations: DelegationsService;
  let queries: DelegationsQueries;
  let decisions: DecisionsService;
  let accounts: LinkedAccountsService;
  beforeEach(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource);
    const transactor = new Transactor(database.dataSource);
    delegations = new DelegationsService(transactor);
    queries = new DelegationsQueries(database.dataSource);
    decisions = new DecisionsService(transactor);
    accounts = new LinkedAccountsService(transactor);
  });
  afterEach(() => database.drop());

  const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query<Row[]>(statement, values);
  const asked = (): Promise<number> =>
    routedRequest(database.dataSource, equipment.manager, [
      { for: equipment.team[0] ?? '', product: equipment.products.dock },
    ]);
  const approve = (requestId: number, who: string) =>
    decisions.decide(
      { requestId, revision: 1, step: 1, outcome: 'approved', reason: null, idempotencyKey: null },
      requestActor(who),
    );
  const make = (change: Partial<NewDelegation>, who: string, administrator = false) =>
    delegations.make(
      { from: null, to: equipment.budgetHolder, ...LEAVE, ...change },
      requestActor(who, administrator ? ['administrator'] : []),
    );

  it('let somebody decide in the place of another, which the decision says', async () => {
    const { head, budgetHolder } = equipment;
    const id = await asked();
    await expect(approve(id, budgetHolder)).rejects.toMatchObject({ status: 403 });
    const { delegationId } = await make({}, head);
    await approve(id, budgetHolder);
    expect(await sql('select decided_by, on_behalf_of, delegation_id from decision')).toEqual([
      { decided_by: budgetHolder, on_behalf_of: head, delegation_id: delegationId },
    ]);
    expect(await queries.list(head)).toMatchObject([{ id: delegationId, holdsToday: true, decisions: 1 }]);
    expect(await queries.list(budgetHolder)).toHaveLength(1);
    expect(await queries.list(equipment.manager)).toEqual([]);
  });

  it('hold from the first to the last day, and until they are ended', async () => {
    const { head, budgetHolder, manager } = equipment;
    const id = await asked();
    await make({ fromDay: addDays(TODAY, 1) }, head);
    await expect(approve(id, budgetHolder)).rejects.toMatchObject({ status: 403 });
    const { delegationId } = await make({}, head);
    await expect(delegations.end(delegationId, requestActor(manager))).rejects.toMatchObject({ status: 404 });
    await delegations.end(delegationId, requestActor(budgetHolder));
    await expect(delegations.end(delegationId, requestActor(head))).rejects.toMatchObject({ status: 404 });
    await expect(approve(id, budgetHolder)).rejects.toMatchObject({ status: 403 });
    expect(await sql('select event from audit_event order by id')).toEqual([
      { event: 'approval-delegation.made' },
      { event: 'approval-delegation.made' },
      { event: 'approval-delegation.ended' },
    ]);
  });

  it('are refused for days out of range, for oneself, and for who is unknown', async () => {
    const { head } = equipment;
    const wrong = (field: string) => ({ status: 422, fields: [{ field }] });
    await expect(make({ fromDay: addDays(TODAY, -1) }, head)).rejects.toMatchObject(wrong('fromDay'));
    await expect(make({ fromDay: addDays(TODAY, 400), untilDay: addDays(TODAY, 401) }, head)).rejects.toMatchObject(
      wrong('fromDay'),
    );
    await expect(make({ untilDay: addDays(TODAY, -1) }, head)).rejects.toMatchObject(wrong('untilDay'));
    await expect(make({ untilDay: addDays(TODAY, 93) }, head)).rejects.toMatchObject(wrong('untilDay'));
    await expect(make({ to: head }, head)).rejects.toMatchObject(wrong('to'));
    await expect(make({ to: 'nobody@council.example' }, head)).rejects.toMatchObject(wrong('to'));
  });

  it('are made for others by administrators only, and never to themselves', async () => {
    const { head, manager, budgetHolder } = equipment;
    await expect(make({ from: head }, manager)).rejects.toMatchObject({ status: 403 });
    await expect(make({ from: head, to: manager }, manager, true)).rejects.toMatchObject({ status: 403 });
    await accounts.confirm({ account: budgetHolder, person: manager }, requestActor(head, ['administrator']));
    await expect(make({ from: head, to: budgetHolder }, manager, true)).rejects.toMatchObject({ status: 403 });
    await expect(make({ from: head, to: equipment.team[0] ?? '' }, manager, true)).resolves.toMatchObject({});
  });

  it('are made once for a key', async () => {
    const first = await make({ idempotencyKey: 'leave' }, equipment.head);
    expect(await make({ idempotencyKey: 'leave' }, equipment.head)).toEqual(first);
    expect(await queries.list(null)).toHaveLength(1);
  });

  it('accounts of one person are suggested, confirmed by somebody else, and never a chain', async () => {
    const { head, manager, team } = equipment;
    const [marked, same] = [personId(71), personId(72)];
    await sql(
      `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type, employee_id)
       values ($1, 'adm-person2@council.example', 'Marked', true, 'Member', null),
              ($2, 'other@council.example', 'Same', true, 'Member', 'E-4')`,
      [marked, same],
    );
    await sql(`update person set employee_id = 'e-4 ' where entra_id = $1`, [team[0]]);
    const linked = new LinkedAccountsQueries(database.dataSource);
    const suggested = (await linked.suggested()).map(({ account, person, because }) => [
      account.entraId,
      person.entraId,
      because,
    ]);
    expect(suggested).toEqual([
      [same, team[0], 'employee-id'],
      [marked, manager, 'name'],
    ]);
    const administrator = requestActor(head, ['administrator']);
    await accounts.confirm({ account: 'adm-person2@council.example', person: manager }, administrator);
    await accounts.confirm({ account: manager, person: team[0] ?? '' }, administrator);
    expect(await sql('select entra_id, person_entra_id from linked_account order by 1')).toEqual([
      { entra_id: manager, person_entra_id: team[0] },
      { entra_id: marked, person_entra_id: team[0] },
    ]);
    await expect(accounts.confirm({ account: marked, person: manager }, administrator)).rejects.toMatchObject({
      status: 422,
    });
    expect(await linked.suggested()).toHaveLength(1);
    expect(await linked.linked()).toHaveLength(2);
    await expect(accounts.remove(marked, requestActor(manager, ['administrator']))).rejects.toMatchObject({
      status: 403,
    });
    await expect(
      accounts.confirm({ account: same, person: manager }, requestActor(marked, ['administrator'])),
    ).rejects.toMatchObject({ status: 403 });
    await accounts.remove(marked, administrator);
    await expect(accounts.remove(marked, administrator)).rejects.toMatchObject({ status: 404 });
    expect(await sql('select event from audit_event order by id')).toEqual([
      { event: 'linked-account.confirmed' },
      { event: 'linked-account.confirmed' },
      { event: 'linked-account.removed' },
    ]);
  });
});
