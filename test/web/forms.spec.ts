import { received, startFormWeb } from '../support/form-web.js';

const FORM = 'application/x-www-form-urlencoded';

/** What a person types who makes no mistake. */
const GOOD: Readonly<Record<string, string>> = {
  version: '3',
  name: ' Laptop ',
  reason: 'two\r\nlines',
  place: 'north',
  way: 'desk',
  parts: 'bag',
  'day-day': '7',
  'day-month': '2',
  'day-year': '2027',
};

describe('forms', () => {
  let web: { url: string; close(): Promise<void> };
  beforeAll(async () => {
    web = await startFormWeb();
  });
  afterAll(() => web?.close());
  beforeEach(() => received.splice(0));

  const get = (session = 'asha', headers = {}): Promise<Response> =>
    fetch(`${web.url}/forms/7`, { headers: { 'x-session': session, ...headers } });
  /** The hidden fields that the page shows to whoever is signed in. */
  const hidden = async (session = 'asha'): Promise<Record<string, string>> => {
    const page = await (await get(session)).text();
    const form = /<form action="\/forms\/7"[^]*?<\/form>/.exec(page)?.[0] ?? '';
    return Object.fromEntries(
      [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
  };
  const post = (body: string | URLSearchParams, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${web.url}/forms/7`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'x-session': 'asha', 'content-type': FORM, ...headers },
      body: String(body),
    });
  const fields = async (changes: Record<string, string | string[] | null> = {}): Promise<URLSearchParams> => {
    const { token = '', submission = '' } = await hidden();
    const all: Record<string, string | string[] | null> = { ...GOOD, token, submission, ...changes };
    return new URLSearchParams(
      Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [value].flat().map((one) => [name, one]))),
    );
  };

  it('give their command what was typed, and lead on to a page that says so once', async () => {
    const body = await fields({ parts: ['bag', 'mouse'] });
    const answer = await post(body);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/forms/7']);
    expect(received).toEqual([
      {
        id: 7,
        submission: body.get('submission'),
        fields: {
          version: 3,
          name: 'Laptop',
          reason: 'two\nlines',
          place: 'north',
          way: 'desk',
          parts: ['bag', 'mouse'],
          day: '2027-02-07',
        },
      },
    ]);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const next = await get('asha', { cookie });
    expect(await next.text()).toMatch(/govuk-notification-banner--success[^]*It was stored\./);
    expect(next.headers.get('set-cookie')).toContain('untether-message=; Path=/; Max-Age=0');
    expect(await (await get()).text()).not.toContain('It was stored.');
  });

  it('show a message to the session it belongs to only, and none that somebody made up', async () => {
    const answer = await post(await fields());
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(await (await get('ben', { cookie })).text()).not.toContain('It was stored.');
    const forged = `untether-message=${Buffer.from('Call 0900').toString('base64url')}.${'a'.repeat(43)}`;
    expect(await (await get('asha', { cookie: forged })).text()).not.toContain('Call 0900');
  });

  it('come back with a summary, what is wrong beside each field, and everything that was typed', async () => {
    const answer = await post(
      await fields({ name: '', place: '', 'day-month': '13', parts: ['dock', 'mouse'], reason: 'kept <b>text</b>' }),
    );
    const page = await answer.text();
    expect([answer.status, received]).toEqual([422, []]);
    expect(page).toMatch(/<title>Error: Every field – Untether<\/title>/);
    for (const [field, message] of [
      ['name', 'Enter a name'],
      ['place', 'Choose a place'],
      ['day', 'Enter a day that exists, such as 27 3 2027'],
    ]) {
      expect(page).toContain(`<a href="#${field}">${message}</a>`);
      expect(page).toMatch(new RegExp(`<(input|select)[^>]* id="${field}"`));
    }
    expect(page.match(/<a href="#/g)?.length).toBe(4); // With the skip link.
    expect(page).toMatch(/<input[^>]* id="name"[^>]* value=""|<input[^>]* id="name"(?![^>]* value=)/);
    expect(page).toMatch(/id="reason"[^>]*>kept &lt;b&gt;text&lt;\/b&gt;<\/textarea>/);
    expect(page).toMatch(/value="desk" checked/);
    expect(page).toMatch(/value="dock" checked[^]*value="mouse" checked/);
    expect(page).not.toMatch(/value="bag" checked/);
    expect(page).toMatch(
      /name="day-day"[^>]*value="7"[^]*name="day-month"[^>]*value="13"[^]*name="day-year"[^>]*value="2027"/,
    );
  });

  it('carry the number and the token of a new submission when they come back', async () => {
    const body = await fields({ name: '' });
    const page = await (await post(body)).text();
    expect(page).toContain(`name="token" value="${body.get('token')}"`);
    expect(page).toMatch(/name="submission" value="[0-9a-f-]{36}"/);
    expect(page).not.toContain(body.get('submission') ?? '-');
  });

  it('come back when the command refuses, too', async () => {
    const answer = await post(await fields({ name: 'taken' }));
    expect([answer.status, received]).toEqual([422, []]);
    expect(await answer.text()).toContain('<a href="#name">Enter another name</a>');
  });

  it('show both sides of a conflict, and can be sent again on the new version', async () => {
    const answer = await post(await fields({ version: '2', name: 'Mine' }));
    const page = await answer.text();
    expect([answer.status, received]).toEqual([409, []]);
    expect(page).toMatch(/<title>Error: /);
    expect(page).toContain('Ben changed it while you had it open.');
    expect(page).toMatch(
      /Name<\/th>\s*<td[^>]*><bdi>Mine<\/bdi><\/td>\s*<td[^>]*><bdi>&lt;i&gt;Ben’s&lt;\/i&gt;<\/bdi>/,
    );
    expect(page).toMatch(/Changed<\/th>\s*<td[^>]*><bdi>nothing<\/bdi><\/td>\s*<td[^>]*><bdi>a minute ago/);
    expect(page).toContain('name="version" value="3"');
    expect((await post(await fields({ name: 'Mine' }))).status).toBe(303);
  });

  it.each([
    ['an unknown field', 'extra=1', /no field called extra/],
    ['a field of the prototype', '__proto__=x', /no field called __proto__/],
    ['a constructor', 'constructor=x', /no field called constructor/],
    ['a field in brackets', 'name[]=<script>', /no field called name\[\]/],
    ['part of a date that there is not', 'reason-day=1', /no field called reason-day/],
  ])('refuse %s by name', async (_what, more, complaint) => {
    const answer = await post(`${(await fields()).toString()}&${more}`);
    expect([answer.status, received]).toEqual([422, []]);
    expect(await answer.text()).toMatch(complaint);
  });

  it.each(['version', 'name', 'reason', 'place', 'way', 'day-day'])(
    'V-39 refuse %s twice where one value is expected',
    async (name) => {
      const answer = await post(await fields({ [name]: [GOOD[name] ?? '', '<script>alert(1)</script>'] }));
      expect([answer.status, received]).toEqual([422, []]);
      expect(await answer.text()).not.toContain('<script>alert(1)');
    },
  );

  it.each([
    ['no token', { token: null }],
    ['an empty token', { token: '' }],
    ['a token that is nearly right', { token: 'A'.repeat(43) }],
    ['two tokens', { token: ['a', 'b'] }],
  ])('V-71 refuse %s and change nothing', async (_what, changes) => {
    const answer = await post(await fields(changes));
    expect([answer.status, received]).toEqual([403, []]);
    expect(await answer.text()).toMatch(/Nothing was changed\. Go back, load the page again/);
  });

  it('V-71 refuse the token of another person', async () => {
    const { token = '' } = await hidden('ben');
    expect((await post(await fields({ token }))).status).toBe(403);
    expect(received).toEqual([]);
    expect((await post(await fields({ token }), { 'x-session': 'ben' })).status).toBe(303);
  });

  it.each([
    ['application/json', '{"name":"x"}'],
    ['text/plain', 'name=x'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nx\r\n--x--'],
    ['application/xml', '<name>x</name>'],
    ['text/csv', 'name'],
  ])('V-53 refuse a body that says it is %s', async (type, body) => {
    expect((await post(body, { 'content-type': type })).status).toBe(415);
    expect(received).toEqual([]);
  });

  it.each([
    ['broken percent encoding', 'name=%zz', 400],
    ['bytes that are no UTF-8', 'name=%ff%fe', 400],
    ['a NUL character', 'name=a%00b', 400],
    ['thousands of fields', Array.from({ length: 2_001 }, (_, at) => `f${at}=`).join('&'), 400],
    ['more than 64 KB', `reason=${'x'.repeat(70_000)}`, 413],
  ])('refuse %s', async (_what, body, status) => {
    expect((await post(`${(await fields()).toString()}&${body}`)).status).toBe(status);
    expect(received).toEqual([]);
  });

  it('refuse control characters, too long texts and a submission without its number', async () => {
    const mistakes: Record<string, string | null>[] = [
      { name: 'a\u0007b' },
      { name: 'x'.repeat(21) },
      { submission: 'x' },
      { submission: null },
    ];
    for (const changes of mistakes) {
      expect((await post(await fields(changes))).status).toBe(422);
    }
    expect(received).toEqual([]);
  });

  it('refuse an id in the address that is none', async () => {
    const answer = await fetch(`${web.url}/forms/1e3`, {
      method: 'POST',
      headers: { 'x-session': 'asha', 'content-type': FORM },
      body: await fields(),
    });
    expect(answer.status).toBe(400);
  });

  it('tell a wrong method from an unknown address', async () => {
    const answer = await fetch(`${web.url}/forms/7`, { method: 'DELETE', headers: { 'x-session': 'asha' } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});

describe('over https', () => {
  it('the message’s cookie is for this host and for https only', async () => {
    const web = await startFormWeb(true);
    try {
      const page = await (await fetch(`${web.url}/forms/7`, { headers: { 'x-session': 'asha' } })).text();
      const [, token = ''] = /name="token" value="([^"]+)"/.exec(page) ?? [];
      const [, submission = ''] = /name="submission" value="([^"]+)"/.exec(page) ?? [];
      const answer = await fetch(`${web.url}/forms/7`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'x-session': 'asha', 'content-type': FORM },
        body: String(new URLSearchParams({ ...GOOD, token, submission })),
      });
      expect(answer.headers.get('set-cookie')).toMatch(
        /^__Host-untether-message=[^;]+; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax; Secure$/,
      );
    } finally {
      await web.close();
    }
  });
});
