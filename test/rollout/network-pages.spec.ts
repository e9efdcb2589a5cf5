import type { OpenAPIObject } from '@nestjs/swagger';
import type { Browser } from 'playwright-core';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { answerMove, KnownNetwork, makeOtherwiseReady, READINESS_SETTINGS } from '../support/readiness-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { checkHome, enterSite, networkGate } from '../support/site-network-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('pages of networks', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  let somebody: TestSession;
  let library: number;
  let wave: number;

  /** Twelve people, of whom "Library" has room for four at once; the first home is weak, the last not measured. */
  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    somebody = await web.signIn(null);
    rollout = await startRollout(dataSource, { people: 12, laptops: 12, settings: READINESS_SETTINGS });
    for (const [index, move] of rollout.moves.entries()) {
      await makeOtherwiseReady(dataSource, new KnownNetwork(), move, rollout.people[index] ?? '');
      if (index < 11) await checkHome(dataSource, rollout.people[index] ?? '', index === 0 ? { uploadKbps: 7 } : {});
    }
    await dataSource.query(`update move set work_style = 'office_mobile'`);
    await enterSite(dataSource, 'Civic Centre');
    ({ siteId: library } = await enterSite(dataSource, 'Library', { downloadKbps: 5_500 }));
    const [made] = await dataSource.query<{ id: number }[]>(
      `insert into wave (programme_id, name, starts_on, ends_on, created_by)
       values ($1, 'Spring wave', current_date + 20, current_date + 30, 'person:x') returning id`,
      [rollout.programmeId],
    );
    wave = made?.id ?? 0;
    await dataSource.query('update move set wave_id = $1 where id = any($2)', [wave, rollout.moves.slice(0, 4)]);
    await answerMove(dataSource, rollout.moves[0] ?? 0, 'local-data', 'some');
    const { readiness, transactor } = networkGate(dataSource);
    await transactor.run((tx) => readiness.evaluate(tx, rollout.programmeId, 'all', new Date()));
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const get = (address: string, session = manager): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const text = async (address: string): Promise<string> => (await get(address)).text();
  const json = async <T>(address: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await web.tokenFor('rollout-manager')}` };
    return (await (await fetch(web.url + address, { headers })).json()) as T;
  };

  const main = (page: string): string => page.split('<main')[1] ?? '';

  it('are for whoever may read them', async () => {
    for (const address of ['/network', '/network/fixes', '/network/remote-access', `/network/sites/${library}`]) {
      expect([address, (await get(address)).status]).toEqual([address, 200]);
      expect([address, (await get(address, somebody)).status]).toEqual([address, 403]);
    }
    // The form of a list that has no saved views, sent empty.
    expect((await get('/network/fixes?view=all')).status).toBe(200);
    expect((await get('/network/sites/999999')).status).toBe(404);
    expect((await get(`/network/sites/${library}?x=1`)).status).toBe(400);
  });

  it('show sites and homes with words and shapes, and lead to the people whom they stop', async () => {
    const page = await text('/network');
    expect(page).toContain('Video-safe');
    expect(page).toContain('<span aria-hidden="true">●</span> Video-safe');
    expect(page).toContain('2 of them cannot move yet because of their network at home');
    expect(page).toContain('/rollout/workbench?blockedBy=network-site&amp;blockedSubject=Library');
    const { items } = await json<{ items: { name: string; blocks: number; tooSmallFrom: string | null }[] }>(
      '/api/v1/network/overview',
    );
    expect(items.map(({ name, blocks, tooSmallFrom }) => [name, blocks, tooSmallFrom])).toEqual([
      ['Library', 4, 'Everybody'],
      ['Civic Centre', 0, null],
    ]);
  });

  it('list what to put right, each number leading to exactly its people', async () => {
    const { items } = await json<{ items: { kind: string; blocks: number; unlocks: number; figures: string[] }[] }>(
      '/api/v1/network/fixes',
    );
    expect(items.map(({ kind, blocks, unlocks }) => [kind, blocks, unlocks])).toEqual([
      ['capacity', 4, 3],
      ['home', 2, 0],
    ]);
    expect(items[0]?.figures).toEqual([expect.stringMatching(/^Download of the links: [\d,]+ of 3,850 kbit\/s\.$/)]);
    const page = await text('/network/fixes');
    const hrefs = [...page.matchAll(/href="(\/rollout\/workbench\?[^"]*blockedCause=capacity[^"]*)"/g)].map(
      ([, href = '']) => href.replaceAll('&amp;', '&'),
    );
    const counts = await Promise.all(
      hrefs.map(async (href) => {
        const query = href.split('?')[1] ?? '';
        return (await json<{ items: unknown[] }>(`/api/v1/moves?${query}`)).items.length;
      }),
    );
    expect(counts.toSorted()).toEqual([3, 4]);
  });

  it('show a site with every figure, and what would be by other assumptions, which are kept nowhere', async () => {
    const page = await text(`/network/sites/${library}`);
    for (const shown of [
      'Video-safe',
      'Spring wave',
      'Everybody',
      'It is too small when everybody has moved',
      'Main',
    ]) {
      expect(page).toContain(shown);
    }
    const tried = await text(`/network/sites/${library}?in-video=1`);
    expect(tried).toContain('It carries everybody who is to come.');
    expect(tried).toContain('By the assumptions typed below, which are kept nowhere.');
    const wrong = await get(`/network/sites/${library}?in-video=101`);
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('Enter a number from 0 to 100');
    expect(main(await text(`/network/sites/${library}`))).toBe(main(page));
  });

  it('say on the pages of waves what becomes of the networks', async () => {
    const [list, one] = [await text('/rollout/waves'), await text(`/rollout/waves/${wave}`)];
    expect(list).toContain('Network after it');
    expect(list).toMatch(/Library: \d+ % used/);
    expect(one).toContain('Networks after it');
    expect(one).toContain(`/network/sites/${library}`);
    expect(one).toMatch(/[\d,]+ of 3,850 kbit\/s/);
    const { items } = await json<{ items: unknown[] }>(`/api/v1/network/fixes?waveId=${wave}`);
    expect(items).toHaveLength(1);
  });

  it('answer programs exactly as the document says', async () => {
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    for (const route of ['/api/v1/network/overview', '/api/v1/network/fixes']) {
      expect([route, schemaViolations(await json(route), answerSchema(document, route))]).toEqual([route, []]);
    }
  });

  it('ask whoever cannot move because of their home to check their connection, on their own page', async () => {
    const { dataSource } = database;
    await dataSource.query('update move set person_entra_id = $1 where id = $2', [somebody.entraId, rollout.moves[11]]);
    expect(await (await get('/my-move', somebody)).text()).toContain('href="/me/connection">Check your connection</a>');
    await dataSource.query('update move set person_entra_id = $1 where id = $2', [
      rollout.people[11],
      rollout.moves[11],
    ]);
  });

  it('give the evidence of every verdict, without figures of homes', async () => {
    const headers = { authorization: `Bearer ${await web.tokenFor('rollout-manager')}` };
    const answer = await fetch(`${web.url}/api/v1/network/evidence.csv`, { headers });
    const rows = rowsOfCsv(await answer.arrayBuffer());
    const sites = rows.filter(({ About }) => About === 'site');
    expect(new Set(sites.map(({ Name }) => Name))).toEqual(new Set(['Civic Centre', 'Library']));
    expect(sites.some(({ Figure, Measurements }) => Figure === '20' && Measurements === '3')).toBe(true);
    expect(new Set(rows.map((row) => row['Where it can be read'])).size).toBeGreaterThan(1);
    const homes = rows.filter(({ About }) => About === 'home');
    expect(new Set(homes.map((row) => row['Number of the site, gateway or move'])).size).toBe(12);
    expect(new Set(homes.map(({ Figure, Remark }) => `${Figure}${Remark}`))).toEqual(new Set(['']));
    expect(homes.some(({ Met, Verdict }) => Met === 'false' && Verdict === 'not_ready')).toBe(true);
    expect((await get('/api/v1/network/evidence.csv?columns=about')).status).toBe(400);
  });

  describeInBrowser('in a browser', () => {
    it.each([390, 1280])('are accessible and fit at %d px', async (width) => {
      const browser: Browser = await startBrowser();
      try {
        for (const page of [
          '/network',
          '/network/fixes',
          '/network/remote-access',
          `/network/sites/${library}?in-video=30`,
          `/rollout/waves/${wave}`,
          '/rollout/waves',
        ]) {
          const viewport = { width, height: 900 };
          const opened = await CheckedPage.open(browser, web.url + page, { ...manager.browser, viewport });
          const found = [page, opened.status, opened.violations, opened.complaints, opened.overflows];
          expect(found).toEqual([page, 200, [], [], false]);
          await opened.close();
        }
      } finally {
        await browser.close();
      }
    });
  });
});
