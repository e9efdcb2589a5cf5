import type { OpenAPIObject } from '@nestjs/swagger';
import { addDays, londonDay } from '../../src/common/uk-time.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { hiddenFieldsOf, sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const TODAY = londonDay(new Date());
const PDF = '%PDF-1.7\nsurvey';

function dayFields(name: string, day: string): Record<string, string> {
  const [year = '', month = '', date = ''] = day.split('-');
  return { [`${name}-day`]: date, [`${name}-month`]: month, [`${name}-year`]: year };
}

describe('what is entered of networks, as pages and API', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let manager: TestSession;
  let reader: TestSession;
  let token: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(
      `insert into person (entra_id, display_name, office_location)
       select 'office-' || n, 'Person', case when n < 3 then 'Civic Centre' else 'Library' end from generate_series(1, 5) as n`,
    );
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    reader = await web.signIn('reviewer');
    token = await web.tokenFor('rollout-manager');
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  interface Answer {
    readonly status: number;
    readonly etag: string | null;
    readonly body: Record<string, unknown> & { readonly id: number; readonly version: string };
  }
  const call = async (address: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await fetch(`${web.url}/api/v1/network${address}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      etag: answer.headers.get('etag'),
      body: (await answer.json()) as Answer['body'],
    };
  };
  const page = async (address: string, session = manager): Promise<{ status: number; html: string }> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const send = (address: string, fields: Record<string, string>): ReturnType<typeof sendForm> =>
    sendForm(web.url, manager, address, fields);
  const one = async <T>(sql: string): Promise<T> => {
    const [row] = await database.dataSource.query<T[]>(sql);
    if (row === undefined) throw new Error(`Nothing found: ${sql}`);
    return row;
  };

  it('enters a site by the name of an office, or another, and changes it', async () => {
    const { html } = await page('/network/sites/new');
    expect(html).toContain('Library (3 people)');
    expect((await send('/network/sites/new', {})).html).toContain('Choose an office, or enter another name');
    const both = await send('/network/sites/new', { office: 'Library', name: 'Depot' });
    expect([both.status, both.html.includes('not both')]).toEqual([422, true]);
    const added = await send('/network/sites/new', { office: 'Civic Centre', desks: '900', docks: '', wiredPorts: '' });
    const { id } = await one<{ id: number }>(`select id from network_site where name = 'Civic Centre' and desks = 900`);
    expect(added).toMatchObject({ status: 303, location: `/network/sites/${id}` });
    expect((await page('/network/sites/new')).html).not.toContain('Civic Centre (2 people)');
    const again = await send('/network/sites/new', { name: 'civic CENTRE' });
    expect([again.status, again.html.includes('of this name already')]).toEqual([409, true]);

    expect((await send(`/network/sites/${id}/edit`, { name: 'Civic Centre', desks: '9,5' })).status).toBe(422);
    expect((await send(`/network/sites/${id}/edit`, { name: 'Civic Centre', desks: '950' })).status).toBe(303);
    expect(await one(`select desks, docks from network_site where id = ${id}`)).toEqual({ desks: 950, docks: null });
    expect((await page('/network/sites/new', reader)).status).toBe(403);
    expect((await page(`/network/sites/${id}/edit`, reader)).status).toBe(403);
  });

  it('enters, changes and ends a link', async () => {
    const { body: site } = await call('/sites', { name: 'Link site' });
    const address = `/network/sites/${site.id}/links/new`;
    const wrong = await send(address, { name: 'Main', download: 'fast', upload: '' });
    expect(wrong.html).toContain('in Mbit/s, such as 76 or 1.5');
    expect(wrong.html).toContain('Enter the upload speed');
    const link = {
      name: 'Main <line>',
      provider: 'A',
      download: '76.5',
      upload: '20',
      ...dayFields('contractEndsOn', '2028-03-31'),
    };
    expect((await send(address, link)).location).toBe(`/network/sites/${site.id}`);
    expect((await send(address, link)).status).toBe(409);
    const { id } = await one<{ id: number }>(
      `select id from network_link where download_kbps = 76500 and upload_kbps = 20000`,
    );
    const shown = await page(`/network/links/${id}`);
    expect(shown.html).toContain('76.5 Mbit/s');
    expect(shown.html).toContain('Main &lt;line&gt;');
    expect((await page(`/network/links/${id}`, reader)).html).not.toContain('<form action="/network/links');
    expect((await send(`/network/links/${id}`, { ...link, upload: '40' })).status).toBe(303);

    const end = `/network/links/${id}/end`;
    expect((await send(end, { ...dayFields('lastDay', TODAY) })).html).toContain('Enter the reason');
    expect((await send(end, { ...dayFields('lastDay', TODAY), reason: 'Replaced' })).status).toBe(303);
    expect(await one(`select live_until::text, end_reason from network_link where id = ${id}`)).toEqual({
      live_until: TODAY,
      end_reason: 'Replaced',
    });
    expect((await page(end, reader)).status).toBe(403);
  });

  it('keeps a survey with its file, only ever saved, until it is withdrawn', async () => {
    const { body: site } = await call('/sites', { name: 'Survey site' });
    const address = `/network/sites/${site.id}/surveys/new`;
    const upload = async (file: Blob | null, name: string, result = 'passed'): Promise<Response> => {
      const form = new FormData();
      const hidden = hiddenFieldsOf((await page(address)).html.replace(' enctype="multipart/form-data"', ''), address);
      const fields = { ...hidden, ...dayFields('surveyedOn', addDays(TODAY, -3)), result, clientsSupported: '300' };
      for (const [field, value] of Object.entries(fields)) form.set(field, value);
      for (const [field, value] of Object.entries({ floors: '', ...dayFields('expiresOn', '') }))
        form.set(field, value ?? '');
      if (file) form.set('file', file, name);
      return fetch(web.url + address, { method: 'POST', headers: manager.headers, body: form, redirect: 'manual' });
    };
    const wrong = await upload(new Blob([PDF], { type: 'image/png' }), 'a.png');
    expect([wrong.status, (await wrong.text()).includes('does not begin as')]).toEqual([422, true]);
    expect((await upload(new Blob(['<p>'], { type: 'text/html' }), 'a.html')).status).toBe(422);
    expect((await upload(null, '', 'excellent')).status).toBe(422);
    expect((await upload(new Blob([PDF], { type: 'application/pdf' }), 'Süd & floor.pdf')).status).toBe(303);

    const { id } = await one<{ id: number }>(`select id from wifi_survey where site_id = ${site.id}`);
    const file = await fetch(`${web.url}/network/surveys/${id}/evidence`, { headers: reader.headers });
    expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([200, 'application/pdf', PDF]);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="S_d _ floor.pdf"/);
    expect(file.headers.get('content-security-policy')).toContain('sandbox');

    expect((await page(`/network/surveys/${id}`)).html).toContain('Withdraw the survey');
    expect((await page(`/network/surveys/${id}`, reader)).html).not.toContain('Withdraw the survey');
    expect((await send(`/network/surveys/${id}`, { reason: 'Wrong building' })).status).toBe(303);
    expect((await page(`/network/surveys/${id}`)).html).toContain('Wrong building');
  });

  it('enters, finds, changes and removes ranges', async () => {
    const { body: site } = await call('/sites', { name: 'Range site' });
    const range = {
      kind: 'site_subnet',
      network: '10.40.1.9/24',
      siteId: String(site.id),
      remoteAccessId: '',
      note: '',
    };
    const wrong = await send('/network/ranges/new', range);
    expect([wrong.status, wrong.html.includes('within the network 10.40.1.0/24')]).toEqual([422, true]);
    expect((await send('/network/ranges/new', { ...range, network: '10.40.1.0/24' })).status).toBe(303);
    const twice = await send('/network/ranges/new', { ...range, network: '10.40.1.0/24' });
    expect([twice.status, twice.html.includes('it belongs to Range site')]).toEqual([409, true]);

    const { id } = await one<{ id: number }>(`select id from network_range where network = '10.40.1.0/24'`);
    expect((await page('/network/ranges?contains=10.40.1.77', reader)).html).toContain('10.40.1.0/24');
    expect((await page('/network/ranges?contains=10.41.1.77')).html).not.toContain('10.40.1.0/24');
    expect((await page('/network/ranges?contains=10.41')).status).toBe(400);
    expect((await send(`/network/ranges/${id}`, { ...range, network: '10.40.0.0/16' })).status).toBe(303);
    expect((await send(`/network/ranges/${id}/remove`, { reason: 'Given <back>' })).location).toBe('/network/ranges');
    expect((await page('/network/ranges')).html).toContain('Given &lt;back&gt;');
    expect((await page(`/network/ranges/${id}`)).status).toBe(404);
    expect((await page('/network/ranges/new', reader)).status).toBe(403);
  });

  it('enters, changes and removes gateways', async () => {
    const gateway = { name: 'Gateway', sessions: '800', download: '2000', upload: '1000', traffic: 'all' };
    expect((await send('/network/remote-access/new', { ...gateway, sessions: '0' })).html).toContain(
      'from 1 to 1000000',
    );
    expect((await send('/network/remote-access/new', gateway)).status).toBe(303);
    const { id } = await one<{ id: number }>(`select id from remote_access where all_traffic and sessions = 800`);
    expect((await page(`/network/remote-access/${id}`, reader)).html).toContain('2,000 Mbit/s');
    expect((await send(`/network/remote-access/${id}`, { ...gateway, traffic: 'split' })).status).toBe(303);
    expect((await send(`/network/remote-access/${id}/remove`, { reason: 'Replaced' })).status).toBe(303);
    expect((await page(`/network/remote-access/${id}`)).status).toBe(404);
  });

  it('changes through the API only what was looked at (If-Match), and adds once for a key', async () => {
    const key = { 'idempotency-key': 'inventory-1' };
    const { status, body: site } = await call('/sites', { name: 'API site' }, key);
    expect([status, (await call('/sites', { name: 'API site' }, key)).body.id]).toEqual([201, site.id]);
    expect((await call('/sites', { name: 'api SITE' })).status).toBe(409);
    const link = { name: 'Main', downloadKbps: 100_000, uploadKbps: 100_000 };
    const range = { kind: 'site_subnet', network: '10.50.0.0/16', siteId: site.id };
    const gateway = { name: 'API gateway', sessions: 10, downloadKbps: 1_000, uploadKbps: 1_000, allTraffic: true };
    for (const [added, path, body] of [
      ['/sites', '/sites', { name: 'Another API site', desks: 4 }],
      [`/sites/${site.id}/links`, '/links', link],
      ['/ranges', '/ranges', range],
      ['/remote-access', '/remote-access', gateway],
    ] as const) {
      const { body: record } = await call(added, body);
      const address = `${path}/${record.id}`;
      const seen = await call(address);
      expect([address, seen.status, seen.etag?.startsWith(`"${seen.body.version}.`)]).toEqual([address, 200, true]);
      expect([address, (await call(address, body)).status]).toEqual([address, 428]);
      const changed = await call(address, body, { 'if-match': seen.etag ?? '' });
      expect([address, changed.status, changed.body.version !== seen.body.version]).toEqual([address, 200, true]);
      expect([address, (await call(address, body, { 'if-match': seen.etag ?? '' })).status]).toEqual([address, 412]);
      const missing = await call(`${path}/2000000`, body, { 'if-match': '"1"' });
      expect([address, missing.status]).toEqual([address, 404]);
      expect([address, (await call(address, { ...body, id: 7 }, { 'if-match': '"1"' })).status]).toEqual([
        address,
        400,
      ]);
    }
    const gone = await one<{ id: number; version: string }>(
      `select id, version from network_range where network = '10.50.0.0/16'`,
    );
    const removal = { reason: 'Given back' };
    expect((await call(`/ranges/${gone.id}/remove`, removal, { 'if-match': '"1"' })).status).toBe(412);
    expect((await call(`/ranges/${gone.id}/remove`, removal, { 'if-match': `"${gone.version}"` })).status).toBe(200);
    const live = await one<{ id: number; version: string }>(`select id, version from network_link where name = 'Main'`);
    const end = await call(
      `/links/${live.id}/end`,
      { lastDay: TODAY, ...removal },
      { 'if-match': `"${live.version}"` },
    );
    expect(end.body).toMatchObject({ liveUntil: TODAY, endReason: 'Given back', live: true });
  });

  it('takes surveys and their files through the API', async () => {
    const { body: site } = await call('/sites', { name: 'API survey site' });
    const survey = { surveyedOn: addDays(TODAY, -1), result: 'passed_in_part', floors: 'First' };
    const { body: added } = await call(`/sites/${site.id}/surveys`, survey);
    const { body: seen } = await call(`/surveys/${added.id}`);
    const put = (headers: Record<string, string>, body: string): Promise<Response> =>
      fetch(`${web.url}/api/v1/network/surveys/${added.id}/evidence?fileName=plan.txt`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...headers },
        body,
      });
    expect((await put({ 'content-type': 'text/plain' }, 'found')).status).toBe(428);
    expect((await put({ 'content-type': 'text/html', 'if-match': `"${seen.version}"` }, '<p>')).status).toBe(415);
    expect((await put({ 'content-type': 'text/plain', 'if-match': '"1"' }, 'found')).status).toBe(412);
    const kept = await put({ 'content-type': 'text/plain', 'if-match': `"${seen.version}"` }, 'found');
    expect(await kept.json()).toMatchObject({ evidenceName: 'plan.txt', evidenceType: 'text/plain', evidenceBytes: 5 });
    const file = await fetch(`${web.url}/api/v1/network/surveys/${added.id}/evidence`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await file.text()).toBe('found');
    const { body: now } = await call(`/surveys/${added.id}`);
    const withdrawn = await call(`/surveys/${added.id}/withdraw`, { reason: 'No' }, { 'if-match': `"${now.version}"` });
    expect(withdrawn.body).toMatchObject({ withdrawnReason: 'No', result: 'passed_in_part' });
    expect((await call(`/sites/${site.id}/surveys`)).body['items']).toMatchObject([{ id: added.id }]);
  });

  it('answers exactly what the document says', async () => {
    const { body: site } = await call('/sites', { name: 'Document site', desks: 3 });
    const ids: Record<string, number> = { sites: site.id };
    ids['links'] = (await call(`/sites/${site.id}/links`, { name: 'A', downloadKbps: 1, uploadKbps: 1 })).body.id;
    ids['surveys'] = (await call(`/sites/${site.id}/surveys`, { surveyedOn: TODAY, result: 'passed' })).body.id;
    ids['ranges'] = (await call('/ranges', { kind: 'egress', network: '198.51.100.4' })).body.id;
    const gateway = { name: 'Document gateway', sessions: 1, downloadKbps: 1, uploadKbps: 1, allTraffic: false };
    ids['remote-access'] = (await call('/remote-access', gateway)).body.id;
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const routes = Object.keys(document.paths).filter(
      (route) =>
        document.paths[route]?.get !== undefined &&
        /^\/api\/v1\/network\/(sites|links|surveys|ranges|remote-access)(\/\{id\}(\/surveys)?)?$/.test(route),
    );
    expect(routes.length).toBe(10);
    for (const route of routes) {
      const [, kind = ''] = /network\/([a-z-]+)/.exec(route) ?? [];
      const answer = await fetch(web.url + route.replace('{id}', String(ids[kind])), {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([route, schemaViolations(await answer.json(), answerSchema(document, route))]).toEqual([route, []]);
    }
  });

  it.each(['sites', 'links', 'ranges'])('exports %s', async (list) => {
    const answer = await fetch(`${web.url}/api/v1/network/${list}.csv`);
    const lines = (await answer.text()).trim().split('\r\n');
    expect([answer.status, lines.length > 1, lines[0]?.includes('Number')]).toEqual([200, true, true]);
  });

  it('logs no name and no address of what is entered', () => {
    expect(web.logLines.join('\n')).not.toMatch(/Civic|Library|10\.40|Gateway/);
  });
});
