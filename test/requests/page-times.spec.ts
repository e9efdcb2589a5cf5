import { jest } from '@jest/globals';
import { planOf } from '../support/statement-plans.js';
import { insertPastRequests } from '../support/past-requests.js';
import { requestActor, stockEquipment, type Equipment } from '../support/request-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { RequestsQueries } from '../../src/requests/asking/requests.queries.js';
import { BudgetQueries, standingsOf } from '../../src/requests/budget/budget.queries.js';
import { ApprovalsQueries } from '../../src/requests/decisions/approvals.queries.js';
import { PickingQueries } from '../../src/requests/fulfilment/picking.queries.js';
import { PicksQueries } from '../../src/requests/fulfilment/picks.queries.js';
import { MovementsQueries } from '../../src/requests/stock/movements.queries.js';

jest.setTimeout(120_000);

const PEOPLE = 3_500;
const REQUESTS = 50_000;
/** Milliseconds of the server for a page. */
const PATIENCE = 300;
/** Tables of which no list may read every row. */
const LARGE = [
  'equipment_request',
  'request_revision',
  'request_line',
  'approval_step',
  'decision',
  'pick',
  'stock_movement',
];

describe(`pages of requests and stock at ${PEOPLE} people and ${REQUESTS} past requests`, () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: PEOPLE - 3, laptops: 200, counted: 5_000 });
    await insertPastRequests(database.dataSource, equipment, REQUESTS);
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  /** The quickest of three answers, in milliseconds. */
  async function best({ headers }: TestSession, address: string): Promise<number> {
    const taken: number[] = [];
    for (let round = 0; round < 3; round++) {
      const begun = performance.now();
      const answer = await fetch(web.url + address, { headers, redirect: 'manual' });
      await answer.text();
      taken.push(performance.now() - begun);
      expect([address, answer.status]).toEqual([address, 200]);
    }
    return Math.min(...taken);
  }

  it('are made in time, every one of them', async () => {
    const everything = ['administrator', 'stock-holder', 'engineer', 'approver', 'rollout-manager'] as const;
    const [desk, manager, head, person] = await Promise.all([
      web.signIn({ roles: everything }),
      web.signIn({ person: equipment.manager }),
      web.signIn({ person: equipment.head }),
      web.signIn({ person: equipment.team[99] ?? '' }),
    ]);
    const pages: readonly (readonly [TestSession, readonly string[]])[] = [
      [
        desk,
        [
          '/',
          '/requests',
          '/requests?state=submitted',
          '/requests?state=rejected',
          '/requests?person=Person%20999',
          '/requests/25000',
          '/requests/messages',
          '/stock',
          '/stock?low=true',
          '/stock/levels/1',
          '/stock/products',
          '/stock/products/1',
          '/stock/bundles',
          '/stock/places',
          '/stock/places/1',
          '/stock/transfers',
          '/stock/transfers?open=true',
          '/stock/counts',
          '/stock/orders',
          '/stock/orders?state=open&late=true',
          '/stock/orders/1000',
          '/stock/picking',
          '/stock/picking/places/1',
          '/stock/picks',
          '/stock/picks?open=true',
          '/stock/movements',
          '/stock/movements?productId=3',
          '/budgets',
          '/budgets?year=2025',
          '/budgets/teams',
          '/budgets/requests',
          '/budgets/requests?costCentreId=9',
          '/budgets/cost-centres/9',
          '/approvals',
        ],
      ],
      [
        manager,
        ['/requests/mine', '/requests/mine?whose=team', '/requests/new', '/requests/new?who=all', '/requests/25000'],
      ],
      [head, ['/requests/mine?whose=team', '/approvals', '/approvals/99', '/approvals/delegations']],
      [person, ['/requests/mine?whose=for-me', '/requests/to-confirm', '/requests/new']],
    ];
    const times: string[] = [];
    const slow: string[] = [];
    for (const [who, addresses] of pages) {
      for (const address of addresses) {
        const taken = await best(who, address);
        times.push(`  ${address}: ${taken.toFixed(0)} ms`);
        if (taken > PATIENCE) slow.push(`${address}: ${taken.toFixed(0)} ms`);
      }
    }
    process.stdout.write(`Pages at ${PEOPLE} people and ${REQUESTS} requests:\n${times.join('\n')}\n`);
    expect(slow).toEqual([]);
  });

  it('read no table of requests as a whole, but for what a year adds up to', async () => {
    const head = requestActor(equipment.head);
    const first = { limit: 25 };
    const now = new Date();
    const year = now.getMonth() < 3 ? now.getFullYear() - 1 : now.getFullYear();
    const scanned: Record<string, readonly string[]> = {};
    const plan = async (
      what: string,
      read: (source: TestDatabase['dataSource']) => Promise<unknown>,
    ): Promise<void> => {
      const found = (await planOf(database.dataSource, read)).filter((table) => LARGE.includes(table));
      if (found.length > 0) scanned[what] = found;
    };
    await plan('all requests', (source) => new RequestsQueries(source).page({}, first));
    await plan('what waits for a decision', (source) =>
      new RequestsQueries(source).page({ state: 'submitted' }, first),
    );
    await plan('my requests', (source) => new RequestsQueries(source).own(equipment.manager, { whose: 'mine' }, first));
    await plan('requests for me', (source) =>
      new RequestsQueries(source).own(equipment.team[99] ?? '', { whose: 'for-me' }, first),
    );
    await plan('approvals', (source) => new ApprovalsQueries(source).waiting(head, first));
    await plan('the number of approvals', (source) => new ApprovalsQueries(source).count(head));
    await plan('one approval', (source) => new ApprovalsQueries(source).one(99, head));
    await plan('what is to be picked', (source) => new PickingQueries(source).page({}, first));
    await plan('what was picked', (source) => new PicksQueries(source).page({}, first));
    await plan('what moved', (source) => new MovementsQueries(source).page({}, first));
    await plan('a budget', (source) => standingsOf(source, ['CC-209'], year));
    await plan('what a budget is made of', (source) =>
      new BudgetQueries(source).requests({ year, costCentreId: 9 }, first),
    );
    expect(scanned).toEqual({});
  });
});
