import { areRequestsOpen, enterRequests } from '../../src/cli/requests-entry.js';
import { Transactor } from '../../src/database/transactor.js';
import { castOf, choosePersonas } from '../../src/demo/sign-in/personas.js';
import type { RequestsStory } from '../../src/demo/tenant/requests-records.js';
import { demonstrationProgramme, type DemonstrationProgramme } from '../support/demonstration-programme.js';
import { unsound } from './sound-sums.js';

const TODAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

describe('the requests of the demonstration, entered at its first start', () => {
  let bench: DemonstrationProgramme;
  let story: RequestsStory;
  let seconds: number;
  beforeAll(async () => {
    bench = await demonstrationProgramme({ people: 400, seed: 1, startDate: TODAY });
    const { demonstration } = bench;
    story = JSON.parse(
      JSON.stringify(demonstration.requestsStory(castOf(choosePersonas(demonstration)))),
    ) as RequestsStory;
    const began = performance.now();
    await enterRequests(bench.database.dataSource, story, () => undefined);
    seconds = (performance.now() - began) / 1_000;
  }, 180_000);
  afterAll(async () => {
    await bench?.close();
  });

  const one = async (sql: string): Promise<Record<string, unknown>> =>
    (await bench.database.dataSource.query<Record<string, unknown>[]>(sql))[0] ?? {};
  const wrong = (sql: string): Promise<Record<string, unknown>[]> =>
    bench.database.dataSource.query<Record<string, unknown>[]>(sql);

  it('are all there, within seconds and once', async () => {
    expect(seconds).toBeLessThan(20);
    const requests = story.past.length + story.present.length;
    expect(await one('select count(*)::integer as requests from equipment_request')).toEqual({ requests });
    expect(await areRequestsOpen(new Transactor(bench.database.dataSource))).toBe(false);
    expect(await one(`select details from audit_event where event = 'requests.taken-over'`)).toEqual({
      details: { past: story.past.length, present: story.present.length },
    });
  });

  it('leave stock, promises and decisions sound', async () => {
    expect(await unsound(bench.database.dataSource)).toEqual([]);
    const { free } = await one(`select sum(on_hand - reserved)::integer as free from stock_level`);
    expect(free).toBeGreaterThan(50);
  });

  it('are in every state, with something low and something that waits', async () => {
    const states = await wrong('select distinct state from equipment_request order by state');
    expect(states.map(({ state }) => state)).toEqual([
      'approved',
      'cancelled',
      'closed',
      'draft',
      'rejected',
      'returned',
      'submitted',
    ]);
    const lines = await wrong('select distinct state from request_line order by state');
    expect(lines.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['back_ordered', 'cancelled', 'open', 'received', 'reserved', 'picking', 'fulfilled']),
    );
    expect(await one('select count(*) > 2 as low from stock_level where on_hand - reserved < threshold')).toEqual({
      low: true,
    });
    expect(
      await one(`select count(*) > 0 as waits from approval_step where queue = 'it' and opened_at is not null`),
    ).toEqual({
      waits: true,
    });
  });

  it('agree with custody: whoever received a laptop has it', async () => {
    expect(
      await wrong(`
        select pick.id from pick join request_line as line on line.id = pick.request_line_id
        join device_custody as custody on custody.device_id = pick.device_id and custody.set_aside_at is null
        where pick.state in ('received', 'handed_over') and custody.holder_entra_id <> line.beneficiary_entra_id`),
    ).toEqual([]);
    expect(await one('select count(*) > 20 as laptops from pick where device_id is not null')).toEqual({
      laptops: true,
    });
  });

  it('tell whoever has to know now, and nobody of what is long ago', async () => {
    const told = await wrong('select distinct template from message order by template');
    expect(told.map(({ template }) => template)).toEqual(
      expect.arrayContaining([
        'confirm-receipt',
        'decision-wanted',
        'request-approved',
        'request-sent',
        'request-waiting',
      ]),
    );
    expect(
      await wrong(`select message.id from message join equipment_request as request
        on request.id = (message.reference ->> 'requestId')::integer where request.state = 'closed' and request.ended_at < now() - interval '1 day'`),
    ).toEqual([]);
  });
});
