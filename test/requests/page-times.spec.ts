import { jest } from '@jest/globals';
import { stockEquipment, type Equipment } from '../support/request-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

jest.setTimeout(300_000);

const PEOPLE = 3_500;
const REQUESTS = 50_000;
/** Milliseconds of the server for a page. */
const PATIENCE = 300;

describe(`pages of requests and stock at ${PEOPLE} people and ${REQUESTS} past requests`, () => {
  let database: TestDatabase;
  let web: TestWeb;
  let equipment: Equipment;
  beforeAll(async () => {
    database = await createTestDatabase();
    equipment = await stockEquipment(database.dataSource, { team: PEOPLE - 3, laptops: 200, counted: 5_000 });
    await insertPast();
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const query = (sql: string, values: unknown[] = []): Promise<unknown> => database.dataSource.query(sql, values);

  /** Requests of a year: most are closed, some wait for stock, some for a decision of the head. */
  async function insertPast(): Promise<void> {
    const { manager, team, products, places, head } = equipment;
    // Forty of the team lead the others, so that circles have the size that they have.
    await query(
      `update person set manager_entra_id = ($1::text[])[1 + id % 40]
       where entra_id = any($2::text[])`,
      [team.slice(0, 40), team.slice(40)],
    );
    await query(
      `insert into equipment_request (requester_entra_id, state, created_at, ended_at)
       select case when n % 50 = 0 then $2 else ($1::text[])[1 + n % 40] end, state, now() - n * interval '10 minutes',
              case when state = 'closed' then now() end
       from (select n, case when n % 20 = 0 then 'approved' when n % 99 = 0 then 'submitted' else 'closed' end as state
             from generate_series(1, ${REQUESTS}) as n) as made`,
      [team.slice(0, 40), manager],
    );
    await query(
      `insert into request_revision (request_id, revision, needed_by, delivery, site, cost_centre_code)
       select id, 1, current_date, 'site', 'Civic Centre', 'CC-100' from equipment_request`,
    );
    await query(
      `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state, waiting_since)
       select request.id, 1, ($2::text[])[1 + (request.id * 7 + line) % cardinality($2::text[])], product, 1, 15000,
         case request.state when 'approved' then 'back_ordered' when 'closed' then 'received' else 'open' end,
         case when request.state = 'approved' then now() end
       from equipment_request as request, unnest($1::integer[]) with ordinality as item(product, line)`,
      [[products.laptop, products.dock], team],
    );
    await query('alter table request_revision disable trigger user');
    await query(`update request_revision set submitted_at = now() - interval '9 days', total_pence = 30000`);
    await query('alter table request_revision enable trigger user');
    await query(
      `insert into approval_step (request_id, revision, step, kind, approver_entra_id, opened_at, due_at)
       select id, 1, 1, 'line_manager', $1, now(), now() + interval '3 days' from equipment_request where state = 'submitted'`,
      [head],
    );
    await query(
      `insert into reservation (request_line_id, product_id, place_id, quantity, picked, state, expires_at, ended_at)
       select id, product_id, $1, 1, 1, 'picked', now(), now() from request_line where state = 'received' and product_id = $2`,
      [places.stores, products.dock],
    );
    await query(
      `insert into pick (reservation_id, request_line_id, product_id, place_id, quantity, state, picked_by, handed_over_at, received_at, received_how)
       select id, request_line_id, product_id, place_id, 1, 'received', 'system:test', now(), now(), 'confirmed' from reservation`,
    );
    await query(
      `insert into stock_movement (product_id, place_id, kind, quantity, actor)
       select $1, $2, 'counted', case when n % 2 = 0 then 1 else -1 end, 'system:test' from generate_series(1, 20000) as n`,
      [products.headset, places.stores],
    );
    await query(
      `insert into request_event (request_id, revision, event, actor)
       select id, 1, event, 'person:x' from equipment_request, unnest(array['begun', 'submitted', 'approved']) as event`,
    );
    await query('vacuum (analyze)');
  }

  it('are made in time, every one of them', async () => {
    const everything = ['administrator', 'stock-holder', 'engineer', 'approver', 'rollout-manager'] as const;
    const [desk, manager, head, person] = await Promise.all([
      web.signIn({ roles: everything }),
      web.signIn({ person: equipment.manager }),
      web.signIn({ person: equipment.head }),
      web.signIn({ person: equipment.team[99] ?? '' }),
    ]);
    const pages: [TestSession, string][] = [
      ...[
        '/requests',
        '/requests?state=submitted',
        '/requests/25000',
        '/stock',
        '/stock/products',
        '/stock/bundles',
        '/stock/places',
        '/stock/transfers',
        '/stock/counts',
        '/stock/orders',
        '/stock/picking',
        '/stock/picks',
        '/stock/movements',
        '/budgets',
        '/approvals',
      ].map((address): [TestSession, string] => [desk, address]),
      ...['/requests/mine', '/requests/mine?whose=team', '/requests/new', '/requests/new?who=all'].map(
        (address): [TestSession, string] => [manager, address],
      ),
      [head, '/approvals'],
      [head, '/approvals/99'],
      [head, '/approvals/delegations'],
      [person, '/requests/mine?whose=for-me'],
      [person, '/requests/to-confirm'],
      [person, '/requests/new'],
    ];
    const times: string[] = [];
    const slow: string[] = [];
    for (const [{ headers }, address] of pages) {
      const taken: number[] = [];
      for (let round = 0; round < 3; round++) {
        const begun = performance.now();
        const answer = await fetch(web.url + address, { headers, redirect: 'manual' });
        await answer.text();
        taken.push(performance.now() - begun);
        if (answer.status !== 200) slow.push(`${address} answers ${answer.status}`);
      }
      const best = Math.min(...taken);
      times.push(`  ${address}: ${best.toFixed(0)} ms`);
      if (best > PATIENCE) slow.push(`${address}: ${best.toFixed(0)} ms`);
    }
    process.stdout.write(`Pages at ${PEOPLE} people and ${REQUESTS} requests:\n${times.join('\n')}\n`);
    expect(slow).toEqual([]);
  });
});
