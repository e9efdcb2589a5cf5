import { auditedAs } from '../support/audit.js';
import { rowsOfCsv } from '../support/csv-file.js';
import { sendForm } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { anonymously } from '../support/signed-in-fetch.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

describe('the pages about messages', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  let events = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource);
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
  });
  afterAll(async () => {
    await web.close();
    await database.drop();
  });

  const get = async (path: string, session = manager): Promise<{ status: number; html: string }> => {
    const answer = await anonymously(web.url + path, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const insert = async (
    state: string,
    more: { error?: string; useBy?: string; reason?: string } = {},
  ): Promise<number> => {
    const [row] = await database.dataSource.query<{ id: number }[]>(
      `insert into message (event, recipient_entra_id, template, message_key, use_by, state, attempts, last_error, stop_reason, ended_at)
       values ('test:' || $1::int, $2, 'booked', 'key' || $1::int, now() + $3::interval, $4, 10, $5, $6,
               case when $4 in ('sent', 'stopped') then now() end) returning id::int`,
      [++events, rollout.people[1], more.useBy ?? '1 day', state, more.error ?? null, more.reason ?? null],
    );
    return row?.id ?? 0;
  };
  const stateOf = async (id: number): Promise<string> => {
    const [row] = await database.dataSource.query<{ state: string }[]>('select state from message where id = $1', [id]);
    return row?.state ?? 'lost';
  };

  it('send what was not sent again, once, and the trail has it', async () => {
    const id = await insert('dead', { error: 'smtp-450' });
    expect((await get('/messages/undelivered')).html).toContain(`/messages/${id}`);
    expect((await get(`/messages/${id}`)).html).toContain('The mail server refused it (450)');
    const entry = await auditedAs(database.dataSource, 'message.retried', async () => {
      const answer = await sendForm(web.url, manager, `/messages/${id}`, { decision: 'send-again' });
      expect([answer.status, answer.location]).toEqual([303, '/messages/undelivered']);
    });
    expect(entry).toEqual({
      event: 'message.retried',
      actor: `person:${manager.entraId}`,
      subject: `message:${id}`,
      details: { from: 'dead' },
    });
    expect(await stateOf(id)).toBe('waiting');
    expect((await get(`/messages/${id}`)).html).not.toContain('What is to be done?');
  });

  it('let one of two who decide at the same time', async () => {
    const id = await insert('uncertain', { error: 'connection-lost' });
    const answers = await Promise.all([
      sendForm(web.url, manager, `/messages/${id}`, { decision: 'arrived' }),
      sendForm(web.url, manager, `/messages/${id}`, { decision: 'give-up' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(['sent', 'stopped']).toContain(await stateOf(id));
  });

  it.each([
    ['uncertain', 'arrived', 'message.settled-as-arrived', 'sent'],
    ['uncertain', 'send-again', 'message.retried', 'waiting'],
    ['uncertain', 'give-up', 'message.given-up', 'stopped'],
    ['dead', 'give-up', 'message.given-up', 'stopped'],
  ] as const)('%s message: %s', async (state, decision, event, after) => {
    const id = await insert(state, { error: 'interrupted' });
    const entry = await auditedAs(database.dataSource, event, () =>
      sendForm(web.url, manager, `/messages/${id}`, { decision }),
    );
    expect(entry.subject).toBe(`message:${id}`);
    expect(await stateOf(id)).toBe(after);
  });

  it('neither take a decision that is not one, nor send what is too late', async () => {
    const id = await insert('dead', { error: 'smtp-450', useBy: '-1 minute' });
    expect((await sendForm(web.url, manager, `/messages/${id}`, {})).html).toContain('Choose what to do');
    expect((await sendForm(web.url, manager, `/messages/${id}`, { decision: 'arrived' })).status).toBe(409);
    const late = await sendForm(web.url, manager, `/messages/${id}`, { decision: 'send-again' });
    expect(late.status).toBe(409);
    expect(late.html).toContain('too late for this message');
    expect(await stateOf(id)).toBe('dead');
  });

  it('send everything again that certainly did not arrive', async () => {
    const [dead, uncertain, late] = [
      await insert('dead', { error: 'connection' }),
      await insert('uncertain', { error: 'connection-lost' }),
      await insert('dead', { error: 'connection', useBy: '-1 minute' }),
    ];
    const entry = await auditedAs(database.dataSource, 'message.all-retried', () =>
      sendForm(web.url, manager, '/messages/undelivered', {}),
    );
    expect(entry.details).toEqual({ count: 1 });
    expect(await Promise.all([dead, uncertain, late].map(stateOf))).toEqual(['waiting', 'uncertain', 'dead']);
  });

  it('export what was sent, without what it said', async () => {
    await insert('sent');
    await insert('stopped', { reason: 'left' });
    const answer = await anonymously(`${web.url}/api/v1/messages.csv?state=sent`, { headers: manager.headers });
    const rows = rowsOfCsv(await answer.arrayBuffer());
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row['State']))).toEqual(new Set(['sent']));
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['Message', 'Recipient', 'Sent or stopped']));
    expect(Object.keys(rows[0] ?? {}).join()).not.toMatch(/Subject|Text|Address/);
    const list = await anonymously(`${web.url}/api/v1/messages?state=stopped`, { headers: manager.headers });
    expect(await list.json()).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ stopReason: expect.any(String) as string })]) as unknown,
    });
  });

  it('show each message with the data of a move, and switch it', async () => {
    await database.dataSource.query(`update person set given_name = '<b>Ada</b>' where entra_id = $1`, [
      rollout.people[1],
    ]);
    await database.dataSource.query(
      `update move set state = 'handed_over', laptop_since = now(), desktop_count = 1, recovered_count = 0 where id = $1`,
      [rollout.moves[1]],
    );
    const { html } = await get(`/rollout/messages/desktop-not-returned?move=${rollout.moves[1]}`);
    expect(html).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;,');
    expect(html).toContain('has not come back yet');
    expect((await get('/rollout/messages/booked?move=999999')).html).toContain('no move with this number');
    expect((await get('/rollout/messages/booked')).html).toContain('No move has what this message tells of');
    expect((await get('/rollout/messages/nothing')).status).toBe(404);
    expect((await get('/rollout/messages/booked?move=x')).status).toBe(400);

    const entry = await auditedAs(database.dataSource, 'message-template.switched', () =>
      sendForm(web.url, manager, '/rollout/messages/ten-days', { enabled: 'no', days: '14' }),
    );
    expect(entry.details).toEqual({ enabled: false, days: 14 });
    const wrong = await sendForm(web.url, manager, '/rollout/messages/ten-days', { enabled: 'yes', days: '99' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('Enter a whole number of days from 1 to 60');
    const overview = await get('/rollout/messages');
    expect(overview.status).toBe(200);
    expect(overview.html).toMatch(/First reminder[\s\S]*?14 days before the appointment[\s\S]*?No\s*<\/strong>/);
  });

  it('are for those who administer messages, and the mailbox is for the demonstration', async () => {
    for (const role of ['service-desk', 'engineer', 'reviewer'] as const) {
      const session = await web.signIn(role);
      for (const page of ['/rollout/messages', '/messages/undelivered', '/demonstration/mailbox', '/api/v1/messages']) {
        expect([role, page, (await get(page, session)).status]).toEqual([role, page, 403]);
      }
    }
    expect((await get('/demonstration/mailbox')).status).toBe(200);
    const tenant = {
      GRAPH_TENANT_ID: '11111111-2222-4333-8444-555555555555',
      GRAPH_CLIENT_ID: '66666666-7777-4888-9999-000000000000',
      GRAPH_CLIENT_SECRET: 'kept-to-itself',
    };
    const real = await startTestWeb(database, { environment: tenant });
    try {
      const headers = (await real.signIn('administrator')).headers;
      const status = async (page: string): Promise<[number, string]> => {
        const answer = await anonymously(real.url + page, { headers });
        return [answer.status, await answer.text()];
      };
      expect((await status('/demonstration/mailbox'))[0]).toBe(404);
      expect((await status('/demonstration/mailbox/1'))[0]).toBe(404);
      expect((await status('/rollout/messages'))[1]).toContain('No mail server is named');
    } finally {
      await real.close();
    }
  });

  it('show a mail of the demonstration as text', async () => {
    const id = await insert('sent');
    const [mail] = await database.dataSource.query<{ id: number }[]>(
      `insert into demonstration_mail (message_id, recipient_address, subject, text, html)
       values ($1, 'a@council.example', '<i>Subject</i>', E'Hello <script>alert(1)</script>,\\n\\nSecond.\\n', '<script>alert(1)</script>')
       returning id::int`,
      [id],
    );
    const list = await get('/demonstration/mailbox');
    expect(list.html).toContain('&lt;i&gt;Subject&lt;/i&gt;');
    const { html } = await get(`/demonstration/mailbox/${mail?.id}`);
    expect(html).toContain('Hello &lt;script&gt;');
    expect(html).toContain('Second.');
    expect(html).not.toContain('<script>alert');
    expect((await get('/demonstration/mailbox/999999')).status).toBe(404);
  });
});
