import {
  actorWith,
  emptyCustody,
  inputFor,
  insertPeople,
  personId,
  upn,
} from '../../../test/support/custody-fixture.js';
import { deviceOf, say } from '../../../test/support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ForbiddenError, InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { RecordCountsQueries } from '../../sync/record-counts.queries.js';
import { DevicesQueries } from '../devices.queries.js';
import type { CustodyCommand } from '../domain/lifecycle/commands.js';
import { IdentityQueries } from '../identity.queries.js';
import { IdentityService } from '../identity.service.js';
import { ImportComparison } from '../import/import-comparison.service.js';
import { ReviewService } from '../review.service.js';
import { ContradictionService } from './contradiction.service.js';
import { CustodyQueries } from './custody.queries.js';
import { CustodyService } from './custody.service.js';
import { ReceivingService, type Delivery, type DeliveryOutcome } from './receiving.service.js';

const DESK = actorWith(9);
const STORES = inputFor('receive', { place: 'Stores', reference: 'DN-1' });

describe('machines that are received, and what they turn out to be', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  let receiving: ReceivingService;
  let custody: CustodyService;
  let queries: CustodyQueries;
  let identity: IdentityService;
  let reviews: ReviewService;
  let contradictions: ContradictionService;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 12 });
    transactor = new Transactor(database.dataSource);
    receiving = new ReceivingService(transactor);
    custody = new CustodyService(transactor);
    queries = new CustodyQueries(database.dataSource);
    identity = new IdentityService(transactor);
    reviews = new ReviewService(transactor);
    contradictions = new ContradictionService(transactor);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyCustody(database.dataSource);
    await insertPeople(database.dataSource, 12);
  });

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const receive = (lines: Delivery['lines'], options: Partial<Delivery> = {}): Promise<DeliveryOutcome> =>
    receiving.receive(
      { command: 'receive', lines, input: STORES, mode: 'all', idempotencyKey: null, ...options },
      DESK,
    );
  const one = async (line: Record<string, unknown>): Promise<number> => (await receive([line])).lines[0]?.deviceId ?? 0;
  const act = (command: CustodyCommand, deviceId: number, values: Record<string, unknown>): Promise<unknown> =>
    custody.carryOut(
      { deviceId, command, input: inputFor(command, values), version: null, idempotencyKey: null },
      DESK,
    );
  const enrol = async (name: string, serial: string, facts: Record<string, string> = {}): Promise<number> => {
    await say(database.dataSource, 'managed-devices', name, { serial_number: serial, ...facts });
    await identity.resolvePending();
    return deviceOf(database.dataSource, name);
  };
  const custodyOf = async (id: number): Promise<unknown> => {
    const view = await queries.ofDevice(id, new Set());
    return view && [view.label, view.holder?.entraId ?? null, view.contradictions.length];
  };
  const registerOf = (id: number): Promise<unknown[]> =>
    rows('select asset_tag, linked_for from device_register where device_id = $1', [id]);
  const listed = async (): Promise<number[]> =>
    (await new DevicesQueries(database.dataSource).list({}, { limit: 50 }, 'id')).items.map(({ id }) => id);
  const synchronised = async (): Promise<number> =>
    (await new RecordCountsQueries(database.dataSource, 0).read()).devices;

  it('gives a boxed machine a device, an entry of the register and a custody', async () => {
    const line = {
      serialNumber: ' 5cg1234abc ',
      manufacturer: 'HP',
      model: 'EliteBook 840 G8',
      assetTag: 'LT-1',
      pricePence: 89_900,
    };
    const device = await one(line);
    expect(await custodyOf(device)).toEqual(['In stock, available', null, 0]);
    expect(await rows('select asset_tag, serial_key, price_pence, device_id from device_register')).toEqual([
      { asset_tag: 'LT-1', serial_key: '5CG1234ABC', price_pence: 89_900, device_id: device },
    ]);
    expect(await rows('select record_count, presence, model from device')).toEqual([
      { record_count: 0, presence: 'present', model: 'EliteBook 840 G8' },
    ]);
    expect([await listed(), await synchronised()]).toEqual([[device], 0]);
  });

  it('joins it to its later enrolment with custody and register entry, counted once, whatever happened in between', async () => {
    const boxed = await one({ serialNumber: '5CG1234ABC', manufacturer: 'Hewlett-Packard', assetTag: 'LT-1' });
    await act('hand-over', boxed, { holder: upn(1) });
    const other = await enrol('m-other', '5CG9999ZZZ');
    const enrolled = await enrol('m1', '5cg 1234 abc', { manufacturer: 'HP Inc.' });
    expect(await rows('select merged_into_id from device where id = $1', [boxed])).toEqual([
      { merged_into_id: enrolled },
    ]);
    expect(await custodyOf(enrolled)).toEqual(['In use', personId(1), 0]);
    expect(await custodyOf(boxed)).toBeNull();
    expect(await registerOf(enrolled)).toEqual([{ asset_tag: 'LT-1', linked_for: boxed }]);
    expect(await listed()).toEqual([other, enrolled].sort((a, b) => a - b));
    expect(await synchronised()).toBe(2);
    expect((await queries.history(enrolled, {})).items.map(({ command }) => command)).toEqual([
      'join',
      'hand-over',
      'receive',
    ]);
    // Nothing changes by resolving again.
    const before = await rows('select * from device_custody');
    await database.dataSource.query('update device_record set resolution_pending = true');
    await identity.resolvePending();
    expect(await rows('select * from device_custody')).toEqual(before);
  });

  it('joins a hundred boxed machines and their enrolments in either order', async () => {
    const serial = (n: number): string => `SN${String(n).padStart(6, '0')}X`;
    const lines = Array.from({ length: 100 }, (_, n) => ({
      serialNumber: serial(n),
      manufacturer: 'HP',
      assetTag: `T${n}`,
    }));
    for (let n = 50; n < 150; n++)
      await say(database.dataSource, 'managed-devices', `m${n}`, { serial_number: serial(n) });
    await identity.resolvePending();
    expect((await receive(lines)).lines.every(({ outcome }) => outcome === 'done')).toBe(true);
    for (let n = 0; n < 50; n++) await say(database.dataSource, 'autopilot', `a${n}`, { serial_number: serial(n) });
    await identity.resolvePending();
    expect(await rows('select from device where merged_into_id is null and record_count = 0')).toEqual([]);
    expect(await rows('select from device where merged_into_id is null')).toHaveLength(150);
    const own = await rows(
      `select from device_custody custody join device on device.id = custody.device_id
       join device_register entry on entry.device_id = device.id and entry.serial_key = device.serial_number
       where device.merged_into_id is null and custody.set_aside_at is null`,
    );
    expect(own).toHaveLength(100);
  });

  it('neither loses nor doubles a machine that is received while it enrols', async () => {
    for (let round = 0; round < 10; round++) {
      const serialNumber = `RACE${round}ABC`;
      await say(database.dataSource, 'managed-devices', `race${round}`, { serial_number: serialNumber });
      await Promise.all([receive([{ serialNumber, manufacturer: 'HP' }]), identity.resolvePending()]);
    }
    expect(await rows('select from device where merged_into_id is null')).toHaveLength(10);
    const placed = await rows(
      `select from device_custody custody join device on device.id = custody.device_id where device.record_count = 1`,
    );
    expect(placed).toHaveLength(10);
  });

  it('does not join another maker, a placeholder, or one of several machines that may be it', async () => {
    const boxed = await one({ serialNumber: 'ABC1234', manufacturer: 'Dell' });
    await enrol('m1', 'ABC1234', { manufacturer: 'HP' });
    expect(await custodyOf(boxed)).toEqual(['In stock, available', null, 0]);
    const twin = await one({ serialNumber: 'TWIN001', manufacturer: 'HP' });
    for (const n of [1, 2])
      await say(database.dataSource, 'managed-devices', `t${n}`, {
        serial_number: 'TWIN001',
        entra_device_id: `d${n}`,
      });
    await identity.resolvePending();
    expect(await custodyOf(twin)).toEqual(['In stock, available', null, 0]);
    // People settle which it is: then it is that one.
    const [review] = (await new IdentityQueries(database.dataSource).openReviews()).items;
    const { decisionId } = await reviews.settle(review?.id ?? 0, 'same', 'person:1', 'one machine');
    const machine = await deviceOf(database.dataSource, 't1');
    expect(await custodyOf(machine)).toEqual(['In stock, available', null, 0]);
    // Once joined it stays with the machine that it joined, as long as that fits.
    await reviews.undo(decisionId, 'person:1', 'two after all');
    expect(await custodyOf(await deviceOf(database.dataSource, 't1'))).toEqual(['In stock, available', null, 0]);
    for (const serialNumber of ['Default string', '0', '1234', '', null]) {
      const refused = await receive([{ serialNumber }]);
      expect(refused).toMatchObject({ done: false, lines: [{ outcome: 'refused' }] });
    }
  });

  it('moves custody with a merge and back with its undo', async () => {
    const [a, b] = [await enrol('m1', 'AAA1111'), await enrol('m2', 'BBB2222')];
    await act('hand-over', b, { holder: upn(1) });
    const { decisionId, deviceIds } = await reviews.merge([a, b], 'person:1', 'mainboard changed');
    expect(deviceIds).toEqual([a]);
    expect([await custodyOf(a), await custodyOf(b)]).toEqual([['In use', personId(1), 0], null]);
    await act('take-back', a, { condition: 'good', place: 'Stores' });
    await reviews.undo(decisionId, 'person:1', 'a mistake');
    expect([await custodyOf(a), await custodyOf(b)]).toEqual([
      ['No custody recorded', null, 0],
      ['Recovered, not wiped', null, 0],
    ]);
    const subjects = await rows(
      `select subject_id from audit_event where event = 'device.custody-joined' order by id desc limit 2`,
    );
    expect(subjects).toEqual([{ subject_id: String(b) }, { subject_id: String(a) }]);
  });

  it('asks when both sides have somebody, shows both, and drops neither', async () => {
    const [a, b] = [await enrol('m1', 'AAA1111'), await enrol('m2', 'BBB2222')];
    await act('hand-over', a, { holder: upn(1) });
    await act('hand-over', b, { holder: upn(2) });
    const { decisionId } = await reviews.merge([a, b], 'person:1', 'one machine');
    expect(await custodyOf(a)).toEqual(['In use', personId(1), 1]);
    expect((await queries.ofDevice(a, DESK.permissions))?.commands).toEqual([{ command: 'note', label: 'Add a note' }]);
    expect((await queries.contradictions({})).items).toMatchObject([{ deviceId: a, holder: { entraId: personId(2) } }]);
    await expect(act('take-back', a, { condition: 'good', place: 'x' })).rejects.toThrow(/Two custodies/);

    const [contested] = await rows<{ id: number }>('select id from device_custody where contested');
    const settlement = { deviceId: a, custodyId: contested?.id ?? 0, reason: 'Person 2 has it' };
    await expect(contradictions.settle(settlement, actorWith(2))).rejects.toThrow(ForbiddenError);
    await contradictions.settle(settlement, DESK);
    expect(await custodyOf(a)).toEqual(['In use', personId(2), 0]);
    await expect(contradictions.settle(settlement, DESK)).rejects.toThrow(/Nothing contradicts/);
    // The answer outlives the next synchronisation, and an undo brings each its own.
    await database.dataSource.query('update device_record set resolution_pending = true');
    await identity.resolvePending();
    expect(await custodyOf(a)).toEqual(['In use', personId(2), 0]);
    await reviews.undo(decisionId, 'person:1', 'two after all');
    expect([await custodyOf(a), await custodyOf(b)]).toEqual([
      ['In use', personId(1), 0],
      ['In use', personId(2), 0],
    ]);
  });

  it('asks nothing when both sides say the same, and brings each its own after a split by undo', async () => {
    const [a, b] = [await enrol('m1', 'AAA1111'), await enrol('m2', 'BBB2222')];
    for (const device of [a, b]) await act('hand-over', device, { holder: upn(1) });
    const { decisionId } = await reviews.merge([a, b], 'person:1', 'one machine');
    expect(await custodyOf(a)).toEqual(['In use', personId(1), 0]);
    await reviews.undo(decisionId, 'person:1', 'two');
    expect([await custodyOf(a), await custodyOf(b)]).toEqual([
      ['In use', personId(1), 0],
      ['In use', personId(1), 0],
    ]);
  });

  it('leaves custody with the machine that keeps the device when records are split off', async () => {
    const a = await enrol('m1', 'AAA1111', { entra_device_id: 'd1' });
    await say(database.dataSource, 'entra-devices', 'e1', { entra_device_id: 'd1' });
    await identity.resolvePending();
    await act('hand-over', a, { holder: upn(1) });
    const [record] = await rows<{ id: number }>(`select id from device_record where external_id = 'e1'`);
    const { deviceIds } = await reviews.split(a, [record?.id ?? 0], 'person:1', 'another machine');
    expect(await Promise.all(deviceIds.map(custodyOf))).toEqual([
      ['In use', personId(1), 0],
      ['No custody recorded', null, 0],
    ]);
  });

  it('receives a machine that a source knows already, and one that was on order, but never one that is with us', async () => {
    const known = await enrol('m1', 'KNOWN01');
    expect(await one({ serialNumber: 'KNOWN01', manufacturer: 'HP', assetTag: 'K-1' })).toBe(known);
    expect(await registerOf(known)).toEqual([{ asset_tag: 'K-1', linked_for: null }]);
    expect((await receive([{ serialNumber: 'KNOWN01', manufacturer: 'HP' }])).lines).toMatchObject([
      { outcome: 'refused', reason: '"Receive into stock" is not possible: the machine is in stock, available.' },
    ]);
    const order = inputFor('order', { reference: 'PO-1' });
    const ordered = await receive([{ serialNumber: 'ORDER01', manufacturer: 'HP' }], {
      command: 'order',
      input: order,
    });
    const device = ordered.lines[0]?.deviceId ?? 0;
    expect(await custodyOf(device)).toEqual(['On order', null, 0]);
    expect(await one({ serialNumber: 'ORDER01', manufacturer: 'HP' })).toBe(device);
    expect(await custodyOf(device)).toEqual(['In stock, available', null, 0]);
  });

  it('tells of every line of a delivery what is wrong, and does all or the rest', async () => {
    await one({ serialNumber: 'HAVE001', manufacturer: 'HP', assetTag: 'T-1' });
    const lines = [
      { serialNumber: 'NEW0001', manufacturer: 'HP', assetTag: 'T-2' },
      { serialNumber: 'NEW0002', manufacturer: 'HP', assetTag: 't-1' },
      { serialNumber: 'new 0001', manufacturer: 'HP Inc' },
      { serialNumber: 'NEW0003', manufacturer: 'HP', assetTag: 'T-2' },
      { serialNumber: 'To Be Filled By O.E.M.' },
      { serialNumber: 'NEW0004', holder: 'x' },
      { serialNumber: 'NEW0005', purchasedOn: '2026-02-30' },
      { serialNumber: 'NEW0006', pricePence: 1.5 },
    ];
    const reasons = [
      null,
      'The asset tag belongs to another machine.',
      'Line 1 has the same serial number or asset tag.',
      'Line 1 has the same serial number or asset tag.',
      expect.stringMatching(/no serial number/),
      expect.stringMatching(/not known here/),
      expect.stringMatching(/Purchase date/),
      expect.stringMatching(/whole pence/),
    ];
    for (const mode of ['check', 'all'] as const) {
      const outcome = await receive(lines, { mode });
      expect(outcome.lines.map(({ reason }) => reason)).toEqual(reasons);
      expect(outcome.done).toBe(false);
    }
    expect(await rows('select from device')).toHaveLength(1);
    const rest = await receive(lines, { mode: 'rest' });
    expect(rest.lines.map(({ outcome }) => outcome)).toEqual(['done', ...reasons.slice(1).map(() => 'refused')]);
    expect(await rows('select from device')).toHaveLength(2);
  });

  it('receives one delivery once, also when it is sent twice at the same moment', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => ({
      serialNumber: `DUP${String(n).padStart(5, '0')}`,
      manufacturer: 'HP',
    }));
    const outcomes = await Promise.all([1, 2, 3].map(() => receive(lines, { idempotencyKey: 'delivery-1' })));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(await rows('select from device')).toHaveLength(200);
    const rivals = await Promise.allSettled([1, 2, 3].map(() => receive([{ serialNumber: 'RIVAL01' }])));
    const done = rivals.filter((result) => result.status === 'fulfilled' && result.value.done);
    expect(done).toHaveLength(1);
    await expect(receive([])).rejects.toThrow(InputError);
    const reader = { ...DESK, permissions: new Set(['custody:write']) };
    const forbidden = receiving.receive(
      { command: 'receive', lines, input: STORES, mode: 'all', idempotencyKey: null },
      reader,
    );
    await expect(forbidden).rejects.toThrow(ForbiddenError);
  });

  it('lets a receipt by mistake be corrected, and the machine be received again', async () => {
    const device = await one({ serialNumber: 'TYPO0001', assetTag: 'T-9' });
    await act('correct', device, { reason: 'misread the label' });
    expect(await rows('select presence from device')).toEqual([{ presence: 'gone' }]);
    expect(await registerOf(device)).toEqual([]);
    const again = await one({ serialNumber: 'TYPO0001', assetTag: 'T-9' });
    expect(await custodyOf(again)).toEqual(['In stock, available', null, 0]);
    const enrolled = await enrol('m1', 'TYPO0001');
    expect(await custodyOf(enrolled)).toEqual(['In stock, available', null, 0]);
  });

  it('goes along with imports: entries meet boxed machines, and boxed machines meet entries', async () => {
    await database.dataSource.query(
      `insert into device_register (asset_tag, asset_tag_key, serial_number, serial_key, manufacturer, manufacturer_key, supplier, changed_by)
       values ('N-1', 'N-1', 'NOTE001', 'NOTE001', 'HP', 'hp', 'Reseller', 'x')`,
    );
    const device = await one({ serialNumber: 'NOTE001', manufacturer: 'HP', supplier: 'Other' });
    expect(await rows('select device_id, supplier, asset_tag from device_register')).toEqual([
      { device_id: device, supplier: 'Reseller', asset_tag: 'N-1' },
    ]);
    const enrolled = await enrol('m1', 'NOTE001');
    await transactor.run((tx) => new ImportComparison().link(tx));
    expect(await registerOf(enrolled)).toEqual([{ asset_tag: 'N-1', linked_for: device }]);
  });
});
