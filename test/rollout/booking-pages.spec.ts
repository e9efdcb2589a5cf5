import { addDays, londonDay } from '../../src/common/uk-time.js';
import { emptyRollout, sayReadiness } from '../support/booking-fixture.js';
import { personId, upn } from '../support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const TODAY = londonDay(new Date());

function dayFields(name: string, day: string): Record<string, string> {
  const [year = '', month = '', date = ''] = day.split('-');
  return { [`${name}-day`]: date, [`${name}-month`]: month, [`${name}-year`]: year };
}

/** The first day from this on that is no weekend, so many days ahead. */
function weekday(ahead: number): string {
  for (let day = addDays(TODAY, ahead); ; day = addDays(day, 1)) {
    const number = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (number > 0 && number < 6) return day;
  }
}

describe('pages and API of waves, slots and bookings', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let manager: TestSession;
  let reader: TestSession;
  let head: TestSession;
  let second: TestSession;
  let third: TestSession;
  let engineer: TestSession;
  beforeAll(async () => {
    database = await createTestDatabase();
    await emptyRollout(database.dataSource);
    rollout = await startRollout(database.dataSource, { people: 8 });
    await sayReadiness(database.dataSource, rollout.programmeId, rollout.moves, 'ready');
    web = await startTestWeb(database);
    manager = await web.signIn('rollout-manager');
    reader = await web.signIn('reviewer');
    engineer = await web.signIn({ person: personId(8), roles: ['engineer'] });
    // Number 1 leads everybody else.
    head = await web.signIn({ person: personId(1) });
    second = await web.signIn({ person: personId(2) });
    third = await web.signIn({ person: personId(3) });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const page = async (address: string, session = manager): Promise<{ status: number; html: string }> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return { status: answer.status, html: await answer.text() };
  };
  const send = (
    address: string,
    fields: Record<string, string>,
    session = manager,
    action = address,
  ): Promise<FormAnswer> => sendForm(web.url, session, address, fields, { action });
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;
  const bookingsOf = (person: number): Promise<object[]> =>
    rows('select state, slot_id from booking where move_id = $1 order by id', [moveOf(person)]);
  const auditedAs = async (event: string): Promise<number> =>
    (await rows('select 1 from audit_event where event = $1', [event])).length;

  it('makes slots by a pattern, after showing what would be made', async () => {
    const pattern = {
      site: 'Library',
      engineer: upn(8),
      ...dayFields('fromDay', weekday(7)),
      ...dayFields('untilDay', addDays(TODAY, 13)),
      weekdays: '1',
      startTimes: '09:30, 11:00',
      minutes: '60',
      capacity: '1',
      cutOffDays: '1',
    };
    const all = async (fields: Record<string, string>): Promise<FormAnswer> => {
      const answer = await fetch(`${web.url}/rollout/slots/new`, { headers: manager.headers });
      const hidden = [
        ...(await answer.text()).matchAll(/<input type="hidden" name="(token|submission)" value="([^"]*)"/g),
      ];
      const body = new URLSearchParams([
        ...hidden.slice(-2).map(([, name, value]) => [name ?? '', value ?? '']),
        ...Object.entries(fields),
        ...['2', '3', '4', '5'].map((number) => ['weekdays', number]),
      ]);
      const sent = await fetch(`${web.url}/rollout/slots/new`, {
        method: 'POST',
        headers: manager.headers,
        body,
        redirect: 'manual',
      });
      return { status: sent.status, location: sent.headers.get('location'), html: await sent.text() };
    };
    const trial = await all({ ...pattern, only: 'yes' });
    expect(trial.status).toBe(200);
    expect(trial.html).toMatch(/\d+ slots would be made/);
    expect(await rows('select 1 from slot')).toEqual([]);
    expect(await all({ ...pattern, minutes: '100' })).toMatchObject({ status: 422 });
    expect(await all({ ...pattern, engineer: 'nobody@council.example' })).toMatchObject({ status: 422 });
    expect(await all(pattern)).toMatchObject({ status: 303 });
    const made = await rows<{ times: string[] }>(
      `select array_agg(distinct to_char(starts_at at time zone 'Europe/London', 'HH24:MI')) as times from slot`,
    );
    expect(made).toEqual([{ times: ['09:30', '11:00'] }]);
    expect((await all(pattern)).status).toBe(409);
    expect(await auditedAs('slot.made')).toBe(1);
    expect((await page('/rollout/slots', reader)).html).toContain('1 of 1 free'.replace('1 of 1', '2 of 2'));
    expect((await page('/rollout/slots/new', reader)).status).toBe(403);
  });

  it('lets the person, those above them and their delegate book, and nobody else', async () => {
    const [slot] = await rows<{ id: number }>('select min(id) as id from slot');
    const address = `/moves/${moveOf(2)}/book`;
    expect((await page(address, third)).status).toBe(403);
    expect((await page(address, head)).status).toBe(200);
    expect(
      await send(
        `/moves/${moveOf(2)}/delegates`,
        { delegate: upn(3), ...dayFields('untilDay', addDays(TODAY, 5)) },
        second,
      ),
    ).toMatchObject({ status: 303 });
    expect((await page(address, third)).html).toContain('1 place free');
    expect(await send(address, { slot: `book-${slot?.id}` }, third)).toMatchObject({ status: 303, location: address });
    expect(await bookingsOf(2)).toEqual([{ state: 'booked', slot_id: slot?.id }]);
    expect((await page(address, second)).html).toContain('Booked: ');
    const [delegate] = await rows<{ id: number }>('select id from move_delegate');
    await send(
      `/moves/${moveOf(2)}/delegates`,
      { delegateId: String(delegate?.id) },
      second,
      `/moves/${moveOf(2)}/delegates/end`,
    );
    expect((await page(address, third)).status).toBe(403);
    expect([await auditedAs('delegate.named'), await auditedAs('delegate.ended')]).toEqual([1, 1]);
    // Full now: the next waits, and gets the place when it is cancelled.
    const other = `/moves/${moveOf(4)}/book`;
    expect((await page(other)).html).toContain('(waiting list)');
    expect(await send(other, { slot: `book-${slot?.id}` })).toMatchObject({ status: 409 });
    expect(await send(other, { slot: `wait-${slot?.id}` })).toMatchObject({ status: 303 });
    const cancel = `${address}/cancel`;
    expect(await send(address, { reason: '' }, second, cancel)).toMatchObject({ status: 422 });
    expect(await send(address, { reason: 'On leave' }, second, cancel)).toMatchObject({ status: 303 });
    expect(await bookingsOf(2)).toEqual([{ state: 'cancelled', slot_id: slot?.id }]);
    expect(await bookingsOf(4)).toEqual([{ state: 'booked', slot_id: slot?.id }]);
    expect((await page(address, second)).html).toContain('On leave');
    expect(await send(address, { slot: 'everything' }, second)).toMatchObject({ status: 422 });
  });

  it('gives a calendar under a secret address, until it is taken back, without the names of others', async () => {
    const feed = async (session: TestSession, purpose: string): Promise<string> => {
      const { html, status } = await send('/my-calendar', { purpose }, session);
      expect(status).toBe(200);
      return /\/calendar\/[\w-]{43}\.ics/.exec(html)?.[0] ?? '';
    };
    const read = async (address: string): Promise<{ status: number; text: string }> => {
      const answer = await fetch(web.url + address);
      return { status: answer.status, text: await answer.text() };
    };
    const [slot] = await rows<{ id: number; startsAt: Date }>(
      `select id, starts_at as "startsAt" from slot order by id offset 1 limit 1`,
    );
    await send(`/moves/${moveOf(5)}/book`, { slot: `book-${slot?.id}` });
    const fifth = await web.signIn({ person: personId(5) });
    const own = await feed(fifth, 'own');
    const mine = await read(own);
    expect(mine.status).toBe(200);
    expect(mine.text).toContain(`DTSTART:${slot?.startsAt.toISOString().replace(/[-:]|\.\d+/g, '')}`);
    expect(mine.text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(mine.text).not.toMatch(/Person \d/);
    const days = await read(await feed(engineer, 'engineer'));
    expect(days.text).toContain('SUMMARY:Person 5 (1 of 1)');
    expect(days.text).not.toContain('council.example');
    expect((await send('/my-calendar', { purpose: 'engineer' }, fifth)).status).toBe(403);
    // Another address, revoking, and time each end the one before.
    const again = await feed(fifth, 'own');
    expect((await read(own)).status).toBe(404);
    expect((await read(again)).status).toBe(200);
    await rows(`update calendar_feed set expires_at = now() - interval '1 second' where person_entra_id = $1`, [
      personId(5),
    ]);
    expect((await read(again)).status).toBe(404);
    const third = await feed(fifth, 'own');
    await send('/my-calendar', {}, fifth, '/my-calendar/revoke');
    expect((await read(third)).status).toBe(404);
    expect((await read('/calendar/nothing.ics')).status).toBe(404);
    expect([await auditedAs('calendar-feed.issued'), await auditedAs('calendar-feed.revoked')]).toEqual([4, 1]);
    expect(JSON.stringify(await rows('select * from calendar_feed'))).not.toContain(again.slice(10, 53));
  });

  it('plans waves by a query and by hand, a move in one of them', async () => {
    const plan = {
      name: 'Library first',
      ...dayFields('startsOn', addDays(TODAY, 7)),
      ...dayFields('endsOn', addDays(TODAY, 20)),
      membership: 'query',
      site: 'library',
      workStyle: 'any',
    };
    const looked = await send('/rollout/waves/new', { ...plan, only: 'yes' });
    expect(looked.html).toContain('4 people would be members.');
    const made = await send('/rollout/waves/new', plan);
    expect(made).toMatchObject({ status: 303 });
    const address = made.location ?? '';
    expect((await send('/rollout/waves/new', plan)).status).toBe(422);
    expect((await page(address, reader)).html).toContain('site library');
    const hand = await send('/rollout/waves/new', { ...plan, name: 'By hand', membership: 'hand' });
    const members = `${hand.location}/members`;
    expect((await send(hand.location ?? '', { action: 'add', people: 'nobody' }, manager, members)).status).toBe(422);
    await send(hand.location ?? '', { action: 'add', people: `${upn(2)}\n#${moveOf(3)}` }, manager, members);
    const inWaves = (): Promise<object[]> =>
      rows(
        `select wave.name, count(*)::integer as members from wave_member join wave on wave.id = wave_id
         join move on move.id = move_id and move.wave_id = wave.id group by 1 order by 1`,
      );
    expect(await inWaves()).toEqual([
      { name: 'By hand', members: 2 },
      { name: 'Library first', members: 3 },
    ]);
    expect(
      await rows('select wave_id is not null as told from move_state where move_id = $1 and until_at is null', [
        moveOf(3),
      ]),
    ).toEqual([{ told: true }]);
    await send(hand.location ?? '', { action: 'remove', people: upn(2) }, manager, members);
    await send(address, { action: 'query', people: '' }, manager, `${address}/members`);
    expect(await inWaves()).toEqual([
      { name: 'By hand', members: 1 },
      { name: 'Library first', members: 4 },
    ]);
    const change = {
      name: 'Library, all of it',
      ...dayFields('startsOn', addDays(TODAY, 8)),
      ...dayFields('endsOn', addDays(TODAY, 9)),
      membership: 'query',
      workStyle: 'any',
    };
    expect(await send(address, { ...change, version: '1' })).toMatchObject({ status: 409 });
    expect(await send(address, { ...change, ...dayFields('endsOn', TODAY) })).toMatchObject({ status: 422 });
    expect(await send(address, change)).toMatchObject({ status: 303 });
    expect((await page('/rollout/waves')).html).toContain('Library, all of it');
    // Without the site the query finds everybody; the members are those of before until they are taken in.
    expect(await inWaves()).toEqual([
      { name: 'By hand', members: 1 },
      { name: 'Library, all of it', members: 4 },
    ]);
    await send(address, { action: 'query', people: '' }, manager, `${address}/members`);
    expect(await inWaves()).toContainEqual({ name: 'Library, all of it', members: 7 });
    expect(await send(address, { ...change, membership: 'hand' })).toMatchObject({ status: 303 });
    expect((await page(address)).html).toContain('None: members are chosen by hand');
    for (const event of ['wave.made', 'wave.changed', 'wave.members-added', 'wave.members-removed']) {
      expect(await auditedAs(event)).toBeGreaterThan(0);
    }
  });

  it('closes slots and days, cancels who is booked, and opens days again', async () => {
    const [booked] = await rows<{ id: number; day: string; move: number }>(
      `select slot.id, (starts_at at time zone 'Europe/London')::date::text as day, move_id as move
       from slot join booking on booking.slot_id = slot.id and booking.state = 'booked' order by slot.id limit 1`,
    );
    const address = `/rollout/slots/${booked?.id}`;
    expect(await send(address, { capacity: '3' })).toMatchObject({ status: 303 });
    expect(await rows('select capacity from slot where id = $1', [booked?.id])).toEqual([{ capacity: 3 }]);
    const closed = await send('/rollout/slots/closures', {
      site: '',
      ...dayFields('fromDay', booked?.day ?? ''),
      ...dayFields('untilDay', booked?.day ?? ''),
      reason: 'Election count',
    });
    expect(closed.status).toBe(303);
    expect(
      await rows(`select state, end_reason from booking where move_id = $1 order by id desc limit 1`, [booked?.move]),
    ).toEqual([{ state: 'cancelled', end_reason: 'Election count' }]);
    expect((await page(`/rollout/slots?from=${booked?.day}`)).html).toContain('Closed: Election count');
    const [closure] = await rows<{ id: number }>('select id from slot_closure');
    const withdraw = (): Promise<FormAnswer> =>
      send('/rollout/slots/closures', {}, manager, `/rollout/slots/closures/${closure?.id}/withdraw`);
    // Not while the engineer has something else to do at a part of the time.
    const [other] = await rows<{ id: number }>(
      `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
       select programme_id, 'Depot', engineer_entra_id, starts_at + interval '30 minutes', ends_at + interval '30 minutes', cut_off_at, 1, created_by
       from slot where id = $1 returning id`,
      [booked?.id],
    );
    const refused = await withdraw();
    expect([refused.status, refused.html]).toEqual([
      409,
      expect.stringContaining('has another slot at one of these times'),
    ]);
    await rows('delete from slot where id = $1', [other?.id]);
    // Nor while another closure holds for the same day.
    await rows(
      `insert into slot_closure (programme_id, from_day, until_day, reason, created_by) values ($1, $2, $2, 'Audit', 'person:x')`,
      [rollout.programmeId, booked?.day],
    );
    expect((await withdraw()).status).toBe(303);
    expect(await rows('select state from slot where id = $1', [booked?.id])).toEqual([{ state: 'closed' }]);
    const [last] = await rows<{ id: number }>('select max(id) as id from slot_closure');
    await send('/rollout/slots/closures', {}, manager, `/rollout/slots/closures/${last?.id}/withdraw`);
    expect(await rows('select state from slot where id = $1', [booked?.id])).toEqual([{ state: 'open' }]);
    expect(await send(address, { reason: 'Flood' }, manager, `${address}/close`)).toMatchObject({ status: 303 });
    expect(await rows('select state from slot where id = $1', [booked?.id])).toEqual([{ state: 'closed' }]);
    for (const event of ['slot.changed', 'slot.closed', 'slot-closure.made', 'slot-closure.withdrawn']) {
      expect(await auditedAs(event)).toBeGreaterThan(0);
    }
  });

  it('does the same as JSON, once for each key', async () => {
    const token = await web.tokenFor('rollout-manager');
    const call = async (address: string, body?: object, key?: string): Promise<{ status: number; json: never }> => {
      const answer = await fetch(`${web.url}/api/v1/${address}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(key ? { 'idempotency-key': key } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: answer.status, json: (await answer.json()) as never };
    };
    const day = weekday(21);
    const order = {
      site: 'Civic Centre',
      engineer: upn(8),
      fromDay: day,
      untilDay: day,
      weekdays: [1, 2, 3, 4, 5],
      startTimes: ['14:00'],
      minutes: 30,
      capacity: 2,
      cutOffDays: 0,
    };
    expect(await call('rollout/slots', { ...order, trial: true })).toMatchObject({ status: 200, json: { made: 1 } });
    expect(await call('rollout/slots', order, 'slots')).toMatchObject({ status: 200, json: { made: 1 } });
    expect(await call('rollout/slots', order, 'slots')).toMatchObject({ status: 200, json: { made: 1 } });
    const [slot] = (await call(`rollout/slots?from=${day}&until=${day}`)).json as { id: number; taken: number }[];
    const move = moveOf(6);
    const first = await call(`moves/${move}/bookings`, { slotId: slot?.id }, 'book');
    expect(first).toMatchObject({ status: 201, json: { state: 'booked', slotId: slot?.id } });
    expect(await call(`moves/${move}/bookings`, { slotId: slot?.id }, 'book')).toEqual(first);
    expect(await call(`moves/${move}/bookings`, { slotId: slot?.id })).toMatchObject({ status: 409 });
    const { bookingId } = first.json as { bookingId: number };
    expect(await call(`rollout/bookings/${bookingId}/missed`, {})).toMatchObject({ status: 409 });
    expect(await call(`moves/${move}/bookings/${bookingId}/cancel`, { reason: 'Ill' })).toMatchObject({ status: 200 });
    expect(await call(`moves/${move}/bookings`)).toMatchObject({
      status: 200,
      json: [{ state: 'cancelled', reason: 'Ill' }],
    });
    const [wave] = (await call('rollout/waves')).json as { id: number; version: string; startsOn: string }[];
    const change = async (version: string | null, id = wave?.id): Promise<{ status: number; json: unknown }> => {
      const answer = await fetch(`${web.url}/api/v1/rollout/waves/${id}`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(version === null ? {} : { 'if-match': `"${version}"` }),
        },
        body: JSON.stringify({ name: 'Home', startsOn: wave?.startsOn, endsOn: weekday(60), workStyle: 'home' }),
      });
      return { status: answer.status, json: await answer.json() };
    };
    expect((await change(null)).status).toBe(428);
    expect((await change('1')).status).toBe(409);
    expect((await change('1', 99)).status).toBe(404);
    expect(await change(wave?.version ?? '')).toMatchObject({
      status: 200,
      json: { id: wave?.id, name: 'Home', filter: { workStyle: 'home' } },
    });
    expect(await call(`moves/${move}/bookings/delivery`, { deliverOn: weekday(3) })).toMatchObject({
      status: 201,
      json: { state: 'booked', slotId: null },
    });
  });

  it('lets a delegate answer for the person, until the last day, but not give the manager’s word', async () => {
    const answers = `/moves/${moveOf(5)}/answers`;
    expect((await page(answers, third)).status).toBe(403);
    await rows(
      `insert into move_delegate (principal_entra_id, delegate_entra_id, until_day, named_by) values ($1, $2, $3, 'person:x')`,
      [personId(5), personId(3), TODAY],
    );
    expect((await page('/my-move', third)).html).toContain(`href="/moves/${moveOf(5)}"`);
    const asked = (await page(answers, third)).html;
    expect(asked).toContain('Do they need training?');
    expect(asked).not.toContain('name="manager-word"');
    expect((await page(answers, head)).html).toContain('name="manager-word"');
    const version = /name="version" value="(\d+)"/.exec(asked)?.[1] ?? '';
    const given = { training: 'wanted', 'manager-word': 'yes', version };
    expect(await send(answers, given, third)).toMatchObject({ status: 303, location: `/moves/${moveOf(5)}` });
    expect(await rows('select question, actor from move_answer where move_id = $1', [moveOf(5)])).toEqual([
      { question: 'training', actor: `person:${personId(3)}` },
    ]);
    // Whoever stands in for somebody neither passes that on nor prolongs it.
    const delegates = `/moves/${moveOf(5)}/delegates`;
    expect((await page(delegates, third)).html).not.toContain('Name a delegate');
    const longer = { delegate: upn(3), ...dayFields('untilDay', addDays(TODAY, 99)) };
    const sent = await sendForm(web.url, third, '/my-calendar', longer, {
      action: delegates,
      token: 'of another form',
    });
    expect(sent.status).toBe(403);
    await rows(`update move_delegate set until_day = until_day - 1 where principal_entra_id = $1`, [personId(5)]);
    expect((await page(answers, third)).status).toBe(403);
    expect((await page('/my-move', third)).html).not.toContain(`href="/moves/${moveOf(5)}"`);
  });
});
