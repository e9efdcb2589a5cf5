import { request as httpRequest } from 'node:http';
import { CheckTransfers } from '../../src/network/connection-check/check-transfers.js';
import { hiddenFieldsOf } from '../support/send-form.js';
import { anonymously } from '../support/signed-in-fetch.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PAGE = '/me/connection';

describe('what the script of a connection check talks to', () => {
  let database: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database, { environment: { CONNECTION_CHECKS_AT_ONCE: '2' } });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const fieldsOf = async (who: TestSession): Promise<URLSearchParams> => {
    const html = await (await fetch(web.url + PAGE, { headers: who.headers })).text();
    const { token = '', submission = '' } = hiddenFieldsOf(html, '/me/connection/result');
    return new URLSearchParams({ token, submission });
  };
  const begin = async (who: TestSession): Promise<Response> =>
    fetch(`${web.url}/me/connection/begin`, { method: 'POST', headers: who.headers, body: await fieldsOf(who) });
  const ticketOf = async (who: TestSession): Promise<string> => {
    const answer = await begin(who);
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { ticket: string }).ticket;
  };
  const at = (ticket: string, rest: string): string => `${web.url}/me/connection/transfers/${ticket}/${rest}`;
  const end = async (who: TestSession, ticket: string): Promise<number> =>
    (await fetch(at(ticket, 'end'), { method: 'POST', headers: who.headers, body: await fieldsOf(who) })).status;
  const up = (who: TestSession, ticket: string, bytes: number | string, body: BodyInit, type = 'text/plain') =>
    fetch(at(ticket, `up?bytes=${bytes}`), { method: 'POST', headers: { ...who.headers, 'content-type': type }, body });
  const down = (who: TestSession, ticket: string, query: string, headers: Record<string, string> = {}) =>
    fetch(at(ticket, `down?${query}`), { headers: { ...who.headers, ...headers }, redirect: 'manual' });

  it('gives a ticket to whoever is signed in and sends the form’s token, and no one else', async () => {
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    for (const body of [new URLSearchParams(), new URLSearchParams({ token: 'x' })]) {
      const answer = await fetch(`${web.url}/me/connection/begin`, { method: 'POST', headers: who.headers, body });
      expect(answer.status).toBe(403);
    }
    const foreign = { ...who.headers, origin: 'https://elsewhere.example' };
    expect((await fetch(at(ticket, 'end'), { method: 'POST', headers: foreign })).status).toBe(403);
    const nobody = await anonymously(at(ticket, 'down?bytes=10'), { redirect: 'manual' });
    expect([nobody.status, nobody.headers.get('location')?.startsWith('/sign-in')]).toEqual([303, true]);
    expect(await end(who, ticket)).toBe(204);
  });

  it('gives as many bytes as were asked for, unpacked and for no cache, and tells what the server took', async () => {
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    const answer = await down(who, ticket, 'bytes=1000000', { 'accept-encoding': 'gzip, br' });
    expect((await answer.arrayBuffer()).byteLength).toBe(1_000_000);
    const header = (name: string): string | null => answer.headers.get(name);
    expect([
      header('content-length'),
      header('content-encoding'),
      header('cache-control'),
      header('content-type'),
    ]).toEqual(['1000000', null, 'no-store', 'application/octet-stream']);
    expect(header('etag')).toBeNull();
    const ping = await down(who, ticket, 'bytes=0&during=idle');
    expect([ping.status, await ping.text()]).toEqual([200, '']);
    expect(ping.headers.get('server-timing')).toMatch(/^app;dur=\d+\.\d\d$/);
    expect((await up(who, ticket, 300_000, Buffer.alloc(300_000))).status).toBe(200);
    await end(who, ticket);
  });

  it.each([
    '',
    'bytes=',
    'bytes=-1',
    'bytes=12800001',
    'bytes=1e9',
    'bytes=1&bytes=2',
    'bytes=0&x=1',
    'bytes=0&during=now',
  ])('refuses "%s"', async (query) => {
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    expect([query, (await down(who, ticket, query)).status]).toEqual([query, 400]);
    await end(who, ticket);
  });

  it('takes no more than it was told, whether or not the length is said before', async () => {
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    expect((await up(who, ticket, 1_000, Buffer.alloc(1_001))).status).toBe(413);
    expect((await up(who, ticket, 12_800_000, Buffer.alloc(12_800_001))).status).toBe(413);
    // Without a length, piece by piece and without end.
    const { status, sent } = await new Promise<{ status: number; sent: number }>((resolve, reject) => {
      let sent = 0;
      const request = httpRequest(at(ticket, 'up?bytes=100000'), {
        method: 'POST',
        headers: { ...who.headers, 'content-type': 'text/plain' },
      });
      const piece = Buffer.alloc(10_000);
      const timer = setInterval(() => (request.write(piece), (sent += piece.length)), 5);
      request.on('response', (answer) => {
        clearInterval(timer);
        answer.resume();
        request.destroy();
        resolve({ status: answer.statusCode ?? 0, sent });
      });
      request.on('error', (error) => (clearInterval(timer), reject(error)));
    });
    expect(status).toBe(413);
    expect(sent).toBeLessThan(2_000_000);
    for (const type of ['application/json', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
      expect([type, (await up(who, ticket, 10, '1234567890', type)).status]).toEqual([type, 415]);
    }
    await end(who, ticket);
  });

  it('takes plain text nowhere else', async () => {
    const headers = { ...(await web.signIn('administrator')).headers, 'content-type': 'text/plain' };
    for (const route of ['/me/connection/begin', '/saved-views/new', '/api/v1/import', '/api/v1/tokens']) {
      const answer = await fetch(web.url + route, { method: 'POST', headers, body: 'text' });
      expect([route, answer.status >= 400 && answer.status < 500]).toEqual([route, true]);
    }
  });

  it('knows tickets in their own session only, and no others', async () => {
    const [who, other] = [await web.signIn(null), await web.signIn('administrator')];
    const ticket = await ticketOf(who);
    expect((await down(other, ticket, 'bytes=1000')).status).toBe(410);
    expect((await up(other, ticket, 10, '0123456789')).status).toBe(410);
    for (const wrong of ['1', 'x'.repeat(100), `${ticket}x`, '..', '%00']) {
      expect([wrong, [404, 410].includes((await down(who, wrong, 'bytes=10')).status)]).toEqual([wrong, true]);
    }
    await end(who, ticket);
  });

  it('lets so many check at once, tells the others when, and lets them begin when a place is free', async () => {
    const people = await Promise.all([1, 2, 3].map(() => web.signIn(null)));
    const [first, second, third] = people as [TestSession, TestSession, TestSession];
    const tickets = [await ticketOf(first), await ticketOf(second)];
    const full = await begin(third);
    expect([full.status, await full.json()]).toEqual([429, { reason: 'wait', seconds: expect.any(Number) as number }]);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(full.headers.get('retry-after'))).toBeLessThanOrEqual(5);
    expect(await end(third, tickets[0] ?? '')).toBe(204);
    // Nobody ends the check of somebody else.
    expect((await begin(third)).status).toBe(429);
    await end(first, tickets[0] ?? '');
    const last = await ticketOf(third);
    await Promise.all([end(second, tickets[1] ?? ''), end(third, last)]);
  });

  it('gives a person so many tickets an hour', async () => {
    const who = await web.signIn(null);
    for (let count = 0; count < 12; count++) await end(who, await ticketOf(who));
    const enough = await begin(who);
    expect([enough.status, await enough.json()]).toEqual([
      429,
      { reason: 'enough', seconds: expect.any(Number) as number },
    ]);
    expect(Number(enough.headers.get('retry-after'))).toBeGreaterThan(3_000);
  });

  it('gives one check so many bytes and then no more', async () => {
    const transfers = new CheckTransfers({
      ...{ atOnce: 1, seconds: 60, usualSeconds: 15, anHour: 12, bytes: 60_000_000, transferBytes: 12_800_000 },
      ...{ pings: 1_000, bytesPerSecond: 1e12 },
    });
    expect(transfers.begin('a', 'down', 12_800_001, 0)).toBe('too-large');
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++) {
      const answer = await up(who, ticket, 12_800_000, 'x');
      statuses.push(answer.status);
    }
    // What was announced counts, or else nobody could tell before it came.
    expect(statuses).toEqual([200, 200, 200, 200, 410]);
    await end(who, ticket);
  });

  it('leaves nothing going on when a browser goes away in the middle', async () => {
    const who = await web.signIn(null);
    const ticket = await ticketOf(who);
    const leaving = new AbortController();
    const answer = await fetch(at(ticket, 'down?bytes=12800000'), { headers: who.headers, signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    const sending = httpRequest(at(ticket, 'up?bytes=1000000'), {
      method: 'POST',
      headers: { ...who.headers, 'content-type': 'text/plain', 'content-length': '1000000' },
    });
    sending.on('error', () => undefined);
    sending.write(Buffer.alloc(1_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    sending.destroy();
    // Six files side by side are let through only when nothing of the two is left.
    const deadline = Date.now() + 5_000;
    for (;;) {
      const six = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => up(who, ticket, 1_000, Buffer.alloc(1_000))));
      if (six.every(({ status }) => status === 200)) break;
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(web.logLines.filter((line) => /"level":(50|"error")/.test(line))).toEqual([]);
    await end(who, ticket);
  });
});
