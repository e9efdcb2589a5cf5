import { londonDay } from '../../src/common/uk-time.js';
import { booker, bookingServices, sayReadiness } from '../support/booking-fixture.js';
import { personId } from '../support/custody-fixture.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestWeb, type TestWeb } from '../support/web.js';

const DAY = 86_400_000;
const ENGINEER = 12;

describe('an engineer’s day', () => {
  let database: TestDatabase;
  let web: TestWeb;
  let rollout: RolloutFixture;
  let engineer: TestSession;
  /** A moment ago, so that whoever did not come is known to be late. */
  const startsAt = new Date(Date.now() - 60_000);
  const bookingOf: number[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource, { people: ENGINEER });
    await sayReadiness(
      database.dataSource,
      rollout.programmeId,
      rollout.moves,
      'ready',
      new Date(Date.now() - 3 * DAY),
    );
    const [slot] = await rows<{ id: number }>(
      `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
       values ($1, 'Civic Centre', $2, $3, $3::timestamptz + interval '1 hour', $3::timestamptz - interval '1 day', 3, 'system:schedule')
       returning id`,
      [rollout.programmeId, personId(ENGINEER), startsAt],
    );
    const { bookings } = bookingServices(database.dataSource);
    const manager = booker(9, ['rollout:manage']);
    const earlier = new Date(Date.now() - 2 * DAY);
    for (const person of [2, 3]) {
      const request = { moveId: moveOf(person), slotId: slot?.id ?? 0, idempotencyKey: null };
      bookingOf[person] = (await bookings.book(request, manager, earlier)).bookingId;
    }
    const home = { moveId: moveOf(4), deliverOn: londonDay(new Date(Date.now() + DAY)), idempotencyKey: null };
    bookingOf[4] = (await bookings.deliver(home, manager, earlier)).bookingId;
    web = await startTestWeb(database);
    engineer = await web.signIn({ role: 'engineer', person: personId(ENGINEER) });
  });
  afterAll(async () => {
    await web?.close();
    await database?.drop();
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const moveOf = (person: number): number => rollout.moves[person - 1] ?? 0;
  const page = async (address: string, session = engineer): Promise<string> => {
    const answer = await fetch(web.url + address, { headers: session.headers, redirect: 'manual' });
    return `${answer.status} ${await answer.text()}`;
  };
  const today = `/my-day?day=${londonDay(startsAt)}`;
  const say = (person: number, fields: Record<string, string>): Promise<FormAnswer> =>
    sendForm(web.url, engineer, `/appointments/${bookingOf[person]}`, fields);
  const stateOf = async (person: number): Promise<string> =>
    (await rows<{ state: string }>('select state from booking where id = $1', [bookingOf[person]]))[0]?.state ?? '';

  it('lists their own appointments, and everybody’s on demand', async () => {
    const own = await page(today);
    expect(own).toMatch(/^200 /);
    expect([own.includes('Person 2'), own.includes('Person 3'), own.includes('Person 4')]).toEqual([true, true, false]);
    const other = await web.signIn({ role: 'engineer', person: personId(11) });
    expect(await page(today, other)).toMatch(/You have no appointments on this day/);
    expect(await page(`${today}&who=all`, other)).toMatch(/Person 2/);
    const tomorrow = londonDay(new Date(Date.now() + DAY));
    expect(await page(`/my-day?day=${tomorrow}&who=all`, other)).toMatch(/Delivery, [\s\S]*Person 4/);
    expect(await page('/my-day?day=2026-02-30')).toMatch(/^400 /);
    expect(await page('/my-day', await web.signIn('reviewer'))).toMatch(/^403 /);
  });

  it('says what to give and what to take back, and what of it the facts show as done', async () => {
    const before = await page(`/appointments/${bookingOf[2]}`);
    const [laptop] = await rows<{ id: number; name: string }>(
      'select device.id, device.name from booking join device on device.id = laptop_id where booking.id = $1',
      [bookingOf[2]],
    );
    expect(before).toMatch(new RegExp(`Hand over ${laptop?.name}[\\s\\S]*To do`));
    expect(before).toContain(`href="/devices/${laptop?.id}/hand-over"`);
    expect(before).toContain(`href="/devices/${rollout.desktops[1]}/take-back"`);
    await rows(
      `update device_custody set state = 'in_use', version = nextval('device_custody_version_sequence') where device_id = $1`,
      [laptop?.id],
    );
    const after = await page(`/appointments/${bookingOf[2]}`);
    expect(after).not.toContain(`href="/devices/${laptop?.id}/hand-over"`);
    expect(await page('/appointments/999999')).toMatch(/^404 /);
  });

  it('records who came, who did not, and what was sent and arrived', async () => {
    expect(await say(2, {})).toMatchObject({ status: 422 });
    expect(await say(2, { outcome: 'attended' })).toMatchObject({
      status: 303,
      location: `/appointments/${bookingOf[2]}`,
    });
    expect(await stateOf(2)).toBe('attended');
    expect((await say(3, { outcome: 'missed' })).status).toBe(303);
    expect(await stateOf(3)).toBe('missed');
    expect(await rows('select missed_count from move where id = $1', [moveOf(3)])).toEqual([{ missed_count: 1 }]);

    // Said of the wrong person: put right on the same day, with a reason, and never after it.
    const address = `/appointments/${bookingOf[3]}`;
    const correct = (fields: Record<string, string>): Promise<FormAnswer> =>
      sendForm(web.url, engineer, address, fields, { action: `${address}/correct` });
    expect((await correct({ reason: '' })).status).toBe(422);
    expect((await correct({ reason: 'Came late' })).status).toBe(303);
    expect(await stateOf(3)).toBe('attended');
    expect(await page(address)).toMatch(/Came late[\s\S]*They did not come/);
    await rows(`update booking set ended_at = ended_at - interval '1 day' where id = $1`, [bookingOf[3]]);
    expect(await page(address)).not.toContain('If that is wrong');

    expect(await say(4, { outcome: 'sent', tracking: '' })).toMatchObject({ status: 422 });
    expect((await say(4, { outcome: 'sent', tracking: 'RM 123 456' })).status).toBe(303);
    expect(await page(`/appointments/${bookingOf[4]}`)).toContain('RM 123 456');
    expect((await say(4, { outcome: 'delivered' })).status).toBe(303);
    expect(await stateOf(4)).toBe('delivered');
    // What is over offers nothing more to say.
    expect(await page(`/appointments/${bookingOf[4]}`)).not.toContain('What happened');
  });
});
