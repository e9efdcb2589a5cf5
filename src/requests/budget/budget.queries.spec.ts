import { actorWith, personId, upn } from '../../../test/support/custody-fixture.js';
import { auditedAs } from '../../../test/support/audit.js';
import {
  approveRequest,
  draftRequest,
  pickReserved,
  reserveLine,
  stockEquipment,
  submitRequest,
  type Equipment,
} from '../../../test/support/request-fixture.js';
import { emptyStock } from '../../../test/support/stock-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { londonDay } from '../../common/uk-time.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { ChangedMeanwhileError } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { financialYearOf } from '../domain/financial-year.js';
import { BudgetQueries, standingOf } from './budget.queries.js';
import { CostCentresQueries } from './cost-centres.queries.js';
import { CostCentresService } from './cost-centres.service.js';
import { TeamBudgetsQueries } from './team-budgets.queries.js';
import { TeamBudgetsService } from './team-budgets.service.js';

const ADMINISTRATOR = actorWith(9).actor;
const YEAR = financialYearOf(londonDay(new Date()));
/** The price of a line of the fixture, in pence. */
const PRICE = 1_000;

let database: TestDatabase;
let dataSource: TestDatabase['dataSource'];
let council: Equipment;
let budgets: BudgetQueries;
let centres: CostCentresQueries;
let service: CostCentresService;

beforeAll(async () => {
  database = await createTestDatabase({ connections: 12 });
  dataSource = database.dataSource;
  budgets = new BudgetQueries(dataSource);
  centres = new CostCentresQueries(dataSource);
  service = new CostCentresService(new Transactor(dataSource));
});
afterAll(() => database.drop());
beforeEach(async () => {
  await emptyStock(dataSource);
  council = await stockEquipment(dataSource);
});

const asked = async (quantity: number): Promise<{ readonly id: number; readonly line: number }> => {
  const { id, lines } = await draftRequest(dataSource, council.manager, [
    { for: council.team[0] ?? '', product: council.products.dock, quantity },
  ]);
  return { id, line: lines[0] ?? 0 };
};
const standing = () => standingOf(dataSource, council.costCentre, YEAR);

