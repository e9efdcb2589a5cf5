import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { DispatchService } from '../../src/notifications/dispatch.service.js';
import { MessageTemplates } from '../../src/notifications/message-templates.js';
import { MessagePlanningService } from '../../src/rollout/messages/message-planning.service.js';
import { MessageSettingsService } from '../../src/rollout/messages/message-settings.service.js';
import { RolloutMessagesModule } from '../../src/rollout/messages/messages.module.js';
import { Transactor } from '../../src/database/transactor.js';
import { auditedAs } from '../support/audit.js';
import { startRollout, type RolloutFixture } from '../support/rollout-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const MINUTE = 60_000;

describe('messages of the rollout', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let rollout: RolloutFixture;
  let planning: MessagePlanningService;
  beforeEach(async () => {
    database = await createTestDatabase();
    rollout = await startRollout(database.dataSource);
    module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(loadConfig({})),
        DatabaseModule.forRoot(database.address, { connections: 4, statementTimeout: 0 }),
        JobsModule.forRoot(database.address),
        RolloutMessagesModule,
      ],
    }).compile();
    await module.init();
    planning = module.get(MessagePlanningService);
  });
  afterEach(async () => {
    await module.close();
    await database.drop();
  });

  const query = <Row>(statement: string, parameters: unknown[] = []): Promise<Row[]> =>
    database.dataSource.query(statement, parameters);
  const one = async (statement: string, parameters: unknown[]): Promise<number> =>
    (await query<{ id: number }>(statement, parameters))[0]?.id ?? 0;

  /** Books the person of a move; a site of null is a delivery on the day of `startsAt`. */
  const book = async (move: number, startsAt: string, createdAt: string, state = 'booked'): Promise<number> => {
    const slot = await one(
      `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
       values ($1, 'Civic Centre', 'engineer-' || $3, $2, $2::timestamptz + interval '1 hour', $2, 3, 'system:schedule') returning id`,
      [rollout.programmeId, startsAt, move],
    );
    return one(
      `insert into booking (move_id, slot_id, slot_capacity, slot_state, place, state, booked_by, created_at, ended_at)
       values ($1, $2, 3, 'open', case when $4 = 'booked' then 1 end, $4, 'system:schedule', $3, case when $4 <> 'booked' then $5::timestamptz end)
       returning id`,
      [move, slot, createdAt, state, startsAt],
    );
  };
  const plan = async (now: string): Promise<string[]> => {
    await planning.plan(new Date(now));
    const rows = await query<{ template: string }>('select template from message order by id');
    return rows.map(({ template }) => template);
  };
  const move = (index: number): number => rollout.moves[index] ?? 0;

  it('follow an appointment from the booking to the day, each once, across the change of the clocks', async () => {
    const booking = await book(move(1), '2026-10-30T09:30:00Z', '2026-10-01T10:00:00Z');
    expect(await plan('2026-10-01T09:59:00Z')).toEqual([]);
    expect(await plan('2026-10-01T10:01:00Z')).toEqual(['booked']);
    // 8am in British Summer Time is 7am in universal time; ten days later, after the change, 7am on the day is 7am.
    expect(await plan('2026-10-20T06:59:00Z')).toEqual(['booked']);
    expect(await plan('2026-10-20T07:01:00Z')).toEqual(['booked', 'ten-days']);
    expect(await plan('2026-10-28T07:59:00Z')).toEqual(['booked', 'ten-days']);
    expect(await plan('2026-10-28T08:01:00Z')).toEqual(['booked', 'ten-days', 'two-days']);
    expect(await plan('2026-10-30T06:59:00Z')).toHaveLength(3);
    expect(await plan('2026-10-30T07:01:00Z')).toEqual(['booked', 'ten-days', 'two-days', 'day-of']);
    expect(await plan('2026-10-30T07:30:00Z')).toHaveLength(4);
    const rows = await query(
      'select event, recipient_entra_id as recipient, reference from message order by id limit 1',
    );
    expect(rows).toEqual([
      {
        event: `booking:${booking}:booked`,
        recipient: rollout.people[1],
        reference: { moveId: move(1), bookingId: booking, startsAt: '2026-10-30T09:30:00.000Z' },
      },
    ]);
  });

  it('are planned once by processes that plan at the same time', async () => {
    for (const index of [1, 2, 3, 4, 5]) await book(move(index), `2026-10-30T1${index}:30:00Z`, '2026-10-01T10:00:00Z');
    const now = new Date('2026-10-01T10:01:00Z');
    const counts = await Promise.all(Array.from({ length: 4 }, () => planning.plan(now)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(await query('select 1 from message')).toHaveLength(5);
  });

  it('do not remind of what was booked a moment ago, nor of what is over', async () => {
    await book(move(1), '2026-10-30T09:30:00Z', '2026-10-28T07:00:00Z');
    expect(await plan('2026-10-28T08:01:00Z')).toEqual(['booked']);
    expect(await plan('2026-10-30T09:31:00Z')).toEqual(['booked']);
  });

  it('tell whoever comes up from the waiting list when they do', async () => {
    const booking = await book(move(1), '2026-10-30T09:30:00Z', '2026-09-01T10:00:00Z');
    await query(
      `insert into move_fact (programme_id, move_id, kind, at, recorded_at, details, key, actor)
       values ($1, $2, 'slot-booked', '2026-10-12T10:00:00Z', '2026-10-12T10:00:00Z', $3, 'test:booked', 'system:schedule')`,
      [
        rollout.programmeId,
        move(1),
        JSON.stringify({ bookingId: booking, startsAt: '2026-10-30T09:30:00.000Z', delivery: false }),
      ],
    );
    expect(await plan('2026-10-12T10:01:00Z')).toEqual(['booked']);
  });

  it('tell of a missed appointment, and the manager after the third', async () => {
    const booking = await book(move(1), '2026-10-30T09:30:00Z', '2026-10-01T10:00:00Z', 'missed');
    expect(await plan('2026-10-30T10:00:00Z')).toEqual(['missed']);
    await query(`update move set missed_count = 3, doubts = $2 where id = $1`, [
      move(1),
      JSON.stringify([{ kind: 'missed-three-times', deviceId: null, since: '2026-10-30T09:30:00Z' }]),
    ]);
    expect(await plan('2026-10-30T10:01:00Z')).toEqual(['missed', 'missed-three-times']);
    expect(await plan('2026-10-30T10:02:00Z')).toHaveLength(2);
    const [row] = await query(
      `select recipient_entra_id as recipient from message where template = 'missed-three-times'`,
    );
    expect(row).toEqual({ recipient: rollout.people[0] });
    expect(booking).toBeGreaterThan(0);
  });

  it('ask for a desktop three times and no more, until it is back', async () => {
    await query(
      `update move set state = 'handed_over', laptop_since = '2026-10-20T12:00:00Z', desktop_count = 1, recovered_count = 0
       where id = $1`,
      [move(1)],
    );
    expect(await plan('2026-10-27T07:59:00Z')).toEqual([]);
    expect(await plan('2026-10-27T08:01:00Z')).toHaveLength(1);
    expect(await plan('2026-11-03T08:01:00Z')).toHaveLength(2);
    expect(await plan('2026-11-10T08:01:00Z')).toHaveLength(3);
    expect(await plan('2026-11-17T08:01:00Z')).toHaveLength(3);
    await query(`update move set recovered_count = 1 where id = $1`, [move(1)]);
    await query(
      `update move set state = 'handed_over', laptop_since = '2026-10-20T12:00:00Z', desktop_count = 1, recovered_count = 1
       where id = $1`,
      [move(2)],
    );
    expect(await plan('2026-11-10T08:02:00Z')).toHaveLength(3);
  });

  it('are not planned for who is deferred, has left or is exempt, nor by a programme that does not run', async () => {
    for (const [index, state] of ['left', 'deferred', 'exempt', 'closed', 'already_mobile'].entries()) {
      await book(move(index), `2026-10-30T1${index}:30:00Z`, '2026-10-01T10:00:00Z');
      await query('update move set state = $2 where id = $1', [move(index), state]);
    }
    expect(await plan('2026-10-01T10:01:00Z')).toEqual([]);
    await book(move(5), '2026-10-30T16:30:00Z', '2026-10-01T10:00:00Z');
    await query(`update rollout_programme set state = 'closed'`);
    expect(await plan('2026-10-01T10:01:00Z')).toEqual([]);
    await query(`update rollout_programme set state = 'running'`);
    expect(await plan('2026-10-01T10:01:00Z')).toEqual(['booked']);
  });

  it('are switched off and on, with the days that somebody chose, and the trail has it', async () => {
    const settings = new MessageSettingsService(module.get(Transactor));
    await book(move(1), '2026-10-30T09:30:00Z', '2026-10-01T10:00:00Z');
    const change = { template: 'ten-days', days: 12, version: 0 } as const;
    const entry = await auditedAs(database.dataSource, 'message-template.switched', () =>
      settings.change({ ...change, enabled: true }, 'person:p1'),
    );
    expect(entry).toMatchObject({ subject: 'message-template:ten-days', details: { enabled: true, days: 12 } });
    await expect(settings.change({ ...change, enabled: false }, 'person:p1')).rejects.toThrow('Somebody else');
    expect(await plan('2026-10-18T07:01:00Z')).toEqual(['ten-days']);
    await settings.change({ ...change, template: 'two-days', days: 3, enabled: false }, 'person:p1');
    expect(await plan('2026-10-28T08:01:00Z')).toEqual(['ten-days']);
    for (const days of [0, 61, 1.5, null]) {
      const wrong = async (): Promise<void> =>
        settings.change({ ...change, days, enabled: true, version: 1 }, 'person:p1');
      await expect(wrong()).rejects.toThrow('cannot be set');
    }
    await expect(
      Promise.resolve().then(() =>
        settings.change({ template: 'booked', days: 1, enabled: true, version: 0 }, 'person:p1'),
      ),
    ).rejects.toThrow('cannot be set');
  });

  it('are made from what is true when they go out, and stopped when it is not', async () => {
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString();
    const created = new Date(Date.now() - MINUTE).toISOString();
    const [kept, cancelled, moved, left, deferred] = await Promise.all(
      [1, 2, 3, 4, 5].map((index) => book(move(index), soon, created)),
    );
    expect(await planning.plan()).toBe(5);
    await query(`update person set given_name = 'Ada' where entra_id = $1`, [rollout.people[1]]);
    await query(`update booking set state = 'cancelled', place = null, ended_at = now() where id = $1`, [cancelled]);
    await query(
      `update slot set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour'
       where id = (select slot_id from booking where id = $1)`,
      [moved],
    );
    await query(`update move set state = 'left' where id = (select move_id from booking where id = $1)`, [left]);
    await query(`update move set state = 'deferred' where id = (select move_id from booking where id = $1)`, [
      deferred,
    ]);
    await module.get(DispatchService).dispatch();
    const rows = await query<{ booking: number; state: string; reason: string | null }>(
      `select (reference ->> 'bookingId')::int as booking, state, stop_reason as reason from message`,
    );
    expect(new Map(rows.map(({ booking, state, reason }) => [booking, reason ?? state]))).toEqual(
      new Map([
        [kept, 'sent'],
        [cancelled, 'booking-changed'],
        [moved, 'booking-changed'],
        [left, 'left'],
        [deferred, 'deferred'],
      ]),
    );
    const mails = await query<{ text: string; html: string }>('select text, html from demonstration_mail');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(/^Hello Ada,\n\nYou get your laptop on /);
    expect(mails[0]?.text).toContain('http://localhost:3000/my-move');
    expect(mails[0]?.html).toContain('<p>Hello Ada,</p>');
    expect(module.get(MessageTemplates).stopWords('booked', 'booking-changed')).toContain('cancelled');
  });

  it('name nobody but whoever gets them', async () => {
    await query(
      `update person set given_name = 'Given' || right(entra_id, 4), display_name = 'Name' || right(entra_id, 4)`,
    );
    await book(move(1), new Date(Date.now() + 86_400_000).toISOString(), new Date(Date.now() - MINUTE).toISOString());
    await query(`update move set missed_count = 3, doubts = $2 where id = $1`, [
      move(2),
      JSON.stringify([
        { kind: 'missed-three-times', deviceId: null, since: new Date(Date.now() - MINUTE).toISOString() },
      ]),
    ]);
    expect(await planning.plan()).toBe(2);
    await module.get(DispatchService).dispatch();
    const strangers = await query(
      `select 1 from demonstration_mail as mail join message on message.id = mail.message_id
       join person on person.entra_id <> message.recipient_entra_id
       where position(person.given_name in mail.text || mail.subject || mail.html) > 0
          or position(person.display_name in mail.text || mail.subject || mail.html) > 0
          or position(person.mail in mail.text || mail.subject || mail.html) > 0`,
    );
    expect(strangers).toEqual([]);
    expect(await query('select 1 from demonstration_mail')).toHaveLength(2);
    const references = await query<{ reference: object }>('select reference from message');
    expect(JSON.stringify(references)).not.toMatch(/Given|Name|@/);
  });
});
