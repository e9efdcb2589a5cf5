import { auditedAs } from '../support/audit.js';
import { insertEstate } from '../support/estate-rows.js';
import { sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const NEW = '/saved-views/new?list=devices&query=superclass%3Dfixed%26sort%3D-name%26columns%3Dname%252Cmodel';

describe('saved views', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let mine: TestSession;
  let colleague: TestSession;
  let stranger: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 20, devices: 60 });
    await database.dataSource.query(
      `update device set form_factor_superclass = case when id % 2 = 0 then 'fixed' else 'portable' end`,
    );
    web = await startTestWeb(database);
    mine = await web.signIn({ roles: ['service-desk', 'rollout-manager'] });
    colleague = await web.signIn('service-desk');
    stranger = await web.signIn('approver');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });
  afterEach(() => database.dataSource.query('delete from saved_view'));

  const get = (address: string, session = mine): Promise<Response> =>
    fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
  const save = async (fields: Record<string, string> = {}, session = mine, page = NEW): Promise<number> => {
    const answer = await sendForm(web.url, session, page, { name: 'Fixed ones', sharedWith: 'me', ...fields });
    expect(answer).toMatchObject({ status: 303 });
    return Number(answer.location?.split('view=')[1]);
  };
  const stored = (): Promise<object[]> =>
    database.dataSource.query('select name, list, query, shared_with_role from saved_view order by id');

  it('keep the filters, order and columns of a list under a name', async () => {
    let id = 0;
    const entry = await auditedAs(database.dataSource, 'saved-view.saved', async () => {
      id = await save();
    });
    expect(entry).toMatchObject({ actor: `person:${mine.entraId}`, subject: `saved-view:${id}` });
    expect(JSON.stringify(entry)).not.toContain('Fixed ones');
    const html = await (await get(`/devices?view=${id}`)).text();
    expect(html).toMatch(/<strong>30 devices/);
    expect(html).toMatch(/Portable or fixed: <bdi>Fixed/);
    expect(html).toMatch(/aria-sort="descending"/);
    expect(html).toMatch(new RegExp(`href="/devices\\?view=${id}" aria-current="page"><bdi>Fixed ones`));
    expect(html).not.toContain('Last seen</a>');
  });

  it('are saved once, however often the form is sent', async () => {
    const answer = await sendForm(web.url, mine, NEW, { name: 'Twice', sharedWith: 'me' }, { again: 4 });
    expect(answer.status).toBe(303);
    expect(await stored()).toHaveLength(1);
  });

  it('have names of their own, and what was typed stays in the form', async () => {
    await save();
    const again = await sendForm(web.url, mine, NEW, { name: 'fixed ONES', sharedWith: 'me' });
    expect(again.status).toBe(422);
    expect(again.html).toMatch(/another view of this list with that name/);
    expect(again.html).toContain('value="fixed ONES"');
    expect((await sendForm(web.url, mine, NEW, { name: ' ', sharedWith: 'me' })).html).toContain('Enter a name');
    expect((await sendForm(web.url, mine, NEW, { name: 'x', sharedWith: 'everyone' })).status).toBe(422);
    expect(await stored()).toHaveLength(1);
  });

  it('are shared with a role of one’s own, and with no other', async () => {
    const refused = await sendForm(web.url, mine, NEW, { name: 'x', sharedWith: 'administrator' });
    expect([refused.status, await stored()]).toEqual([422, []]);
    const id = await save({ sharedWith: 'service-desk' });
    expect((await get(`/devices?view=${id}`, colleague)).status).toBe(200);
    expect(await (await get('/saved-views', colleague)).text()).toContain('Shared by somebody else with: service desk');
    expect((await get(`/devices?view=${id}`, stranger)).status).toBe(404);
    expect(await (await get('/saved-views', stranger)).text()).not.toContain('Fixed ones');
  });

  it('of somebody else are not there for those who do not see them, and not to be changed by those who do', async () => {
    const own = await save();
    const shared = await save({ name: 'Ours', sharedWith: 'service-desk' });
    const fields = { name: 'Stolen', sharedWith: 'me' };
    const post = async (address: string): Promise<number> =>
      (await sendForm(web.url, colleague, NEW, fields, { action: address, token: 'of another form' })).status;
    expect((await get(`/saved-views/${own}`, colleague)).status).toBe(404);
    expect(await post(`/saved-views/${own}`)).toBe(404);
    expect(await post(`/saved-views/${own}/delete`)).toBe(404);
    expect((await get(`/saved-views/${shared}`, colleague)).status).toBe(200);
    expect(await post(`/saved-views/${shared}`)).toBe(403);
    expect(await post(`/saved-views/${shared}/delete`)).toBe(403);
    expect(await stored()).toMatchObject([{ name: 'Fixed ones' }, { name: 'Ours' }]);
  });

  it('are renamed and deleted by their owner', async () => {
    const id = await save({ sharedWith: 'service-desk' });
    await auditedAs(database.dataSource, 'saved-view.changed', async () => {
      const answer = await sendForm(web.url, mine, `/saved-views/${id}`, { name: 'Desktops', sharedWith: 'me' });
      expect(answer).toMatchObject({ status: 303, location: '/saved-views' });
    });
    expect(await stored()).toMatchObject([{ name: 'Desktops', shared_with_role: null }]);
    expect((await get(`/devices?view=${id}`, colleague)).status).toBe(404);
    await auditedAs(database.dataSource, 'saved-view.deleted', () =>
      sendForm(web.url, mine, `/saved-views/${id}`, {}, { action: `/saved-views/${id}/delete` }),
    );
    expect(await stored()).toEqual([]);
  });

  it('can be the one with which a person begins the list, until it is deleted', async () => {
    const id = await save({ isDefault: 'yes', sharedWith: 'service-desk' });
    const begun = await get('/devices');
    expect([begun.status, begun.headers.get('location')]).toEqual([303, `/devices?view=${id}`]);
    expect((await get('/devices?view=all')).status).toBe(200);
    expect((await get('/devices', colleague)).status).toBe(200);
    await auditedAs(database.dataSource, 'saved-view.default-chosen', async () => {
      const chosen = await sendForm(
        web.url,
        colleague,
        `/saved-views/${id}`,
        {},
        { action: `/saved-views/${id}/default` },
      );
      expect(chosen.status).toBe(303);
    });
    expect((await get('/devices', colleague)).headers.get('location')).toBe(`/devices?view=${id}`);
    await sendForm(web.url, mine, `/saved-views/${id}`, {}, { action: `/saved-views/${id}/delete` });
    expect((await get('/devices')).status).toBe(200);
    expect((await get('/devices', colleague)).status).toBe(200);
  });

  it('V-34: are checked when they are used, whatever they hold', async () => {
    const id = await save();
    const using = async (query: string): Promise<[number, string]> => {
      await database.dataSource.query('update saved_view set query = $1', [query]);
      const answer = await get(`/devices?view=${id}`);
      return [answer.status, await answer.text()];
    };
    for (const query of [
      'sort=(select 1)',
      'password=x',
      'columns=password',
      'sort=name&sort=id',
      'cursor=%27',
      '__proto__=1',
      'constructor=1',
    ]) {
      const [status, html] = await using(query);
      expect([query, status]).toEqual([query, 400]);
      expect(html).toContain('This view does not fit the list any more');
      expect(html).not.toContain('<strong>60 devices');
    }
    const [status, html] = await using('superclass=heavy');
    expect([status, html.includes('Give one of portable')]).toEqual([400, true]);
    expect((await using(''))[0]).toBe(200);
    expect((await get(`/people?view=${id}`)).status).toBe(400);
  });
});
