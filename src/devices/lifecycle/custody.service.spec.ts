import {
  GOOD_VALUES,
  actorWith,
  emptyCustody,
  inputFor,
  insertMachines,
  insertPeople,
  personId,
  place,
  upn,
} from '../../../test/support/custody-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { PERMISSIONS_OF } from '../../auth/permissions.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { COMMAND_FIELDS } from '../domain/lifecycle/command-fields.js';
import { CUSTODY_COMMANDS, type CustodyCommand } from '../domain/lifecycle/commands.js';
import { hasHolder, partsOf, type Origin } from '../domain/lifecycle/standing.js';
import { TRANSITIONS } from '../domain/lifecycle/transitions.js';
import type { CustodyActor } from './custody-actor.js';
import { CustodyQueries } from './custody.queries.js';
import { CustodyService, type CustodyOutcome, type CustodyRequest } from './custody.service.js';

/** Person 9 works at the desk, 8 has left, 7 has a disabled account. */
const DESK = actorWith(9);

function values(command: CustodyCommand, replaced: Record<string, unknown> = {}): Record<string, unknown> {
  const names = COMMAND_FIELDS[command].map(({ name }) => name).filter((name) => name in GOOD_VALUES);
  return { ...Object.fromEntries(names.map((name) => [name, GOOD_VALUES[name]])), ...replaced };
}

