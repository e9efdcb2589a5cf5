import { auditEntries } from '../support/audit.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { hiddenFieldsOf, sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const BULK = '/rollout/workbench/bulk';
const DEFERRAL = {
  deferral: 'other',
  'until-day': '1',
  'until-month': '3',
  'until-year': String(new Date().getUTCFullYear() + 1),
};

describe('the workbench, for all of a list', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource, { people: 10 });
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const get = (address: string, session = manager): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const deferred = async (): Promise<number> => (await rows(`select 1 from move where state = 'deferred'`)).length;

  interface Preview {
    readonly html: string;
    readonly action: string;
    readonly ticks: readonly string[];
  }
  /** The table of what would become of each. */
  async function preview(query: string, fields: Record<string, string>): Promise<Preview> {
    const { status, html } = await sendForm(web.url, manager, `${BULK}?${query}`, fields);
    expect(status).toBe(200);
    return {
      html,
      action: /<form action="([^"]*bulk\/do[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '',
      ticks: [...html.matchAll(/name="move" value="([^"]*)" checked/g)].map(([, tick]) => tick ?? ''),
    };
  }
  async function confirm({ html, action, ticks }: Preview, mode: string): Promise<{ status: number; html: string }> {
    const body = new URLSearchParams({ ...hiddenFieldsOf(html, action), mode });
    for (const tick of ticks) body.append('move', tick);
    const answer = await fetch(web.url + action, { method: 'POST', headers: manager.headers, body });
    return { status: answer.status, html: await answer.text() };
  }

  it('is for those who run the rollout', async () => {
    expect(await (await get('/rollout/workbench')).text()).toContain('Do something for all of this list');
    const reviewer = await web.signIn('reviewer');
    expect(await (await get('/rollout/workbench', reviewer)).text()).not.toContain('Do something for all');
    expect((await get(BULK, reviewer)).status).toBe(403);
  });

  it('asks what is to be said, and takes nothing that is about one move only', async () => {
    const html = await (await get(`${BULK}?site=Library`)).text();
    expect(html).toContain('The list has 5 moves.');
    expect(html).toContain('name="site" value="Library"');
    expect((await get(`${BULK}?statement=retract`)).status).toBe(400);
    expect((await get(`${BULK}?colour=red`)).status).toBe(400);
    const wrong = await sendForm(web.url, manager, `${BULK}?site=Library&statement=defer`, { deferral: 'luck' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('Choose why');
  });

  it('shows what would become of each, and changes nothing', async () => {
    const seen = await preview('site=Library&statement=defer', DEFERRAL);
    expect(seen.html).toContain('It can be said about 5, and not about 0.');
    expect(seen.html).toContain('Deferred');
    expect(seen.ticks).toHaveLength(5);
    expect(await deferred()).toBe(0);
  });

  it('does those that are ticked, once, and leaves out what changed meanwhile', async () => {
    const seen = await preview('site=Library&statement=defer', DEFERRAL);
    const [first = '', second = ''] = seen.ticks;
    // Something becomes known of the second, and the fifth is not ticked any more.
    await rows(`update move set version = nextval('rollout_version_sequence') where id = $1`, [second.split(':')[0]]);
    const ticked = { ...seen, ticks: seen.ticks.slice(0, 4) };
    const none = await confirm(ticked, 'all');
    expect(none.html).toContain('all or none was asked for, and 1 was refused');
    expect(await deferred()).toBe(0);

    const again = await preview('site=Library&statement=defer', DEFERRAL);
    await rows(`update move set version = nextval('rollout_version_sequence') where id = $1`, [second.split(':')[0]]);
    const some = { ...again, ticks: again.ticks.slice(0, 4) };
    const answers = await Promise.all([confirm(some, 'rest'), confirm(some, 'rest')]);
    for (const { status, html } of answers) {
      expect(status).toBe(200);
      expect(html).toContain('3 done, 1 refused.');
      expect(html).toContain('became known of this move meanwhile');
    }
    expect(await deferred()).toBe(3);
    const facts = await rows(`select 1 from move_fact where kind = 'deferred' and move_id = $1`, [first.split(':')[0]]);
    expect(facts).toHaveLength(1);
    const audited = (await auditEntries(database.dataSource)).filter(({ event }) => event === 'move.deferred');
    expect(audited).toHaveLength(3);
  });

  it('names who is refused and why before anything is done', async () => {
    const seen = await preview('statement=end-deferral', {});
    expect(seen.html).toContain('It can be said about 3, and not about 7.');
    expect(seen.html).toContain('The move is not deferred.');
    expect((await confirm({ ...seen, ticks: [] }, 'rest')).status).toBe(422);
    expect((await confirm({ ...seen, ticks: ['7:x'] }, 'rest')).status).toBe(422);
    expect((await confirm(seen, 'perhaps')).status).toBe(422);
    expect((await confirm(seen, 'all')).html).toContain('3 done, 0 refused.');
    expect(await deferred()).toBe(0);
  });

  it('is refused for more moves than one entry of the trail can be followed by', async () => {
    await rows(
      `insert into move (programme_id, person_entra_id, site) select $1, 'crowd-' || n, 'Stadium' from generate_series(1, 1001) as n`,
      [rollout.programmeId],
    );
    expect(await (await get(`${BULK}?site=Stadium&statement=reopen`)).text()).toContain('more than 1,000 moves');
  });
});
