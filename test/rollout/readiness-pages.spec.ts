import type { Browser } from 'playwright-core';
import { READINESS_RULES } from '../../src/rollout/domain/readiness/rules.js';
import { auditEntries } from '../support/audit.js';
import { CheckedPage, describeInBrowser, startBrowser } from '../support/browser.js';
import {
  answerMove,
  KnownNetwork,
  makeOtherwiseReady,
  READINESS_SETTINGS,
  readinessOver,
} from '../support/readiness-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const FORM = 'application/x-www-form-urlencoded';

describe('pages of readiness', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  let reviewer: TestSession;
  let somebody: TestSession;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { dataSource } = database;
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    reviewer = await web.signIn('reviewer');
    somebody = await web.signIn(null);
    expect((await get('/rollout/settings')).status).toBe(200);
    rollout = await startRollout(dataSource, { people: 12, laptops: 4, settings: READINESS_SETTINGS });
    const { network, readiness, transactor } = readinessOver(dataSource, new KnownNetwork());
    network.serve(['Civic Centre']);
    network.sites.set('Library', { outcome: 'not_ready', since: new Date('2026-11-01T00:00:00Z'), evidence: {} });
    for (const [index, move] of rollout.moves.entries()) {
      await makeOtherwiseReady(dataSource, network, move, rollout.people[index] ?? '');
    }
    await answerMove(dataSource, move(2), 'applications', 'listed', { applications: ['Uniform'] });
    await answerMove(dataSource, move(4), 'assistive-technology', 'wanted', { need: 'a magnifier' });
    await transactor.run((tx) => readiness.evaluate(tx, rollout.programmeId, 'all', new Date()));
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const move = (index: number): number => rollout.moves[index] ?? 0;
  const get = (address: string, session = manager): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const text = async (address: string, session = manager): Promise<string> => (await get(address, session)).text();
  async function post(
    address: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    session = manager,
  ): Promise<Response> {
    const page = await text(address, session);
    const form = page.split('<form ').find((part) => part.startsWith(`action="${address}" method="post"`)) ?? '';
    const body = new URLSearchParams();
    for (const [, name = '', value = ''] of form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)) {
      body.append(name, value);
    }
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value);
    const headers = { ...session.headers, 'content-type': FORM };
    return fetch(web.url + address, { method: 'POST', redirect: 'manual', headers, body: body.toString() });
  }
  const json = async <T>(address: string, init: RequestInit = {}): Promise<T> => {
    const token = await web.tokenFor('rollout-manager');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await (await fetch(web.url + address, { ...init, headers })).json()) as T;
  };

  it('list what stands in the way, each leading to exactly its people', async () => {
    const page = await text('/rollout/blockers');
    expect(page).toContain('Network at the usual sites: Library');
    expect(page).toContain('Free laptops');
    const [href = ''] = /\/rollout\/workbench\?blockedBy=network-site[^"]*/.exec(page) ?? [];
    const people = await text(href.replaceAll('&amp;', '&'));
    expect(people).toContain('6 moves');
    expect(page).not.toContain('magnifier');
    const answer = await json<{ items: { people: number; unlocks: number }[] }>('/api/v1/rollout/blockers');
    const unlocks = answer.items.map((item) => item.unlocks);
    expect(unlocks).toEqual(unlocks.toSorted((a, b) => b - a));
    const csv = await text('/api/v1/rollout/blockers.csv', reviewer);
    expect(csv.trim().split('\n')).toHaveLength(answer.items.length + 1);
  });

  it('ask what if by a form that needs no script, and by the API, with the same answer', async () => {
    const page = await text('/rollout/what-if?rule1=network-site&outcome1=ready&for1=site&value1=Library&rule2=');
    const answer = await json<{ becomeReady: number }>('/api/v1/rollout/what-if', {
      method: 'POST',
      body: JSON.stringify({
        assumptions: [{ rule: 'network-site', outcome: 'ready', for: 'site', value: 'Library' }],
      }),
    });
    expect(answer.becomeReady).toBe(0);
    expect(page).toContain('0 people would become ready');
    const both = await text(
      '/rollout/what-if?rule1=network-site&outcome1=ready&for1=site&value1=Library&rule2=laptop&outcome2=ready&for2=all',
    );
    expect(both).toContain('6 people would become ready');
    expect((await get('/rollout/what-if?rule1=laptop&outcome1=ready&for1=site')).status).toBe(400);
    expect(await text('/rollout/what-if?rule1=laptop&outcome1=ready&for1=site')).toContain('Enter which');
    expect((await get('/rollout/what-if?rule9=laptop')).status).toBe(400);
  });

  it('grant and withdraw waivers, to rollout managers only and never their own', async () => {
    const address = `/moves/${move(0)}/waivers`;
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10).split('-');
    const fields = {
      rule: 'network-site',
      reason: 'Comes on Tuesdays only',
      'expiresOn-day': day[2] ?? '',
      'expiresOn-month': day[1] ?? '',
      'expiresOn-year': day[0] ?? '',
    };
    expect((await post(address, { ...fields, reason: '' })).status).toBe(422);
    expect((await post(address, fields)).status).toBe(303);
    expect(await text(address, reviewer)).toContain('Comes on Tuesdays only');
    const waivers = await json<{ id: number }[]>(`/api/v1/moves/${move(0)}/waivers`);
    const withdrawal = `${address}/${waivers[0]?.id ?? 0}`;
    expect((await get(withdrawal, reviewer)).status).toBe(403);
    expect((await post(withdrawal, { reason: 'Comes daily now' })).status).toBe(303);
    const own = await database.dataSource.query<{ id: number }[]>(
      `insert into move (programme_id, person_entra_id) values ($1, $2) returning id`,
      [rollout.programmeId, manager.entraId],
    );
    expect(await text(`/moves/${own[0]?.id ?? 0}/waivers`)).toContain(
      'Nobody decides about waivers for their own move',
    );
    expect((await get(address, somebody)).status).toBe(403);
    const events = (await auditEntries(database.dataSource)).map(({ event }) => event);
    expect(events.filter((event) => event.startsWith('waiver.'))).toEqual(['waiver.granted', 'waiver.withdrawn']);
  });

  it('keep the list of applications', async () => {
    const fields = { name: 'Uniform', state: 'not_ready', owner: 'Planning systems', note: '' };
    expect((await post('/rollout/applications/new', fields)).status).toBe(303);
    expect((await post('/rollout/applications/new', { ...fields, name: 'uniform' })).status).toBe(422);
    const [application] = await database.dataSource.query<{ id: number }[]>('select id from rollout_application');
    const address = `/rollout/applications/${application?.id ?? 0}`;
    const saved = await post(address, { ...fields, state: 'ready' });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/rollout/applications']);
    const list = await text('/rollout/applications', reviewer);
    expect(list).toContain('Works');
    expect(list).not.toContain('Add an application');
    expect(await text(address, reviewer)).toContain('Rollout managers change');
  });

  it('keep settings in versions, and refuse those that somebody else has changed meanwhile', async () => {
    const owners = Object.fromEntries(READINESS_RULES.map((rule) => [`owner-${rule}`, 'Rollout team']));
    const numbers = { lastSeenDays: '21', handoverConfirmationDays: '5', missesThatEscalate: '3' };
    const fields = {
      ...{ ...owners, ...numbers, approvedModels: 'HP, EliteBook 840 G8', reason: 'Only what matters' },
      'gates-home': ['laptop', 'network-home'],
      'gates-fixed': 'laptop',
    };
    expect((await post('/rollout/settings', { ...fields, reason: '' })).status).toBe(422);
    expect((await post('/rollout/settings', { ...fields, lastSeenDays: '0' })).status).toBe(422);
    expect((await post('/rollout/settings', { ...fields, unknown: 'x' })).status).toBe(422);
    expect((await post('/rollout/settings', fields)).status).toBe(303);
    const page = await text('/rollout/settings');
    expect(page).toContain('Version 2: <bdi>Only what matters</bdi>');
    const { version, readiness } = await json<{ version: number; readiness: { gates: Record<string, string[]> } }>(
      '/api/v1/rollout/settings',
    );
    expect([version, readiness.gates['home'], readiness.gates['fixed']]).toEqual([
      2,
      ['laptop', 'network-home'],
      ['laptop'],
    ]);
    expect(await text('/rollout/settings', reviewer)).toContain('Rollout managers change the settings.');
  });

  describeInBrowser('in a browser', () => {
    it.each([390, 1280])('are accessible and fit at %d px', async (width) => {
      const browser: Browser = await startBrowser();
      try {
        for (const page of [
          '/rollout/blockers',
          '/rollout/what-if?rule1=network-site&outcome1=ready&for1=all&rule2=laptop&outcome2=ready&for2=all',
          `/moves/${move(0)}/waivers`,
          '/rollout/applications',
          '/rollout/settings',
        ]) {
          const opened = await CheckedPage.open(browser, web.url + page, {
            ...manager.browser,
            viewport: { width, height: 900 },
          });
          expect([page, opened.status, opened.violations, opened.complaints, opened.overflows]).toEqual([
            page,
            200,
            [],
            [],
            false,
          ]);
          await opened.close();
        }
      } finally {
        await browser.close();
      }
    });
  });
});
