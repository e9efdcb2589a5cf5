import type { OpenAPIObject } from '@nestjs/swagger';
import { Transactor } from '../../src/database/transactor.js';
import {
  ConnectionChecks,
  KEPT_DAYS,
  MOST_KEPT,
} from '../../src/network/connection-check/connection-checks.service.js';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { auditEntries, auditedAs, auditHead } from '../support/audit.js';
import { hiddenFieldsOf, sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const PAGE = '/me/connection';
/** Documentation ranges (RFC 5737): the council’s, and somebody’s home. */
const OFFICE = '198.51.100.7';
const HOME = '203.0.113.9';
const FIGURES = {
  connection: 'wifi',
  roundTripMs: '21.5',
  jitterMs: '2.25',
  lateRatio: '0',
  downloadKbps: '48000',
  uploadKbps: '9000',
  loadedRoundTripMs: '',
  samples: '30',
};

describe('results of connection checks', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let session: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    web = await startTestWeb(database, { environment: { TRUST_PROXY: '1' } });
    session = await web.signIn(null);
    await database.dataSource.query(
      `with site as (insert into network_site (name, changed_by) values ('Civic Centre', 'system:test') returning id)
       insert into network_range (network, kind, site_id, changed_by)
       select '198.51.100.0/24', 'egress', id, 'system:test' from site`,
    );
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    await database.dataSource.query('truncate connection_check, network_change, command_receipt');
  });

  const post = async (
    action: string,
    fields: Readonly<Record<string, string>>,
    {
      who = session,
      from = HOME,
      more = [],
    }: { who?: TestSession; from?: string; more?: readonly (readonly [string, string])[] } = {},
  ): Promise<{ status: number; html: string; location: string | null }> => {
    const html = await (await fetch(web.url + PAGE, { headers: who.headers })).text();
    const { token = '', submission = '' } = hiddenFieldsOf(html, '/me/connection/result');
    const body = new URLSearchParams({ token, submission, ...fields });
    for (const [name, value] of more) body.append(name, value);
    const headers = { ...who.headers, 'x-forwarded-for': from };
    const answer = await fetch(web.url + action, { method: 'POST', headers, body, redirect: 'manual' });
    return { status: answer.status, html: await answer.text(), location: answer.headers.get('location') };
  };
  /** A ticket of a check that begins now; the places of this process are not what is looked at here. */
  const ticketFor = async (who = session): Promise<string> => {
    const { status, html } = await post('/me/connection/begin', {}, { who });
    expect(status).toBe(200);
    const { ticket } = JSON.parse(html) as { ticket: string };
    await post(`/me/connection/transfers/${ticket}/end`, {}, { who });
    return ticket;
  };
  const rows = (): Promise<Record<string, unknown>[]> =>
    database.dataSource.query('select * from connection_check order by id');

  it('say what works, and store nothing', async () => {
    const before = await auditHead(database.dataSource);
    const ticket = await ticketFor();
    const { status, html } = await post('/me/connection/result', { ...FIGURES, ticket });
    expect(status).toBe(200);
    expect(html).toContain('Calls and video meetings should work well');
    expect(html).toContain('48 Mbit/s');
    expect(html).toContain('at least 58 kbit/s for calls, at least 4 Mbit/s for video meetings');
    expect(html).toContain('outside the offices');
    const slow = await post('/me/connection/result', { ...FIGURES, ticket, uploadKbps: '900', connection: 'wired' });
    expect(slow.html).toContain('Audio-safe');
    expect(slow.html).toContain('Compare the speeds with what your contract promises');
    expect(slow.html).not.toContain('Use a network cable');
    expect(await rows()).toEqual([]);
    expect(await auditEntries(database.dataSource, before)).toEqual([]);
  });

  it('say so where the share of a check may be what was measured', async () => {
    const { html } = await post('/me/connection/result', {
      ...{ ...FIGURES, ticket: await ticketFor() },
      ...{ downloadKbps: '97000' },
    });
    expect(html).toContain('97 Mbit/s or more');
    expect(html).not.toContain('9 Mbit/s or more');
  });

  it('are kept when their person says so, once, with the place and without the address', async () => {
    const ticket = await ticketFor();
    const fields = { ...FIGURES, ticket, submission: '00000000-0000-4000-8000-00000000000a' };
    const entry = await auditedAs(database.dataSource, 'connection-check.kept', async () => {
      const [first, second] = await Promise.all(
        [1, 2].map(() => post('/me/connection/keep', fields, { from: OFFICE })),
      );
      expect([first?.status, second?.status]).toEqual([303, 303]);
      // The same result, from a page that was shown again.
      const again = { ...fields, submission: '00000000-0000-4000-8000-00000000000b' };
      expect((await post('/me/connection/keep', again)).status).toBe(303);
    });
    const [kept, ...others] = await rows();
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      ...{ person_entra_id: session.entraId, place: 'office', connection: 'wifi', method: 'browser', samples: 30 },
      ...{ round_trip_ms: 21.5, jitter_ms: 2.25, late_ratio: 0, download_kbps: 48_000, upload_kbps: 9_000 },
      loaded_round_trip_ms: null,
    });
    expect(kept?.['site_id']).not.toBeNull();
    expect(entry).toEqual({
      event: 'connection-check.kept',
      actor: `person:${session.entraId}`,
      subject: `connection-check:${String(kept?.['id'])}`,
      details: {},
    });
    expect(await database.dataSource.query('select kind, subject from network_change')).toEqual([
      { kind: 'home', subject: session.entraId },
    ]);
    const everything = JSON.stringify([
      await rows(),
      await auditEntries(database.dataSource),
      await database.dataSource.query('select * from command_receipt'),
      web.logLines,
    ]);
    expect(everything).toContain('/me/connection/keep');
    for (const address of [OFFICE, HOME]) expect(everything).not.toContain(address);
  });

  it('take the place from the address: at home, in an office, nowhere that is known', async () => {
    for (const from of [HOME, OFFICE, '10.1.2.3']) {
      expect((await post('/me/connection/keep', { ...FIGURES, ticket: await ticketFor() }, { from })).status).toBe(303);
    }
    expect((await rows()).map(({ place, site_id: site }) => [place, site !== null])).toEqual([
      ['home', false],
      ['office', true],
      ['unknown', false],
    ]);
    const html = await (await fetch(web.url + PAGE, { headers: session.headers })).text();
    expect(html.match(/<bdi>(Civic Centre|Outside the offices|A place that is not known)<\/bdi>/g)).toHaveLength(3);
  });

  it('are told by the API to their own person, in the same words', async () => {
    await post('/me/connection/keep', { ...FIGURES, ticket: await ticketFor() });
    const read = async (headers: Record<string, string>): Promise<unknown> => {
      const answer = await anonymously(`${web.url}/api/v1/me/connection-checks`, { headers });
      return [answer.status, await answer.json()];
    };
    expect(await read({ ...session.headers })).toEqual([
      200,
      [
        {
          ...{ id: expect.any(Number) as number, checkedAt: expect.stringMatching(/Z$/) as string, place: 'home' },
          ...{ site: null, connection: 'wifi', verdict: 'video_safe', samples: 30, roundTripMs: 21.5, jitterMs: 2.25 },
          ...{ lateRatio: 0, downloadKbps: 48_000, uploadKbps: 9_000, loadedRoundTripMs: null },
        },
      ],
    ]);
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const [, told] = (await read({ ...session.headers })) as [number, object];
    expect(schemaViolations(told, answerSchema(document, '/api/v1/me/connection-checks'))).toEqual([]);
    for (const role of [null, 'administrator', 'rollout-manager', 'reviewer'] as const) {
      expect(await read({ authorization: `Bearer ${await web.tokenFor(role)}` })).toEqual([200, []]);
    }
    expect(((await read({})) as unknown[])[0]).toBe(401);
  });

  it('are deleted by their own person, one or all, and by nobody else', async () => {
    for (let count = 0; count < 3; count++) {
      await post('/me/connection/keep', { ...FIGURES, ticket: await ticketFor() });
    }
    const [first] = await rows();
    const address = `/me/connection/checks/${String(first?.['id'])}/delete`;
    const other = await web.signIn('administrator');
    expect((await post(address, {}, { who: other })).status).toBe(404);
    expect((await post('/me/connection/checks/delete', {}, { who: other })).status).toBe(303);
    expect(await rows()).toHaveLength(3);
    await database.dataSource.query('truncate network_change');
    const one = await auditedAs(database.dataSource, 'connection-check.deleted', async () => {
      expect((await sendForm(web.url, session, PAGE, {}, { action: address })).status).toBe(303);
      expect((await post(address, {})).status).toBe(404);
    });
    expect(one).toMatchObject({ subject: `connection-check:${String(first?.['id'])}`, details: {} });
    const all = await auditedAs(database.dataSource, 'connection-check.deleted', async () => {
      const sent = await sendForm(web.url, session, PAGE, {}, { action: '/me/connection/checks/delete' });
      expect(sent.status).toBe(303);
    });
    expect(all).toMatchObject({ subject: null, details: { count: 2 } });
    expect(await rows()).toEqual([]);
    expect(await database.dataSource.query('select subject from network_change')).toEqual([
      { subject: session.entraId },
    ]);
  });

  it('are deleted by themselves when they have been kept for as long as was promised', async () => {
    const checks = new ConnectionChecks(new Transactor(database.dataSource));
    await database.dataSource.query(
      `insert into connection_check (person_entra_id, checked_at, place, connection, method, samples, round_trip_ms, jitter_ms,
         late_ratio, download_kbps, upload_kbps, submission)
       select 'p-' || abs(number % 2), now() - make_interval(days => $1) + number * interval '1 minute', 'home', 'wifi', 'browser',
         1, 1, 1, 0, 1, 1, gen_random_uuid() from generate_series(-1199, 1) as number`,
      [KEPT_DAYS],
    );
    expect(await checks.removeOld()).toBe(1_200);
    expect(await checks.removeOld()).toBe(0);
    expect(await rows()).toHaveLength(1);
    const expired = (await auditEntries(database.dataSource)).filter(
      ({ event }) => event === 'connection-check.expired',
    );
    expect(expired.map(({ actor, details }) => [actor, details])).toEqual([
      ['system:schedule', { count: 1_000 }],
      ['system:schedule', { count: 200 }],
    ]);
    expect(await database.dataSource.query('select subject from network_change order by 1')).toEqual([
      { subject: 'p-0' },
      { subject: 'p-1' },
    ]);
  });

  it('are not kept without end, nor long after the check', async () => {
    const ticket = await ticketFor();
    await database.dataSource.query(
      `insert into connection_check (person_entra_id, place, connection, method, samples, round_trip_ms, jitter_ms,
         late_ratio, download_kbps, upload_kbps, submission)
       select $1, 'home', 'wifi', 'browser', 1, 1, 1, 0, 1, 1, gen_random_uuid() from generate_series(1, $2)`,
      [session.entraId, MOST_KEPT],
    );
    expect((await post('/me/connection/keep', { ...FIGURES, ticket })).status).toBe(409);
    const checks = new ConnectionChecks(new Transactor(database.dataSource));
    const person = { actor: `person:${session.entraId}`, personEntraId: session.entraId } as const;
    const old = { id: '00000000-0000-4000-8000-00000000000c', begunAt: new Date(Date.now() - 61 * 60_000) };
    const figures = {
      ...{ roundTripMs: 1, jitterMs: 1, lateRatio: 0, downloadKbps: 1, uploadKbps: 1 },
      ...{ loadedRoundTripMs: null, samples: 1 },
    };
    const check = { ticket: old, connection: 'wifi', figures, address: HOME } as const;
    await expect(checks.keep(person, check, 'a key')).rejects.toThrow('more than 60 minutes old');
  });

  it.each([
    ['connection', 'tunnel'],
    ['connection', ''],
    ['roundTripMs', ''],
    ['roundTripMs', '-1'],
    ['roundTripMs', '60001'],
    ['roundTripMs', '1e3'],
    ['roundTripMs', 'NaN'],
    ['roundTripMs', 'Infinity'],
    ['roundTripMs', ' 5'],
    ['roundTripMs', '0x10'],
    ['jitterMs', '99999999999'],
    ['lateRatio', '1.01'],
    ['downloadKbps', '100000001'],
    ['downloadKbps', '1.5'],
    ['uploadKbps', '<script>'],
    ['loadedRoundTripMs', '-5'],
    ['samples', '0'],
    ['samples', '10001'],
    ['ticket', ''],
    ['ticket', '1.00000000000000000000000000000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('are refused with %s "%s"', async (name, value) => {
    const fields = { ...FIGURES, ticket: await ticketOnce(), [name]: value };
    for (const action of ['/me/connection/result', '/me/connection/keep']) {
      const { status, html } = await post(action, fields);
      expect([action, status]).toEqual([action, 422]);
      expect(html).not.toContain('<script>alert');
      expect(html).toContain('There is a problem');
    }
    expect(await rows()).toEqual([]);
  });

  it('are refused with a figure that is sent twice, one too many, or the ticket of somebody else', async () => {
    const ticket = await ticketOnce();
    const fields = { ...FIGURES, ticket };
    expect((await post('/me/connection/keep', fields, { more: [['jitterMs', '1']] })).status).toBe(422);
    expect((await post('/me/connection/keep', fields, { more: [['personEntraId', 'p-1']] })).status).toBe(422);
    const other = await web.signIn(null);
    expect((await post('/me/connection/keep', { ...FIGURES, ticket }, { who: other })).status).toBe(422);
    expect((await post('/me/connection/keep', { ...FIGURES, ticket, token: 'x' })).status).toBe(403);
    expect(await rows()).toEqual([]);
  });

  let shared: string | null = null;
  /** One ticket for all who only look at refusals: tickets are so many an hour. */
  async function ticketOnce(): Promise<string> {
    shared ??= await ticketFor();
    return shared;
  }
});
