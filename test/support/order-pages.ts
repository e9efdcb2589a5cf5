import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { CostCentresQueries } from '../../src/requests/budget/cost-centres.queries.js';
import { CostCentresService } from '../../src/requests/budget/cost-centres.service.js';
import { presentYear } from '../../src/requests/budget/present-year.js';
import { TeamBudgetsService } from '../../src/requests/budget/team-budgets.service.js';
import { OrderReceivingService } from '../../src/requests/orders/order-receiving.service.js';
import { OrdersQueries } from '../../src/requests/orders/orders.queries.js';
import { OrdersService } from '../../src/requests/orders/orders.service.js';
import { actorWith } from './custody-fixture.js';
import { insertPlace, insertProduct } from './stock-fixture.js';

/** Records that pages of orders and budgets show. */
export interface OrderPageRecords {
  /** Of which some came, late. */
  readonly order: number;
  readonly endedOrder: number;
  /** Of what is counted. */
  readonly orderLine: number;
  /** Of machines, of which none came. */
  readonly machineOrderLine: number;
  /** Whose budget is exceeded. */
  readonly costCentre: number;
  /** Budget that a team exceeds. */
  readonly teamBudget: number;
}

type Address = (records: OrderPageRecords) => string;

/** Pages of orders and budgets by their routes, as `PAGES` has them. */
export const ORDER_PAGES: Readonly<Record<string, readonly Address[]>> = {
  '/stock/orders': [
    () => '/stock/orders',
    () => '/stock/orders?state=open&late=true',
    () => '/stock/orders?search=none',
  ],
  '/stock/orders/new': [() => '/stock/orders/new'],
  '/stock/orders/:id': [
    ({ order }) => `/stock/orders/${order}`,
    ({ endedOrder }) => `/stock/orders/${endedOrder}`,
    () => '/stock/orders/2000000',
  ],
  '/stock/orders/:id/edit': [({ order }) => `/stock/orders/${order}/edit`],
  '/stock/orders/:id/end': [({ order }) => `/stock/orders/${order}/end`],
  '/stock/orders/:id/receive': [
    ({ order }) => `/stock/orders/${order}/receive`,
    ({ endedOrder }) => `/stock/orders/${endedOrder}/receive`,
  ],
  '/stock/orders/:id/lines/new': [({ order }) => `/stock/orders/${order}/lines/new`],
  '/stock/order-lines/:id': [
    ({ orderLine }) => `/stock/order-lines/${orderLine}`,
    ({ machineOrderLine }) => `/stock/order-lines/${machineOrderLine}`,
    () => '/stock/order-lines/2000000',
  ],
  '/stock/order-lines/:id/remove': [({ machineOrderLine }) => `/stock/order-lines/${machineOrderLine}/remove`],
  '/budgets': [() => '/budgets', () => '/budgets?year=2025&search=cc', () => '/budgets?year=1'],
  '/budgets/teams': [() => '/budgets/teams', () => '/budgets/teams?year=2025'],
  '/budgets/teams/new': [() => '/budgets/teams/new'],
  '/budgets/teams/:id': [({ teamBudget }) => `/budgets/teams/${teamBudget}`, () => '/budgets/teams/2000000'],
  '/budgets/teams/:id/remove': [({ teamBudget }) => `/budgets/teams/${teamBudget}/remove`],
  '/budgets/requests': [
    () => '/budgets/requests',
    ({ costCentre }) => `/budgets/requests?costCentreId=${costCentre}`,
    () => '/budgets/requests?team=nothing',
  ],
  '/budgets/cost-centres/new': [() => '/budgets/cost-centres/new'],
  '/budgets/cost-centres/:id': [
    ({ costCentre }) => `/budgets/cost-centres/${costCentre}`,
    ({ costCentre }) => `/budgets/cost-centres/${costCentre}?year=2025`,
    () => '/budgets/cost-centres/2000000',
  ],
  '/budgets/cost-centres/:id/edit': [({ costCentre }) => `/budgets/cost-centres/${costCentre}/edit`],
  '/budgets/cost-centres/:id/budget': [({ costCentre }) => `/budgets/cost-centres/${costCentre}/budget`],
};