describe('CustodyService', () => {
  let database: TestDatabase;
  let custody: CustodyService;
  let queries: CustodyQueries;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 32 });
    custody = new CustodyService(new Transactor(database.dataSource));
    queries = new CustodyQueries(database.dataSource);
  });
  afterAll(() => database.drop());
  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const one = async (): Promise<number> => (await insertMachines(database.dataSource, 1))[0] ?? 0;

  function act(
    command: CustodyCommand,
    deviceId: number,
    replaced: Record<string, unknown> = {},
    { by = DESK, ...options }: Partial<CustodyRequest> & { by?: CustodyActor } = {},
  ): Promise<CustodyOutcome> {
    const input = inputFor(command, values(command, replaced));
    return custody.carryOut({ deviceId, command, input, version: null, idempotencyKey: null, ...options }, by);
  }

  const current = (deviceId: number): Promise<Record<string, unknown>[]> =>
    rows('select state, substate, holder_entra_id, place from device_custody where device_id = $1', [deviceId]);

  const empty = async (): Promise<void> => {
    await emptyCustody(database.dataSource);
    await insertPeople(database.dataSource, 40, [7, 8]);
  };

  describe('each step', () => {
    beforeAll(empty);

    it.each(
      TRANSITIONS.filter(({ command }) => command !== 'correct').flatMap((transition) =>
        transition.from.map((from) => [transition.command, from, transition.to] as const),
      ),
    )('%s from %s is one step, one line of history and one audit entry', async (command, from, to) => {
      const device = await one();
      if (from !== 'none') await place(database.dataSource, [device], from, hasHolder(from) ? personId(3) : null);
      const [before] = await rows<{ entries: string }>('select count(*) as entries from audit_event');
      const holder = from === 'allocated' ? upn(3) : upn(4);
      const outcome = await act(
        command,
        device,
        COMMAND_FIELDS[command].some(({ name }) => name === 'holder') ? { holder } : {},
      );
      const expected: Origin = to === 'same' || to === 'before' ? from : to;
      expect(outcome).toMatchObject({ deviceId: device, standing: expected });
      if (expected !== 'none') expect(await current(device)).toMatchObject([partsOf(expected)]);
      expect(await rows('select command from custody_event where device_id = $1', [device])).toEqual([{ command }]);
      const [after] = await rows<{ entries: string }>('select count(*) as entries from audit_event');
      expect(Number(after?.entries) - Number(before?.entries)).toBe(1);
    });

    it('audits every command under an event of its own, with references and states only', async () => {
      const events = await rows<{ event: string }>(
        `select distinct event from audit_event where event like 'device.%'`,
      );
      expect(events.length).toBe(CUSTODY_COMMANDS.length - 1);
      const details = JSON.stringify(await rows('select details, subject_id from audit_event'));
      for (const personal of ['council.example', 'Person', 'SER0', 'Civic', 'telephone', 'INC-4711', 'Erasure']) {
        expect(details).not.toContain(personal);
      }
    });
  });

  describe('commands', () => {
    beforeEach(empty);

    it('takes a machine from its box through its life, each step in the history and in the audit trail', async () => {
      const device = await one();
      const life: [CustodyCommand, Record<string, unknown>?][] = [
        ['receive'],
        ['hold'],
        ['allocate'],
        ['hand-over'],
        ['transfer', { holder: upn(2) }],
        ['recall'],
        ['keep'],
        ['take-back'],
        ['wipe'],
        ['restock'],
        ['send-to-repair'],
        ['return-from-repair'],
        ['wipe'],
        ['send-to-disposal'],
        ['dispose'],
      ];
      for (const [command, replaced] of life) await act(command, device, replaced);
      expect(await current(device)).toMatchObject([{ state: 'disposed', substate: null, holder_entra_id: null }]);
      const steps = await rows<{ id: string; command: string; actor: string }>(
        'select id, command, actor from custody_event order by id',
      );
      expect(steps.map(({ command }) => command)).toEqual(life.map(([command]) => command));
      const trail = await rows<{ subject_id: string; actor: string; details: Record<string, unknown> }>(
        `select subject_id, actor, details from audit_event where event like 'device.%' order by id desc limit ${life.length}`,
      );
      expect(trail.reverse().map(({ details }) => String(details['custodyEvent']))).toEqual(steps.map(({ id }) => id));
      expect(trail.every((entry) => entry.subject_id === String(device) && entry.actor === DESK.actor)).toBe(true);
      const page = await queries.history(device, { limit: 3 });
      expect(page.items).toMatchObject([
        {
          command: 'dispose',
          label: 'Disposed of',
          from: 'Awaiting disposal',
          to: 'Disposed of',
          reference: 'INC-4711',
        },
        { command: 'send-to-disposal' },
        { command: 'wipe', details: { method: 'disk-erasure', performedBy: 'Erasure Ltd', performedOn: '2026-11-20' } },
      ]);
      expect((await queries.history(device, { limit: 50, cursor: page.next ?? '' })).items).toHaveLength(
        life.length - 3,
      );
    });

    it('gives one machine to one of thirty who ask at the same moment; the others are told clearly', async () => {
      for (const start of ['none', 'in_stock:available'] as const) {
        await database.dataSource.query('delete from device_custody');
        const device = await one();
        if (start !== 'none') await place(database.dataSource, [device], start);
        const people = Array.from({ length: 30 }, (_, index) => index + 10);
        const results = await Promise.allSettled(
          people.map((person) => act('hand-over', device, { holder: upn(person) })),
        );
        const given = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        expect([given.length, refused.length]).toEqual([1, 29]);
        for (const error of refused) {
          expect(error).toBeInstanceOf(ConflictError);
          expect((error as ConflictError).message).toMatch(/in use|changed its custody meanwhile/);
        }
        expect(await current(device)).toMatchObject([{ state: 'in_use', holder_entra_id: given[0]?.holderEntraId }]);
        const steps = await rows('select from custody_event where device_id = $1', [device]);
        expect(steps).toHaveLength(1);
      }
    });

    it('allocates five of five machines to thirty who ask, and not one more', async () => {
      const devices = await insertMachines(database.dataSource, 5);
      await place(database.dataSource, devices, 'in_stock:available');
      const results = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) => act('allocate', devices[index % 5] ?? 0, { holder: upn(index + 10) })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused.every((error) => error instanceof ConflictError)).toBe(true);
      expect(await rows(`select from device_custody where state = 'allocated'`)).toHaveLength(5);
    });

    it('does nothing to a machine that is no longer as it was looked at, and shows both sides', async () => {
      const device = await one();
      await act('hand-over', device, {}, { version: '0' });
      await expect(act('hand-over', device, { holder: upn(2) }, { version: '0' })).rejects.toThrow(ConflictError);
      const seen = (await queries.ofDevice(device, new Set()))?.version ?? '';
      await act('transfer', device, { holder: upn(2) }, { version: seen });
      const late = act('transfer', device, { holder: upn(3) }, { version: seen });
      await expect(late).rejects.toMatchObject({
        details: {
          ours: [{ value: 'Transfer to another person' }, { label: 'Holder', value: upn(3) }, {}],
          theirs: [{ label: 'State', value: 'In use' }, { value: personId(2) }, {}],
        },
      });
      expect(await current(device)).toMatchObject([{ holder_entra_id: personId(2) }]);
    });

    it('does a command once, however often it is sent under one key, also at the same moment', async () => {
      const device = await one();
      const key = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
      const outcomes = await Promise.all(
        Array.from({ length: 15 }, () => act('hand-over', device, {}, { idempotencyKey: key, version: '0' })),
      );
      expect(new Set(outcomes.map(({ eventId }) => eventId)).size).toBe(1);
      expect(await rows('select from custody_event')).toHaveLength(1);
      const other = act('hand-over', device, { holder: upn(2) }, { idempotencyKey: key });
      await expect(other).rejects.toThrow(InputError);
      await expect(act('hand-over', device, {}, { idempotencyKey: key, by: actorWith(10) })).rejects.toThrow(
        ConflictError,
      );
    });

    it.each([
      ['a leaver', 7, /disabled/],
      ['somebody who is no longer in the directory', 6, /no longer in the directory/],
      ['nobody whom the directory knows', 99, /nobody of that name/],
    ])('gives nothing to %s', async (_, person, message) => {
      await database.dataSource.query(`update person set presence = 'gone' where entra_id = $1`, [personId(6)]);
      const device = await one();
      for (const holder of [upn(person), personId(person)]) {
        const refused = act('hand-over', device, { holder });
        await expect(refused).rejects.toMatchObject({ status: 422, fields: [{ field: 'holder' }] });
        await expect(refused).rejects.toThrow(message);
      }
      expect(await current(device)).toEqual([]);
      expect(await rows('select from custody_event')).toEqual([]);
    });

    it('lets nobody record a machine of their own (V-05), and no role do what it may not (V-02)', async () => {
      const device = await one();
      await expect(act('hand-over', device, { holder: upn(9) })).rejects.toThrow(ForbiddenError);
      await act('hand-over', device, { holder: upn(5) });
      await expect(act('transfer', device, { holder: upn(5) }, { by: actorWith(5) })).rejects.toThrow(ForbiddenError);
      await expect(act('take-back', device, {}, { by: actorWith(5) })).rejects.toThrow(ForbiddenError);
      for (const role of ['rollout-manager', 'approver', 'reviewer', 'administrator', 'staff', 'manager'] as const) {
        for (const command of CUSTODY_COMMANDS) {
          const by = actorWith(12, PERMISSIONS_OF[role]);
          await expect(act(command, device, {}, { by })).rejects.toThrow(ForbiddenError);
        }
      }
      const wipe = act('wipe', device, {}, { by: actorWith(12, PERMISSIONS_OF['service-desk']) });
      await expect(wipe).rejects.toThrow(ForbiddenError);
      expect(await rows('select from custody_event')).toHaveLength(1);
    });

    it('refuses a device that is not there, one that turned out to be another, and evidence of another machine (V-03)', async () => {
      const [device = 0, other = 0] = await insertMachines(database.dataSource, 2);
      await expect(act('hand-over', 999_999)).rejects.toThrow(NotFoundError);
      await database.dataSource.query(
        `insert into custody_evidence (device_id, file_name, media_type, content_hash, content, uploaded_by)
       values ($1, 'a.txt', 'text/plain', 'x', 'abc', 'person:x')`,
        [other],
      );
      await expect(act('hand-over', device, { evidence: 1 })).rejects.toMatchObject({
        fields: [{ field: 'evidence' }],
      });
      await act('hand-over', other, { evidence: 1 });
      await database.dataSource.query('update device set merged_into_id = $1 where id = $2', [other, device]);
      await expect(act('hand-over', device)).rejects.toThrow(new RegExp(`device ${other}`));
    });

    it('corrects the last step by another one, back to no custody at all, and never twice', async () => {
      const device = await one();
      await act('hand-over', device);
      const [since] = await rows<{ since: Date }>('select since from device_custody');
      await act('take-back', device);
      await act('note', device);
      const back = await act('correct', device);
      expect(back).toMatchObject({ standing: 'in_use', holderEntraId: personId(1) });
      expect(await rows('select since from device_custody')).toEqual([since]);
      await act('correct', device);
      expect(await current(device)).toEqual([]);
      await expect(act('correct', device)).rejects.toThrow(ConflictError);
      const steps = await rows<{ command: string; corrects_id: string | null }>(
        'select command, corrects_id from custody_event order by id',
      );
      expect(steps).toEqual([
        { command: 'hand-over', corrects_id: null },
        { command: 'take-back', corrects_id: null },
        { command: 'note', corrects_id: null },
        { command: 'correct', corrects_id: '2' },
        { command: 'correct', corrects_id: '1' },
      ]);
      expect(await act('hand-over', device, { holder: upn(2) })).toMatchObject({ standing: 'in_use' });
    });

    it('keeps the history from every change, and the rules in the tables themselves', async () => {
      const device = await one();
      await act('hand-over', device);
      const forbidden = [
        'update custody_event set reason = null',
        'delete from custody_event',
        `update device_custody set holder_entra_id = null`,
        `update device_custody set state = 'recovered'`,
        `update device_custody set state = 'lost'`,
        `update device_custody set substate = 'available'`,
        `update device_custody set contested = true`,
        `insert into device_custody (device_id, recorded_for, state) select device_id, device_id, 'wiped' from device_custody`,
      ];
      for (const statement of forbidden) await expect(database.dataSource.query(statement)).rejects.toThrow();
      expect(await current(device)).toMatchObject([{ state: 'in_use' }]);
    });

    it('offers in each standing what the permission allows, and tells in words what cannot be right', async () => {
      const device = await one();
      await act('hand-over', device, { holder: upn(4) });
      await database.dataSource.query(`update person set account_enabled = false where entra_id = $1`, [personId(4)]);
      await database.dataSource.query(`update device set user_entra_id = $1, presence = 'gone' where id = $2`, [
        personId(5),
        device,
      ]);
      const view = await queries.ofDevice(device, new Set(PERMISSIONS_OF.engineer));
      expect(view).toMatchObject({
        label: 'In use',
        holder: { entraId: personId(4), active: false, displayName: 'Person 4' },
      });
      expect(view?.commands.map(({ command }) => command).sort()).toEqual(
        ['note', 'recall', 'report-missing', 'report-stolen', 'take-back', 'transfer'].sort(),
      );
      expect(view?.doubts.map(({ code }) => code)).toEqual([
        'held-by-leaver',
        'primary-user-differs',
        'vanished-while-held',
      ]);
      expect(JSON.stringify(view?.doubts)).not.toContain('Person');
      const reader = await queries.ofDevice(device, new Set(PERMISSIONS_OF.reviewer));
      expect(reader?.commands).toEqual([]);
      expect(await queries.ofDevice(999_999, new Set())).toBeNull();
    });

    it('knows no custody of a machine that only sources speak of', async () => {
      const device = await one();
      expect(await queries.ofDevice(device, new Set())).toMatchObject({
        custodyId: null,
        label: 'No custody recorded',
        version: '0',
        doubts: [],
      });
      expect((await queries.history(device, {})).items).toEqual([]);
    });
  });
});
