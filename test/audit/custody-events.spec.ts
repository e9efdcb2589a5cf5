import type { AuditEventName } from '../../src/audit/audit-events.js';
import { verifyChain } from '../../src/audit/chain-verification.js';
import type { CurrentAccess } from '../../src/auth/current-access.js';
import { PERMISSIONS } from '../../src/auth/permissions.js';
import { Transactor } from '../../src/database/transactor.js';
import { COMMAND_FIELDS } from '../../src/devices/domain/lifecycle/command-fields.js';
import { CUSTODY_COMMANDS, type CustodyCommand } from '../../src/devices/domain/lifecycle/commands.js';
import { hasHolder } from '../../src/devices/domain/lifecycle/standing.js';
import { TRANSITIONS } from '../../src/devices/domain/lifecycle/transitions.js';
import { selectionOfIds } from '../../src/devices/domain/lifecycle/selection.js';
import { BulkService } from '../../src/devices/lifecycle/bulk.service.js';
import { ContradictionService } from '../../src/devices/lifecycle/contradiction.service.js';
import { CustodyService } from '../../src/devices/lifecycle/custody.service.js';
import { EvidenceService } from '../../src/devices/lifecycle/evidence.service.js';
import { SavedViews } from '../../src/web/saved-views/saved-views.service.js';
import { auditedAs, auditHead, personalValuesInAudit } from '../support/audit.js';
import {
  actorWith,
  GOOD_VALUES,
  inputFor,
  insertMachines,
  insertPeople,
  personId,
  place,
  upn,
} from '../support/custody-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const DESK = actorWith(9);

/** Written down once more, so that a command that names another event is found out. */
const EVENTS: Readonly<Record<CustodyCommand, AuditEventName>> = {
  order: 'device.ordered',
  receive: 'device.received',
  allocate: 'device.allocated',
  hold: 'device.held',
  quarantine: 'device.quarantined',
  release: 'device.released',
  move: 'device.moved',
  'hand-over': 'device.handed-over',
  install: 'device.installed',
  transfer: 'device.transferred',
  recall: 'device.recalled',
  keep: 'device.kept',
  'take-back': 'device.taken-back',
  'report-missing': 'device.reported-missing',
  'report-stolen': 'device.reported-stolen',
  find: 'device.found',
  'send-to-repair': 'device.sent-to-repair',
  'return-from-repair': 'device.returned-from-repair',
  wipe: 'device.wiped',
  restock: 'device.restocked',
  'send-to-disposal': 'device.sent-to-disposal',
  dispose: 'device.disposed',
  'write-off': 'device.written-off',
  correct: 'device.custody-corrected',
  note: 'device.custody-noted',
};