describe('the standing of a cost centre', () => {
  it('follows a request from its submission to its handover and back', async () => {
    const nothing = { spent: 0, committed: 0, backOrdered: 0, waiting: 0, forecast: 0 };
    const request = await asked(4);
    expect(await standing()).toMatchObject({ ...nothing, amount: 100_000_000 });
    await submitRequest(dataSource, request);
    expect(await standing()).toMatchObject({ ...nothing, waiting: 4 * PRICE, forecast: 4 * PRICE, left: 100_000_000 });
    await approveRequest(dataSource, request);
    await dataSource.query(`update request_line set state = 'back_ordered', waiting_since = now()`);
    expect(await standing()).toMatchObject({
      ...nothing,
      committed: 4 * PRICE,
      backOrdered: 4 * PRICE,
      forecast: 4 * PRICE,
      left: 100_000_000 - 4 * PRICE,
    });
    const reservation = await reserveLine(dataSource, request.line, council.places.stores, 3);
    expect(await standing()).toMatchObject({ committed: 4 * PRICE, backOrdered: PRICE });
    await dataSource.query(`update request_line set state = 'reserved', waiting_since = null`);
    const pick = await pickReserved(dataSource, reservation, { quantity: 3 });
    expect(await standing()).toMatchObject({ committed: 4 * PRICE, spent: 0 });
    await dataSource.query(`update pick set state = 'handed_over', handed_over_at = now() where id = $1`, [pick]);
    expect(await standing()).toMatchObject({ committed: PRICE, spent: 3 * PRICE, forecast: 4 * PRICE });
    await dataSource.query(`update pick set state = 'returned', ended_at = now() where id = $1`, [pick]);
    expect(await standing()).toMatchObject({ committed: PRICE, spent: 0, forecast: PRICE });
  });

  it('leaves out what was rejected, and what was reopened', async () => {
    const request = await asked(4);
    await submitRequest(dataSource, request);
    await dataSource.query(`update equipment_request set state = 'draft', revision = 2`);
    expect(await standing()).toMatchObject({ waiting: 0, forecast: 0 });
    const other = await asked(2);
    await submitRequest(dataSource, other);
    await dataSource.query(`update equipment_request set state = 'rejected', ended_at = now() where id = $1`, [
      other.id,
    ]);
    expect(await standing()).toMatchObject({ waiting: 0, forecast: 0 });
  });

  it('counts a request to the financial year in which it was submitted, by the day in the UK', async () => {
    const { id } = await asked(1);
    // 11:30pm and half past midnight in the UK, whose clocks are an hour ahead of UTC by then.
    await dataSource.query(`update request_revision set submitted_at = '2026-03-31T22:30:00Z' where request_id = $1`, [
      id,
    ]);
    await dataSource.query(`update equipment_request set state = 'submitted' where id = $1`, [id]);
    const { id: next } = await asked(1);
    await dataSource.query(`update request_revision set submitted_at = '2026-03-31T23:30:00Z' where request_id = $1`, [
      next,
    ]);
    await dataSource.query(`update equipment_request set state = 'submitted' where id = $1`, [next]);
    expect((await standingOf(dataSource, council.costCentre, 2025)).waiting).toBe(PRICE);
    expect((await standingOf(dataSource, council.costCentre, 2026)).waiting).toBe(PRICE);
    expect((await budgets.requests({ year: 2025 }, {})).items).toMatchObject([{ id, submittedOn: '2026-03-31' }]);
    expect((await budgets.requests({ year: 2026 }, {})).items).toMatchObject([{ id: next, submittedOn: '2026-04-01' }]);
  });

  it('is the sum of its requests, and of its teams', async () => {
    for (const quantity of [1, 2, 3]) await submitRequest(dataSource, await asked(quantity));
    const { waiting } = await standing();
    expect(waiting).toBe(6 * PRICE);
    const [centre] = (await centres.page({ year: YEAR }, {})).items;
    expect(centre).toMatchObject({ code: 'CC-100', waiting, budgetHolder: { entraId: council.budgetHolder } });
    const { items } = await budgets.requests({ year: YEAR, costCentreId: centre?.id }, {});
    expect(items.map((request) => request.waiting)).toEqual([3 * PRICE, 2 * PRICE, PRICE]);
    expect(await budgets.teams(YEAR)).toMatchObject([{ team: 'Care', requests: 3, waiting, forecast: waiting }]);
    expect((await budgets.requests({ year: YEAR, team: 'care' }, {})).items).toHaveLength(3);
    expect((await budgets.requests({ year: YEAR, team: 'Housing' }, {})).items).toEqual([]);
    expect((await budgets.requests({ year: YEAR, none: true }, {})).items).toEqual([]);
    expect(await standingOf(dataSource, null, YEAR)).toMatchObject({ amount: null, left: null, waiting: 0 });
  });
});

