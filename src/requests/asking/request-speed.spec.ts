import { insertCatalogue, type SmallCatalogue } from '../../../test/support/asking-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ProgrammeQueries } from '../../rollout/programme.queries.js';
import { BeneficiariesQueries } from './beneficiaries.queries.js';
import { CatalogueQueries } from './catalogue.queries.js';
import { RequestAccessQueries } from './request-access.queries.js';
import { RequestsQueries } from './requests.queries.js';
import { WholeRequestQueries } from './whole-request.queries.js';

const PEOPLE = 3_500;
const REQUESTS = 50_000;
/** Milliseconds that one reading may take; a page is a few of them and may take 300. */
const PATIENCE = 150;

const entraId = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe(`reading requests at ${PEOPLE} people and ${REQUESTS} past requests`, () => {
  let database: TestDatabase;
  let catalogue: SmallCatalogue;
  beforeAll(async () => {
    database = await createTestDatabase();
    catalogue = await insertCatalogue(database.dataSource);
    // Number 1 leads 2 to 41, each of whom leads about 86; one in ten requests waits, most are closed.
    await rows(
      `insert into person (entra_id, user_principal_name, display_name, surname, account_enabled, user_type, office_location, manager_entra_id)
       select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'p' || n || '@council.example', 'Person ' || n, 'Name ' || n, true,
         'Member', 'Civic Centre', case when n > 41 then '00000000-0000-4000-8000-' || lpad((2 + n % 40)::text, 12, '0')
                                        when n > 1 then '00000000-0000-4000-8000-000000000001' end
       from generate_series(1, ${PEOPLE}) as n`,
    );
    await rows(
      `insert into equipment_request (requester_entra_id, state, created_at, ended_at)
       select '00000000-0000-4000-8000-' || lpad((2 + n % 40)::text, 12, '0'), state,
         now() - n * interval '10 minutes', case when state = 'closed' then now() end
       from (select n, case when n % 10 = 0 then 'approved' when n % 25 = 0 then 'submitted' else 'closed' end as state
             from generate_series(1, ${REQUESTS}) as n) as made`,
    );
    await rows(`insert into request_revision (request_id, revision, needed_by, delivery, site)
                select id, 1, current_date, 'site', 'Civic Centre' from equipment_request`);
    await rows(
      `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, quantity, price_pence, state, waiting_since)
       select request.id, 1, '00000000-0000-4000-8000-' || lpad((42 + (request.id * 7 + line) % ${PEOPLE - 41})::text, 12, '0'), product, 1, 15000,
         case request.state when 'approved' then 'back_ordered' when 'closed' then 'received' else 'open' end,
         case when request.state = 'approved' then now() end
       from equipment_request as request, unnest($1::integer[]) with ordinality as item(product, line)`,
      [[catalogue.laptop, catalogue.screen]],
    );
    await rows('alter table request_revision disable trigger user');
    await rows("update request_revision set submitted_at = now() - interval '9 days', total_pence = 30000");
    await rows('alter table request_revision enable trigger user');
    await rows(
      "insert into stock_movement (product_id, place_id, kind, quantity, actor) values ($1, $2, 'received', 100000, 'x')",
      [catalogue.screen, catalogue.place],
    );
    await rows(
      `insert into reservation (request_line_id, product_id, place_id, quantity, picked, state, expires_at, ended_at)
       select id, product_id, $2, 1, 1, 'picked', now(), now() from request_line where product_id = $1 and state = 'received'`,
      [catalogue.screen, catalogue.place],
    );
    await rows(
      `insert into pick (reservation_id, request_line_id, product_id, place_id, quantity, state, picked_by, handed_over_at, received_at, received_how)
       select reservation.id, reservation.request_line_id, $1, $2, 1, 'received', 'x', now(), now(), 'confirmed'
       from reservation where product_id = $1`,
      [catalogue.screen, catalogue.place],
    );
    await rows(`insert into request_event (request_id, revision, event, actor)
                select id, 1, event, 'person:x' from equipment_request, unnest(array['begun', 'submitted', 'approved']) as event`);
    await rows('vacuum analyze');
  }, 240_000);
  afterAll(() => database?.drop());

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);

  /** The quicker of three readings, in milliseconds. */
  async function best(read: () => Promise<unknown>): Promise<number> {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const begun = performance.now();
      await read();
      times.push(performance.now() - begun);
    }
    return Math.min(...times);
  }

  it('stays quick, whoever asks', async () => {
    const { dataSource } = database;
    const requests = new RequestsQueries(dataSource);
    const access = new RequestAccessQueries(dataSource);
    const whole = new WholeRequestQueries(dataSource);
    const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
    const catalogueQueries = new CatalogueQueries(dataSource);
    const head = {
      actor: `person:${entraId(1)}` as const,
      personEntraId: entraId(1),
      permissions: new Set(['own:read']),
    };
    const second = await requests.page({}, { limit: 25 });
    const deep = (await requests.page({}, { limit: 500, cursor: second.next ?? '' })).next ?? '';
    const reports = (await beneficiaries.below(entraId(2), 'direct', 100)).map((person) => person.entraId);
    const readings: Record<string, () => Promise<unknown>> = {
      'the first page': () => requests.page({}, { limit: 25 }),
      'a deep page': () => requests.page({}, { limit: 25, cursor: deep }),
      'counting all': () => requests.count({}),
      'by state': () => requests.page({ state: 'submitted' }, { limit: 25 }),
      'by a state that nothing has': () => requests.page({ state: 'rejected' }, { limit: 25 }),
      'by the state of a line': () => requests.page({ lineState: 'back_ordered' }, { limit: 25 }),
      'by a product that nobody asked for': () => requests.page({ productId: catalogue.reader }, { limit: 25 }),
      'by whom it is for': () => requests.page({ person: 'Person 3111' }, { limit: 25 }),
      'by nobody': () => requests.page({ requester: 'Nobody at all' }, { limit: 25 }),
      'made by me': () => requests.own(entraId(2), { whose: 'mine' }, { limit: 25 }),
      'made by me, counted': () => requests.countOwn(entraId(2), { whose: 'mine' }),
      'for me': () => requests.own(entraId(99), { whose: 'for-me' }, { limit: 25 }),
      'for my people': () => requests.own(entraId(2), { whose: 'team' }, { limit: 25 }),
      'for everybody below the head': () => requests.own(entraId(1), { whose: 'team' }, { limit: 25 }),
      'for everybody below the head, counted': () => requests.countOwn(entraId(1), { whose: 'team' }),
      'one request': async () => {
        const sight = await access.of(25_000, head);
        return sight && whole.one(sight, entraId(1));
      },
      'the catalogue': () => catalogueQueries.offered(),
      'what a team has': () => beneficiaries.holdings(dataSource.manager, reports, null),
      'everybody below the head': () => beneficiaries.below(entraId(1), 'all', 300),
    };
    const slow: string[] = [];
    for (const [what, read] of Object.entries(readings)) {
      const taken = await best(read);
      if (taken > PATIENCE) slow.push(`${what}: ${Math.round(taken)} ms`);
    }
    expect(slow).toEqual([]);
    expect(reports.length).toBeGreaterThan(80);
  }, 120_000);

  it('finds what is somebody’s by an index', async () => {
    for (const [sql, index] of [
      [
        `select id from equipment_request where requester_entra_id = '${entraId(2)}' order by id desc limit 25`,
        'equipment_request_requester_index',
      ],
      [
        `select request_id from request_line where beneficiary_entra_id = '${entraId(99)}'`,
        'request_line_beneficiary_index',
      ],
      [
        `select request_line_id from pick where product_id = ${catalogue.screen} and handed_over_at is not null
         order by handed_over_at desc limit 50`,
        'pick_handed_over_index',
      ],
      ['select id from request_event where request_id = 7 order by id desc', 'request_event_request_index'],
    ] as const) {
      const plan = await rows<Record<string, string>>(`explain ${sql}`);
      expect(JSON.stringify(plan)).toContain(index);
    }
  });
});
