import { parse } from 'csv-parse/sync';
import { writeRandomHistory } from '../support/burndown-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { Transactor } from '../../src/database/transactor.js';
import { SnapshotService } from '../../src/rollout/burndown/snapshot.service.js';

const BEGIN = new Date('2026-03-02T09:00:00Z');
const END = new Date('2026-11-10T12:00:00Z');
const SEED = 31;
/** A link of the overview to the list behind a number. */
const LINK =
  /<a class="govuk-link[^"]*" href="(\/rollout\/(?:moves|desktops|scope\/people|scope\/desktops)\?[^"]+)">(.*?)<\/a>/gs;

const plain = (html: string): string => html.replaceAll('&amp;', '&').replaceAll('&#x2F;', '/');

describe('the pages of the burndown', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  const get = async (address: string): Promise<{ status: number; text: string; headers: Headers }> => {
    const answer = await fetch(`${web.url}${address}`);
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const json = async <T>(address: string): Promise<T> => JSON.parse((await get(address)).text) as T;

  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database);
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  it('say what to do next while there is no rollout', async () => {
    const { status, text } = await get('/rollout');
    expect(status).toBe(200);
    expect(text).toContain('No rollout has been planned yet.');
    expect((await get('/rollout/forecast')).text).toContain('No rollout has been planned yet.');
    expect((await get('/rollout/moves')).status).toBe(200);
    expect((await get('/api/v1/rollout')).status).toBe(404);
    expect((await get('/api/v1/rollout/moves.csv')).status).toBe(200);
  });

  describe('of a rollout', () => {
    beforeAll(async () => {
      const { dataSource } = database;
      rollout = await startRollout(dataSource, { people: 30, startedAt: BEGIN });
      await writeRandomHistory(dataSource, rollout, { seed: SEED, begin: BEGIN, end: END });
      await new SnapshotService(dataSource, new Transactor(dataSource)).takeMissing('system:schedule');
    });

    it.each(['2026-03-02', '2026-10-25', ''])(
      'lead from every number of %p to a list of exactly as many',
      async (day) => {
        const { text } = await get(`/rollout?on=${day}`);
        const links = [...text.matchAll(LINK)].map(([, href = '', shown = '']) => ({
          href: plain(href),
          number: Number(/[\d,]+/.exec(shown.replace(/<[^>]*>/g, ''))?.[0]?.replaceAll(',', '')),
        }));
        expect(links.length).toBeGreaterThan(40);
        for (const { href, number } of new Map(links.map((link) => [link.href, link])).values()) {
          const list = await get(href);
          const counted = /<strong>([\d,]+) (?:person|people|desktops?|changes?)<\/strong>/.exec(list.text)?.[1];
          expect({ href, counted: Number(counted) }).toEqual({ href, counted: number });
        }
      },
      60_000,
    );

    it('are the same in a file, which says in each row what it is and what it leaves out', async () => {
      const query = 'on=2026-07-15&state=blocked';
      const all = await json<{ items: unknown[] }>('/api/v1/rollout/moves?on=2026-07-15&limit=200');
      const { items } = await json<{ items: { id: number; name: string }[] }>(
        `/api/v1/rollout/moves?${query}&limit=200`,
      );
      const { text, headers } = await get(`/api/v1/rollout/moves.csv?${query}&columns=id,name`);
      const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
      expect(rows.map((row) => Number(row['Number of the move'])).sort()).toEqual(items.map(({ id }) => id).sort());
      expect(items.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row).toMatchObject({
          'As at the end of': '2026-07-15',
          Query: query,
          'Leaves out': `${all.items.length - items.length} of ${all.items.length} that the query does not match`,
        });
        expect(Date.parse(row['Exported at'] ?? '')).not.toBeNaN();
      }
      expect(headers.get('content-disposition')).toContain('untether-rollout-people-at-2026-07-15-');
    });

    it('have the same figures in the API, for a day and day by day', async () => {
      const { parts, kind } = await json<{ parts: { dimension: string; figures: { people: object } }[]; kind: string }>(
        '/api/v1/rollout?on=2026-07-15',
      );
      expect(kind).toBe('late');
      const { items } = await json<{ items: Record<string, number | string>[] }>(
        '/api/v1/rollout/burndown?on=2026-07-15',
      );
      const last = items.at(-1);
      expect(last?.['day']).toBe('2026-07-15');
      const people = parts.find(({ dimension }) => dimension === 'all')?.figures.people as Record<string, number>;
      expect({ booked: last?.['booked'], blocked: last?.['blocked'], done: last?.['done'] }).toEqual({
        booked: people['scheduled'] ?? 0,
        blocked: people['blocked'] ?? 0,
        done: people['closed'] ?? 0,
      });
      const { text } = await get('/api/v1/rollout/burndown.csv?on=2026-07-15');
      const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
      expect(rows.map((row) => row['End of'])).toEqual(items.map(({ day }) => day));
    });

    it('draw a chart whose numbers are in the table, and say why there is no forecast or what it is made from', async () => {
      const { text } = await get('/rollout?on=2026-10-25');
      expect(text).toMatch(/<svg[^>]*role="img" aria-labelledby="chart-title chart-summary"/);
      expect(text).toMatch(/<path class="untether-chart__line" d="M[\d.,L]+"/);
      expect((await get('/rollout/forecast?on=2026-10-25')).text).toContain('How it did so far');
      expect((await get('/rollout?on=2026-03-10')).text).toContain('No forecast, because the rollout has not run');
      const forecast = await json<{ method: { seed: number } | null; whyNone: string | null; backTest: object }>(
        '/api/v1/rollout/forecast?on=2026-10-25',
      );
      expect(forecast.method?.seed ?? forecast.whyNone).toEqual(forecast.method ? 20261025 : 'not-falling');
    });

    it('tell on the field what is wrong with a day', async () => {
      for (const [day, problem] of [
        ['31/2/2026', 'Give a day such as 2026-11-23'],
        ['2026-03-01', 'when the rollout began'],
        ['2199-01-01', 'until today'],
      ]) {
        const { status, text } = await get(`/rollout?on=${day}`);
        expect(status).toBe(400);
        expect(text).toContain(problem);
      }
      expect((await get('/rollout?day=2026-03-02')).status).toBe(400);
      expect((await get('/rollout/moves?on=2026-03-01')).status).toBe(400);
    });

    it('find people and desktops by the beginning of a name, and those of whom something is not known', async () => {
      const { items } = await json<{ items: { name: string; team: string | null }[] }>(
        '/api/v1/rollout/moves?on=2026-07-15&search=person%201&without=team&limit=200',
      );
      for (const { name, team } of items) expect([name.slice(0, 8), team]).toEqual(['Person 1', null]);
      const { text } = await get('/rollout/desktops?on=2026-07-15&search=D-1');
      expect(text).toContain('D-1');
    });
  });
});