describe('the audit trail of custody and of saved views', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  let custody: CustodyService;
  beforeAll(async () => {
    database = await createTestDatabase();
    transactor = new Transactor(database.dataSource);
    custody = new CustodyService(transactor);
    await insertPeople(database.dataSource, 20);
  });
  afterAll(() => database.drop());

  const audited = (event: AuditEventName, work: () => Promise<unknown>) => auditedAs(database.dataSource, event, work);
  const one = async (): Promise<number> => (await insertMachines(database.dataSource, 1))[0] ?? 0;
  const act = (command: CustodyCommand, deviceId: number, replaced: Record<string, unknown> = {}) => {
    const names = COMMAND_FIELDS[command].map(({ name }) => name).filter((name) => name in GOOD_VALUES);
    const values = Object.fromEntries(names.map((name) => [name, GOOD_VALUES[name]]));
    const input = inputFor(command, values, replaced);
    return custody.carryOut({ deviceId, command, input, version: null, idempotencyKey: null }, DESK);
  };

  it.each(CUSTODY_COMMANDS)('has %s', async (command) => {
    const device = await one();
    const from = TRANSITIONS.find((transition) => transition.command === command)?.from[0] ?? 'none';
    if (command === 'correct') await act('receive', device);
    else if (from !== 'none') await place(database.dataSource, [device], from, hasHolder(from) ? personId(3) : null);
    const holder = from === 'allocated' ? upn(3) : upn(4);
    const hasNewHolder = COMMAND_FIELDS[command].some(({ name }) => name === 'holder');
    const entry = await audited(EVENTS[command], () => act(command, device, hasNewHolder ? { holder } : {}));
    expect(entry).toMatchObject({ actor: DESK.actor, subject: `device:${device}` });
  });

  it('has bulk actions: the dry run, and one entry a machine when it is done', async () => {
    const bulk = new BulkService(transactor);
    const devices = await insertMachines(database.dataSource, 7);
    await place(database.dataSource, devices, 'in_use', personId(2));
    const { condition, place: somewhere } = GOOD_VALUES;
    let id = 0;
    const checked = await audited('custody.bulk-checked', async () => {
      const input = inputFor('take-back', { condition, place: somewhere });
      ({ id } = await bulk.check(
        { command: 'take-back', input, lines: selectionOfIds(devices), idempotencyKey: null },
        DESK,
      ));
    });
    expect(checked).toMatchObject({ actor: DESK.actor });
    const before = await auditHead(database.dataSource);
    await audited('custody.bulk-done', () => bulk.carryOut(id, 'rest', DESK));
    expect((await auditHead(database.dataSource)) - before).toBe(devices.length + 1);
  });

  it('has files of evidence', async () => {
    const device = await one();
    const file = { name: 'Zebedee.txt', mediaType: 'text/plain', content: Buffer.from('Zebedee signed for it') };
    const entry = await audited('device.evidence-added', () => new EvidenceService(transactor).add(device, file, DESK));
    expect(entry).toMatchObject({ actor: DESK.actor, subject: `device:${device}` });
  });

  it('has settled contradictions', async () => {
    const device = await one();
    await place(database.dataSource, [device], 'in_use', personId(2));
    const [contested] = await database.dataSource.query<{ id: number }[]>(
      `insert into device_custody (device_id, recorded_for, state, holder_entra_id, place, contested, set_aside_at)
       values ($1, $1, 'in_use', $2, 'Stores', true, now()) returning id`,
      [device, personId(3)],
    );
    const settlement = { deviceId: device, custodyId: contested?.id ?? 0, reason: 'Person 3 has it' };
    const entry = await audited('device.custody-settled', () =>
      new ContradictionService(transactor).settle(settlement, DESK),
    );
    expect(entry).toMatchObject({ actor: DESK.actor, subject: `device:${device}` });
  });

  it('has saved views', async () => {
    const views = new SavedViews(transactor);
    const access: CurrentAccess = {
      ...{ actor: DESK.actor, personEntraId: personId(9), displayName: 'Person 9', roles: ['service-desk'] },
      ...{ permissions: new Set(PERMISSIONS), isManager: false, surface: 'page', sessionId: null },
    };
    const words = { name: 'Of Zebedee', sharedWith: null, isDefault: false };
    const submission = '05e9a617-0261-4cee-bb44-138d3ef5d965';
    let id = 0;
    await audited('saved-view.saved', async () => {
      ({ id } = await views.save(access, { ...words, list: 'devices', query: 'user=zebedee' }, submission));
    });
    await audited('saved-view.changed', () => views.change(access, id, { ...words, sharedWith: 'service-desk' }));
    await audited('saved-view.default-chosen', () => views.choose(access, id, true));
    const deleted = await audited('saved-view.deleted', () => views.remove(access, id));
    expect(deleted).toMatchObject({ actor: DESK.actor, subject: `saved-view:${id}`, details: { list: 'devices' } });
  });

  it('is whole after all of it and holds no value of a person or a machine, nor what was typed', async () => {
    expect((await verifyChain(database.dataSource)).firstBreak).toBeNull();
    expect(await personalValuesInAudit(database.dataSource)).toEqual([]);
    const typed = ['zebedee', 'council.example', 'telephone', 'INC-4711', 'Erasure', 'Civic', 'CERT-1', 'WEEE'];
    const found = await database.dataSource.query<unknown[]>(
      `select id from audit_event where concat_ws(' ', event, actor, subject_id, details::text) ~* $1`,
      [typed.join('|')],
    );
    expect(found).toEqual([]);
  });
});
