import { MOST_TRIES } from '../../src/notifications/message-words.js';
import { createMessageBench, mailEnvironment, TEST_CONTENT, type MessageBench } from '../support/message-bench.js';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.js';

interface MessageRow {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly stop_reason: string | null;
}

describe('sending by SMTP', () => {
  let bench: MessageBench;
  let smtp: ScriptedSmtp;
  beforeAll(async () => {
    smtp = await startScriptedSmtp();
    bench = await createMessageBench(mailEnvironment(smtp.port));
  });
  afterAll(async () => {
    await bench.close();
    await smtp.close();
  });
  beforeEach(() => {
    bench.compose = () => TEST_CONTENT;
    smtp.replies.clear();
  });

  let events = 0;
  const one = async (useBy?: Date): Promise<{ event: string; person: string; row: () => Promise<MessageRow> }> => {
    const event = `event:${++events}`;
    const [person = ''] = await bench.people(1);
    await bench.enqueue([{ event, recipient: person, ...(useBy ? { useBy } : {}) }]);
    const row = async (): Promise<MessageRow> => {
      const [found] = await bench.query<MessageRow>(
        'select state, attempts, last_error, stop_reason from message where event = $1',
        [event],
      );
      if (!found) throw new Error('The message is lost.');
      return found;
    };
    return { event, person, row };
  };

  it('sends one mail with one recipient, a stable Message-ID and both versions', async () => {
    const { row } = await one();
    const before = smtp.mails.length;
    await bench.dispatch.dispatch();
    expect(await row()).toMatchObject({ state: 'sent', attempts: 1, last_error: null });
    const [mail, ...others] = smtp.mails.slice(before);
    expect(others).toEqual([]);
    expect(mail?.to).toHaveLength(1);
    expect(mail?.messageId).toMatch(/^<[0-9a-f]{40}@council\.example>$/);
    expect(mail?.raw).toMatch(/^From: Untether <untether@council\.example>$/m);
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated$/im);
    expect(mail?.raw).toContain('text/plain');
    expect(mail?.raw).toContain('text/html');
    expect(mail?.raw).toContain('https://untether.example/my-move');
  });

  it('says the same to the same person about the same event once, however often it is put in', async () => {
    const { event, person } = await one();
    expect(await bench.enqueue([{ event, recipient: person }])).toBe(0);
    await bench.dispatch.dispatch();
    expect(await bench.enqueue([{ event, recipient: person }])).toBe(0);
    expect(await bench.dispatch.dispatch()).toBe(0);
    const [other = ''] = await bench.people(1);
    expect(await bench.enqueue([{ event, recipient: other }])).toBe(1);
    await bench.dispatch.dispatch();
  });

  it('keeps nothing of a transaction that is undone', async () => {
    const [person = ''] = await bench.people(1);
    await expect(
      bench.database.dataSource.transaction(async (tx) => {
        await tx.query(
          `insert into message (event, recipient_entra_id, template, message_key, use_by)
                        values ('undone', $1, 'test', 'undone', now())`,
          [person],
        );
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await bench.query(`select 1 from message where event = 'undone'`)).toEqual([]);
  });

  it('eight dispatchers at once send each of 60 once', async () => {
    const people = await bench.people(60);
    await bench.enqueue(people.map((recipient) => ({ event: 'crowd', recipient })));
    const others = await Promise.all(Array.from({ length: 3 }, () => bench.another(mailEnvironment(smtp.port))));
    const before = smtp.mails.length;
    const dispatchers = [bench.dispatch, ...others.map(({ dispatch }) => dispatch)];
    await Promise.all([...dispatchers, ...dispatchers].map((dispatch) => dispatch.dispatch()));
    const sent = smtp.mails.slice(before);
    expect(sent).toHaveLength(60);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(60);
  });

  it.each([
    ['RCPT', '450 greylisted', 'waiting', 'smtp-450'],
    ['RCPT', '550 no such mailbox', 'dead', 'smtp-550'],
    ['DATA', '451 later', 'waiting', 'smtp-451'],
    ['MAIL', '421 closing', 'waiting', 'smtp-421'],
  ])('%s answered with "%s" leaves it %s', async (command, reply, state, code) => {
    smtp.replies.set(command, reply);
    const { row } = await one();
    await bench.dispatch.dispatch();
    expect(await row()).toMatchObject({ state, last_error: code });
    smtp.replies.clear();
    await bench.endPauses();
    await bench.dispatch.dispatch();
    expect((await row()).state).toBe(state === 'dead' ? 'dead' : 'sent');
  });

  it('a refused content is tried again or left, but is never uncertain', async () => {
    smtp.outcomes.push('refuse-for-now');
    const later = await one();
    await bench.dispatch.dispatch();
    expect(await later.row()).toMatchObject({ state: 'waiting', last_error: 'smtp-451' });
    await bench.endPauses();
    await bench.dispatch.dispatch();
    expect((await later.row()).state).toBe('sent');
    smtp.outcomes.push('refuse');
    const never = await one();
    await bench.dispatch.dispatch();
    expect(await never.row()).toMatchObject({ state: 'dead', last_error: 'smtp-554' });
  });

  it.each(['vanish', 'accept-and-vanish'] as const)(
    'a server that is gone before it answers (%s) leaves the mail uncertain, and it is not sent again',
    async (outcome) => {
      smtp.outcomes.push(outcome);
      const { row } = await one();
      await bench.dispatch.dispatch();
      expect(await row()).toMatchObject({ state: 'uncertain', last_error: 'connection-lost' });
      const before = smtp.mails.length;
      await bench.endPauses();
      await bench.endLeases();
      await bench.dispatch.dispatch();
      expect(smtp.mails).toHaveLength(before);
      expect((await row()).state).toBe('uncertain');
    },
  );

  it(`is left to a person after ${MOST_TRIES} tries`, async () => {
    smtp.replies.set('RCPT', '450 not now');
    const { row } = await one();
    for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
      expect((await row()).state).toBe('waiting');
      await bench.endPauses();
      await bench.dispatch.dispatch();
    }
    expect(await row()).toMatchObject({ state: 'dead', attempts: MOST_TRIES, last_error: 'smtp-450' });
  });

  it('waits before it tries again', async () => {
    smtp.replies.set('RCPT', '450 not now');
    const { event, row } = await one();
    await bench.dispatch.dispatch();
    await bench.dispatch.dispatch();
    expect((await row()).attempts).toBe(1);
    const [{ pause } = { pause: 0 }] = await bench.query<{ pause: number }>(
      'select extract(epoch from next_try_at - now())::float8 as pause from message where event = $1',
      [event],
    );
    expect(pause).toBeGreaterThan(50);
    await bench.query(`delete from message where event = $1`, [event]);
  });

  it('is stopped when its condition says so, when it is too late, and when the person has left', async () => {
    bench.compose = () => ({ stop: 'booking-changed' });
    const changed = await one();
    await bench.dispatch.dispatch();
    expect(await changed.row()).toMatchObject({ state: 'stopped', stop_reason: 'booking-changed' });
    bench.compose = () => TEST_CONTENT;
    const late = await one(new Date(Date.now() - 1_000));
    const left = await one();
    await bench.query('update person set account_enabled = false where entra_id = $1', [left.person]);
    const before = smtp.mails.length;
    await bench.dispatch.dispatch();
    expect(await late.row()).toMatchObject({ state: 'stopped', stop_reason: 'too-late' });
    expect(await left.row()).toMatchObject({ state: 'stopped', stop_reason: 'recipient-left' });
    expect(smtp.mails).toHaveLength(before);
  });

  it.each([
    [null],
    ['a@council.example\r\nBcc: x@evil.example'],
    ['"a@evil.example x"@council.example'],
    ['a@council.example, x@evil.example'],
    ['a@evil.example <a@council.example>'],
  ])('writes to nobody at %j', async (mail) => {
    const { person, row } = await one();
    await bench.query('update person set mail = $2 where entra_id = $1', [person, mail]);
    const before = smtp.mails.length;
    await bench.dispatch.dispatch();
    expect(await row()).toMatchObject({ state: 'dead', last_error: 'no-address' });
    expect(smtp.mails).toHaveLength(before);
  });

  it('texts of people break no header, attach no file and are no HTML', async () => {
    bench.compose = () => ({
      ...TEST_CONTENT,
      subject: 'One\r\nBcc: x@evil.example\r\nSubject: two',
      greeting: 'Hello <img src=x onerror=alert(1)>,',
      paragraphs: ['line1\r\nSubject: x', '![x](file:///etc/passwd)', '.\r\n.', '\u202Eevil'],
    });
    const { row } = await one();
    const before = smtp.mails.length;
    await bench.dispatch.dispatch();
    expect((await row()).state).toBe('sent');
    const sent = smtp.mails.slice(before);
    expect(sent).toHaveLength(1);
    const [mail] = sent;
    const head = mail?.raw.split('\r\n\r\n', 1)[0] ?? '';
    expect(head.match(/^(Subject|Bcc|To|From|Cc):/gim)).toHaveLength(3);
    expect(head).not.toMatch(/^Bcc:/im);
    expect(mail?.to).toHaveLength(1);
    const html = mail?.raw.slice(mail.raw.indexOf('text/html'));
    expect(html).toContain('&lt;img');
    expect(html).not.toContain('<img');
    expect(mail?.raw).not.toContain('root:');
    expect(mail?.raw).not.toMatch(/Content-Disposition: attachment/i);
  });

  it('one that cannot be made does not keep the others waiting', async () => {
    const bad = await one();
    const good = await one();
    let calls = 0;
    bench.compose = () => {
      if (++calls === 1) throw new Error('a mistake');
      return TEST_CONTENT;
    };
    await bench.dispatch.dispatch();
    expect([(await bad.row()).state, (await good.row()).state].sort()).toEqual(['sent', 'waiting']);
    bench.compose = () => TEST_CONTENT;
    await bench.endPauses();
    await bench.dispatch.dispatch();
  });

  it('a claim that ran out is nothing any more: the late process sends nothing', async () => {
    const { event, row } = await one();
    const { dispatch } = await bench.another(mailEnvironment(smtp.port));
    let taken = false;
    bench.compose = () => {
      taken = true;
      return TEST_CONTENT;
    };
    // While the first one waits for the mail server, its lease runs out and the other takes the message over.
    const before = smtp.mails.length;
    const release = holdConnections(smtp);
    const first = dispatch.dispatch();
    while (!taken) await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.query(`update message set lease_until = now() - interval '1 second' where event = $1`, [event]);
    release();
    await first;
    expect(smtp.mails).toHaveLength(before);
    expect((await row()).state).toBe('claimed');
    await bench.dispatch.dispatch();
    expect((await row()).state).toBe('sent');
    expect(smtp.mails).toHaveLength(before + 1);
  });

  it('without a mail server messages wait, and what is too late is stopped', async () => {
    const { dispatch } = await bench.another(mailEnvironment(null));
    const waiting = await one();
    const late = await one(new Date(Date.now() - 1_000));
    expect(await dispatch.dispatch()).toBe(0);
    expect((await waiting.row()).state).toBe('waiting');
    expect((await late.row()).stop_reason).toBe('too-late');
  });
});

/** Keeps the answer to the sender's address back until it is let go. */
function holdConnections(smtp: ScriptedSmtp): () => void {
  let release = (): void => undefined;
  smtp.hold = new Promise<void>((resolve) => (release = resolve));
  return () => {
    release();
    smtp.hold = null;
  };
}