describe('cost centres', () => {
  it('are entered once, with a budget holder of the directory, and get budgets', async () => {
    const input = { code: 'CC-200', name: 'Housing', budgetHolder: upn(3) };
    let id = 0;
    await auditedAs(dataSource, 'cost-centre.added', async () => {
      ({ id } = await service.add(input, 'key', ADMINISTRATOR));
      await service.add(input, 'key', ADMINISTRATOR);
    });
    await expect(service.add(input, null, ADMINISTRATOR)).rejects.toThrow(ConflictError);
    await expect(service.add({ ...input, code: 'CC-3', budgetHolder: 'nobody' }, null, ADMINISTRATOR)).rejects.toThrow(
      InputError,
    );
    const seen = await centres.one(id, YEAR);
    expect(seen).toMatchObject({ budgetHolder: { entraId: personId(3), displayName: 'Person 3' }, amount: null });
    const version = seen?.version ?? '';
    const set = await auditedAs(dataSource, 'budget.set', () =>
      service.setBudget(id, { year: YEAR, amountPence: 5_000_000 }, version, ADMINISTRATOR),
    );
    expect(set.details).toEqual({ year: YEAR, amountPence: 5_000_000 });
    await expect(service.setBudget(id, { year: YEAR, amountPence: 1 }, version, ADMINISTRATOR)).rejects.toThrow(
      ChangedMeanwhileError,
    );
    expect(await centres.budgets(id)).toMatchObject([{ year: YEAR, amount: 5_000_000 }]);
    const changed = (await centres.one(id, YEAR))?.version ?? '';
    await auditedAs(dataSource, 'cost-centre.changed', () =>
      service.change(id, { name: 'Homes', budgetHolder: null }, changed, ADMINISTRATOR),
    );
    expect(await centres.one(id, YEAR)).toMatchObject({ name: 'Homes', budgetHolder: null, amount: 5_000_000 });
    expect(await centres.notEntered()).toEqual([]);
    await dataSource.query(`update person set cost_centre = 'CC-9' where entra_id = $1`, [personId(4)]);
    expect(await centres.notEntered()).toEqual([{ code: 'CC-9', people: 1 }]);
  });
});

describe('the budget of a team and a year', () => {
  it('is set once, changed and removed, and stands beside what the team asks for', async () => {
    const teams = new TeamBudgetsService(new Transactor(dataSource));
    const queries = new TeamBudgetsQueries(dataSource);
    expect(await queries.teams()).toContain('Care');
    await submitRequest(dataSource, await asked(3));
    const input = { team: 'CARE', year: YEAR, amountPence: 4 * PRICE };
    const [one, same] = [await teams.add(input, 'team', ADMINISTRATOR), await teams.add(input, 'team', ADMINISTRATOR)];
    expect(same).toEqual(one);
    await expect(teams.add({ ...input, team: 'care' }, null, ADMINISTRATOR)).rejects.toThrow(ConflictError);
    await expect(teams.add({ ...input, team: 'Nobody' }, null, ADMINISTRATOR)).rejects.toThrow(InputError);
    await teams.add({ ...input, year: YEAR + 1 }, null, ADMINISTRATOR);
    expect(await budgets.teams(YEAR)).toMatchObject([
      { team: 'Care', requests: 1, budgetId: one.id, amount: 4 * PRICE, waiting: 3 * PRICE, left: 4 * PRICE },
    ]);
    expect(await budgets.teams(YEAR + 1)).toMatchObject([
      { team: 'Care', requests: 0, amount: 4 * PRICE, forecast: 0 },
    ]);
    const looked = (await queries.one(one.id))?.version ?? '';
    const set = await auditedAs(dataSource, 'budget.set', () => teams.change(one.id, PRICE, looked, ADMINISTRATOR));
    expect(set).toMatchObject({ details: { amountPence: PRICE } });
    expect(await queries.one(one.id)).toMatchObject({ team: 'Care', year: YEAR, amount: PRICE });
    await expect(teams.change(one.id, 1, looked, ADMINISTRATOR)).rejects.toThrow(ChangedMeanwhileError);
    await expect(teams.remove(one.id, looked, ADMINISTRATOR)).rejects.toThrow(ChangedMeanwhileError);
    const version = (await queries.one(one.id))?.version ?? '';
    await auditedAs(dataSource, 'budget.removed', () => teams.remove(one.id, version, ADMINISTRATOR));
    expect(await budgets.teams(YEAR)).toMatchObject([{ team: 'Care', budgetId: null, amount: null, left: null }]);
  });

  it('is one for a team that the directory spells in two ways', async () => {
    await dataSource.query(`update person set department = 'CARE' where entra_id = $1`, [council.team[0]]);
    await submitRequest(dataSource, await asked(1));
    const teams = new TeamBudgetsService(new Transactor(dataSource));
    await teams.add({ team: 'Care', year: YEAR, amountPence: PRICE }, null, ADMINISTRATOR);
    expect(await budgets.teams(YEAR)).toMatchObject([{ requests: 1, amount: PRICE, waiting: PRICE }]);
  });
});
