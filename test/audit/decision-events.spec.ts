import type { Actor } from '../../src/audit/actor.js';
import type { AuditEventName } from '../../src/audit/audit-events.js';
import { verifyChain } from '../../src/audit/chain-verification.js';
import { FormFactorOverrides } from '../../src/devices/form-factor-override.service.js';
import { FormFactorService } from '../../src/devices/form-factor.service.js';
import { IdentityQueries } from '../../src/devices/identity.queries.js';
import { IdentityService } from '../../src/devices/identity.service.js';
import { ReviewService } from '../../src/devices/review.service.js';
import { Transactor } from '../../src/database/transactor.js';
import { openRegister, type RegisterFixture } from '../import/register-fixture.js';
import { auditedAs, auditHead, personalValuesInAudit, type SeenEntry } from '../support/audit.js';
import { deviceOf, say } from '../support/identity-fixture.js';

const ACTOR: Actor = 'person:05e9a617-0261-4cee-bb44-138d3ef5d965';
const WHY = 'Zebedee Canaryfield (zebedee@canary.example) has CANARYSERIAL77 on the desk';

describe('the audit trail of decisions and imports', () => {
  let fixture: RegisterFixture;
  let identity: IdentityService;
  let formFactors: FormFactorService;
  let reviews: ReviewService;
  let overrides: FormFactorOverrides;
  beforeAll(async () => {
    fixture = await openRegister();
    const transactor = new Transactor(fixture.database.dataSource);
    identity = new IdentityService(transactor);
    formFactors = new FormFactorService(transactor);
    reviews = new ReviewService(transactor);
    overrides = new FormFactorOverrides(transactor);
    const person = { entraId: ACTOR.slice(7), upn: 'zebedee@canary.example', mail: 'z.canaryfield@mail.example' };
    await fixture.addPeople([person]);
    await fixture.rows(`update person set display_name = 'Zebedee Canaryfield'`);
  });
  afterAll(() => fixture.close());

  const audited = (event: AuditEventName, work: () => Promise<unknown>): Promise<SeenEntry> =>
    auditedAs(fixture.database.dataSource, event, work);
  const resolve = async (): Promise<void> => {
    await identity.resolvePending();
    await formFactors.classifyPending();
  };
  /** Two enrolments alive together with one serial number, each with its Entra device. */
  const twins = async (name: string): Promise<number[]> => {
    const { dataSource } = fixture.database;
    for (const number of [1, 2]) {
      const facts = { entra_device_id: `d-${name}-${number}`, name: `CANARY-HOST-${name}-${number}` };
      await say(dataSource, 'managed-devices', `m-${name}-${number}`, { ...facts, serial_number: `CANARY77${name}` });
      await say(dataSource, 'entra-devices', `e-${name}-${number}`, facts);
    }
    await resolve();
    return [await deviceOf(dataSource, `m-${name}-1`), await deviceOf(dataSource, `m-${name}-2`)];
  };

  it('has merges, splits and taking them back', async () => {
    const devices = await twins('A');
    let decision = 0;
    const merged = await audited('identity.merged', async () => {
      decision = (await reviews.merge(devices, ACTOR, WHY)).decisionId;
    });
    expect(merged).toEqual({
      event: 'identity.merged',
      actor: ACTOR,
      subject: `device:${devices[0]}`,
      details: { decision, devices: [devices[0]] },
    });
    const undone = await audited('identity.decision-undone', () => reviews.undo(decision, ACTOR, WHY));
    expect(undone).toMatchObject({ subject: `identity-decision:${decision}`, details: { devices } });
    const [record] = await fixture.rows<{ id: number }>(`select id from device_record where external_id = 'e-A-1'`);
    const split = await audited('identity.split', () => reviews.split(devices[0] ?? 0, [record?.id ?? 0], ACTOR, WHY));
    expect(split).toMatchObject({ actor: ACTOR, subject: `device:${devices[0]}` });
  });

  it('has the answers to reviews', async () => {
    await twins('B');
    const open = await new IdentityQueries(fixture.database.dataSource).openReviews();
    const id = open.items.at(-1)?.id ?? 0;
    const settled = await audited('review.settled', () => reviews.settle(id, 'different', ACTOR, WHY));
    expect(settled).toMatchObject({ actor: ACTOR, subject: `review:${id}`, details: { answer: 'different' } });
    const before = await auditHead(fixture.database.dataSource);
    await expect(reviews.settle(id, 'same', ACTOR, WHY)).rejects.toThrow();
    expect(await auditHead(fixture.database.dataSource)).toBe(before);
  });

  it('has decisions about models and machines and taking them back', async () => {
    const [device = 0] = await twins('C');
    const model = ['HP', 'EliteBook 840 G8'] as const;
    const overridden = await audited('form-factor.model-overridden', () =>
      overrides.overrideModel(...model, 'all_in_one', ACTOR, WHY),
    );
    expect(overridden).toMatchObject({ actor: ACTOR, details: { formFactor: 'all_in_one' } });
    expect(overridden.subject).toMatch(/^model-override:\d+$/);
    expect(overridden.details['changed']).toBeGreaterThan(0);
    await audited('form-factor.model-override-withdrawn', () => overrides.withdrawModelOverride(...model, ACTOR, WHY));
    const one = await audited('form-factor.device-overridden', () =>
      overrides.overrideDevice(device, 'tablet', ACTOR, WHY),
    );
    expect(one).toMatchObject({ subject: `device:${device}`, details: { devices: 1, changed: 1 } });
    await audited('form-factor.device-override-withdrawn', () => overrides.withdrawDeviceOverride(device, ACTOR, WHY));
  });

  it('has runs that gave machines another class, and none that changed nothing', async () => {
    await twins('D');
    await fixture.rows(`update device_record set model = 'OptiPlex 7090', manufacturer = 'Dell Inc.',
      resolution_pending = true, changed_at = now() where external_id like '%-D-%'`);
    const entry = await audited('form-factor.machines-reclassified', resolve);
    expect(entry).toMatchObject({ actor: 'system:classification', subject: null, details: { cause: 'records' } });
    const before = await auditHead(fixture.database.dataSource);
    await resolve();
    expect(await auditHead(fixture.database.dataSource)).toBe(before);
  });

  it('has imports: staged, decided, applied and undone, and mappings', async () => {
    const twinned = await fixture.addDevices([
      { serial: 'CANARYTWIN9', manufacturer: 'Dell Inc.' },
      { serial: 'CANARYTWIN9', manufacturer: 'HP Inc.' },
    ]);
    const content = 'Asset tag,Serial number\nCANARY-TAG-1,CANARYREG1\nCANARY-TAG-2,CANARYTWIN9\n';
    let id = 0;
    const staged = await audited('import.staged', async () => {
      ({ id } = await fixture.imports.stage([content] as unknown as AsyncIterable<string>, {
        actor: ACTOR,
        fileName: 'Zebedee Canaryfield.csv',
        idempotencyKey: 'k',
      }));
    });
    expect(staged).toMatchObject({ actor: ACTOR, subject: `import:${id}`, details: { new: 1, conflict: 1 } });
    const decided = await audited('import.row-decided', () => fixture.imports.decide(id, 3, twinned[0] ?? 0, ACTOR));
    expect(decided).toMatchObject({ subject: `import:${id}`, details: { line: 3, device: twinned[0] } });
    const applied = await audited('import.applied', () => fixture.imports.apply(id, ACTOR));
    expect(applied).toMatchObject({ subject: `import:${id}`, details: { new: 2 } });
    const undone = await audited('import.undone', () => fixture.imports.undo(id, ACTOR, WHY));
    expect(undone).toMatchObject({ details: { removed: 2, refused: 0 } });
    await audited('import-mapping.saved', () =>
      fixture.mappings.save('Zebedee list', 'delivery-note', { 'S/N': 'serialNumber' }, ACTOR),
    );
    await fixture.bring(content);
  });

  it('is whole after all of it and holds no value of a person or a machine, nor what was typed', async () => {
    expect((await verifyChain(fixture.database.dataSource)).firstBreak).toBeNull();
    expect(await personalValuesInAudit(fixture.database.dataSource)).toEqual([]);
    const found = await fixture.rows(`select id from audit_event where audit_event::text ~* 'canary|zebedee'`);
    expect(found).toEqual([]);
  });
});