/** An order of which some came, one that ended, and a cost centre and a team that exceed their budgets. */
export async function insertOrders(dataSource: DataSource): Promise<OrderPageRecords> {
  const transactor = new Transactor(dataSource);
  const by = actorWith(1);
  const orders = new OrdersService(transactor);
  const queries = new OrdersQueries(dataSource);
  const placeId = await insertPlace(dataSource, 'Ordered stores');
  const counted = await insertProduct(dataSource, 'Ordered headset');
  const machines = await insertProduct(dataSource, 'Ordered laptop', { model: 'Ordered Notebook 1' });
  const details = { supplier: 'Supplier Ltd', orderedOn: '2026-01-05', expectedOn: '2026-01-19' };
  const lines = [counted, machines].map((productId) => ({ productId, placeId, quantity: 5, pricePence: 84_921 }));
  const { id: order } = await orders.enter({ ...details, number: 'PO-PAGES-1', lines }, null, by.actor);
  const [orderLine = 0, machineOrderLine = 0] = ((await queries.one(order))?.orderLines ?? []).map(({ id }) => id);
  await new OrderReceivingService(transactor).receive(
    {
      orderId: order,
      lines: [{ lineId: orderLine, delivered: { quantity: 2 } }],
      mode: 'all',
      deliveryNote: 'DN-1',
      idempotencyKey: null,
    },
    by,
  );
  const { id: endedOrder } = await orders.enter({ ...details, number: 'PO-PAGES-2', lines: [] }, null, by.actor);
  const version = (await queries.one(endedOrder))?.version ?? '';
  await orders.end(endedOrder, 'The supplier does not make it any more', version, by.actor);
  return {
    order,
    endedOrder,
    orderLine,
    machineOrderLine,
    costCentre: await exceedBudget(dataSource, transactor, counted),
    teamBudget: await exceedTeamBudget(dataSource, transactor),
  };
}

async function exceedBudget(dataSource: DataSource, transactor: Transactor, productId: number): Promise<number> {
  const centres = new CostCentresService(transactor);
  const input = { code: 'CC-PAGES', name: 'Libraries', budgetHolder: null };
  const { id } = await centres.add(input, null, 'system:test');
  const year = presentYear();
  const version = (await new CostCentresQueries(dataSource).one(id, year))?.version ?? '';
  await centres.setBudget(id, { year, amountPence: 100_000 }, version, 'system:test');
  await dataSource.query(
    `with request as (
       insert into equipment_request (requester_entra_id, state) select min(entra_id), 'approved' from person returning id, requester_entra_id),
     revision as (
       insert into request_revision (request_id, revision, delivery, site, cost_centre_code)
       select id, 1, 'site', 'Library', 'CC-PAGES' from request returning request_id),
     line as (
       insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state, waiting_since)
       select request_id, 1, requester_entra_id, $1, 3, 84921, 'back_ordered', now()
       from revision join request on request.id = revision.request_id returning request_id)
     select request_id from line`,
    [productId],
  );
  await dataSource.query(`update request_revision set submitted_at = now() where cost_centre_code = 'CC-PAGES'`);
  return id;
}

/** Of whoever has what the cost centre pays; they get a team when they have none. */
async function exceedTeamBudget(dataSource: DataSource, transactor: Transactor): Promise<number> {
  await dataSource.query(
    `update person set department = coalesce(department, 'Page team') where entra_id = (select min(entra_id) from person)`,
  );
  const [first] = await dataSource.query<{ team: string }[]>(
    'select department as team from person order by entra_id limit 1',
  );
  const input = { team: first?.team ?? '', year: presentYear(), amountPence: 100_000 };
  return (await new TeamBudgetsService(transactor).add(input, null, 'system:test')).id;
}
