import { emptyEstate, identityState, deviceOf, rowVersions, say } from '../../test/support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { ConflictError, InputError, NotFoundError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { FormFactorCatalogue } from './domain/form-factor/catalogue.js';
import { formFactorCatalogueVersion, loadFormFactorCatalogue, readCatalogueData } from './form-factor-catalogue.js';
import { FormFactorOverrides } from './form-factor-override.service.js';
import { basisWith, FormFactorService, shippedBasis } from './form-factor.service.js';
import { IdentityService } from './identity.service.js';
import { ReviewService } from './review.service.js';

const ACTOR = 'person:1';
const WHY = 'Seen on the desk';

describe('FormFactorService', () => {
  let database: TestDatabase;
  let transactor: Transactor;
  let identity: IdentityService;
  let formFactors: FormFactorService;
  let overrides: FormFactorOverrides;
  beforeAll(async () => {
    database = await createTestDatabase({ connections: 8 });
    transactor = new Transactor(database.dataSource);
    identity = new IdentityService(transactor);
    formFactors = new FormFactorService(transactor);
    overrides = new FormFactorOverrides(transactor);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await emptyEstate(database.dataSource);
    await database.dataSource.query('truncate form_factor_catalogue, model_override');
  });

  const query = <T>(sql: string, parameters?: unknown[]): Promise<T[]> => database.dataSource.query(sql, parameters);

  /** Stores one machine of each model, `m1` first, and classifies them; their device ids. */
  async function machines(...models: (readonly [manufacturer: string, model: string])[]): Promise<number[]> {
    const ids: number[] = [];
    for (const [index, [manufacturer, model]] of models.entries()) {
      await say(database.dataSource, 'managed-devices', `m${index + 1}`, { manufacturer, model });
    }
    await resolve();
    for (const index of models.keys()) ids.push(await deviceOf(database.dataSource, `m${index + 1}`));
    return ids;
  }

  async function resolve(): Promise<void> {
    await identity.resolvePending();
    await formFactors.classifyPending();
  }

  async function classOf(id: number | undefined): Promise<string> {
    const [row] = await query<{ form_factor: string }>('select form_factor from device where id = $1', [id]);
    return row?.form_factor ?? 'none';
  }

  const history = (): Promise<unknown[]> =>
    query(`select device_id as device, from_form_factor || ' > ' || to_form_factor as change, cause, rule, changed_by as by
           from form_factor_change order by id`);

  it('stores class, superclass, rule, confidence, who decided and the evidence', async () => {
    await machines(['Dell Inc.', 'OptiPlex 7080']);
    const [row] = await query<{ form_factor_rule: string; form_factor_evidence: { evidence: unknown[] } }>(
      `select form_factor, form_factor_superclass, form_factor_rule, form_factor_confidence > 0.9 as sure,
              form_factor_decided_by, form_factor_contradicted, form_factor_evidence, manufacturer_key, model_key,
              form_factor_at is not null as dated from device`,
    );
    expect(row).toMatchObject({
      form_factor: 'desktop',
      form_factor_superclass: 'fixed',
      sure: true,
      form_factor_decided_by: 'catalogue',
      form_factor_contradicted: false,
      form_factor_evidence: { contradictions: [] },
      manufacturer_key: 'DELL',
      model_key: 'OPTIPLEX 7080',
      dated: true,
    });
    expect(row?.form_factor_rule).toMatch(/^dell-/);
    expect(row?.form_factor_evidence.evidence).toMatchObject([{ kind: 'catalogue', formFactor: 'desktop' }]);
    expect(await history()).toEqual([]);
  });

  it('writes nothing the second time, and neither does the resolver after it', async () => {
    await machines(['Dell Inc.', 'OptiPlex 7080'], ['Unheard Maker', 'QZ 1'], ['LENOVO', '20XW00AAUK']);
    const [rows, state] = [await rowVersions(database.dataSource), await identityState(database.dataSource)];
    expect(await formFactors.classifyPending()).toEqual({ classified: 0, written: 0, changed: 0 });
    await query('update device_record set resolution_pending = true');
    await identity.resolvePending();
    expect(await formFactors.classifyPending()).toEqual({ classified: 0, written: 0, changed: 0 });
    expect(await identityState(database.dataSource)).toEqual(state);
    const after = await rowVersions(database.dataSource);
    const devices = (versions: Map<string, string>): unknown =>
      [...versions].filter(([row]) => row.startsWith('device '));
    expect(devices(after)).toEqual(devices(rows));
  });

  it('classifies again what the records say differently, and keeps what it was', async () => {
    const [id] = await machines(['Dell Inc.', 'OptiPlex 7080']);
    await query(`update device_record set model = 'Latitude 5420', resolution_pending = true`);
    await resolve();
    expect(await classOf(id)).toBe('laptop');
    // A new name alone is no new class.
    await query(`update device_record set name = 'LT-7', resolution_pending = true`);
    await resolve();
    expect(await history()).toEqual([
      { device: id, change: 'desktop > laptop', cause: 'records', rule: 'dell-latitude', by: null },
    ]);
  });

  it('decides a model at once for every spelling and every later machine of it', async () => {
    const ids = await machines(
      ['Unheard Maker', 'QZ 1'],
      ['UNHEARD MAKER', 'qz-1'],
      ['Unheard Maker', 'QZ 2'],
      ['Dell Inc.', 'Latitude 5420'],
    );
    const outcome = await overrides.overrideModel('Unheard maker', 'QZ_1', 'all_in_one', ACTOR, WHY);
    expect(outcome).toMatchObject({ devices: 2, changed: 2 });
    expect(await Promise.all(ids.map(classOf))).toEqual(['all_in_one', 'all_in_one', 'unknown', 'laptop']);
    await say(database.dataSource, 'managed-devices', 'later', { manufacturer: 'Unheard Maker', model: 'QZ 1' });
    await resolve();
    expect(await classOf(await deviceOf(database.dataSource, 'later'))).toBe('all_in_one');
    const withdrawn = await overrides.withdrawModelOverride('Unheard Maker', 'QZ 1', 'person:2', 'It folds');
    expect(withdrawn).toMatchObject({ overrideId: outcome.overrideId, devices: 3, changed: 3 });
    expect(await classOf(ids[0])).toBe('unknown');
    const lines = (await history()) as { device: number }[];
    expect(lines.filter(({ device }) => device === ids[0])).toEqual([
      { device: ids[0], change: 'unknown > all_in_one', cause: 'override', rule: 'override-of-model', by: ACTOR },
      { device: ids[0], change: 'all_in_one > unknown', cause: 'withdrawal', rule: 'no-rule', by: 'person:2' },
    ]);
    expect(await query('select decided_by, reason, withdrawn_by, withdrawal_reason from model_override')).toEqual([
      { decided_by: ACTOR, reason: WHY, withdrawn_by: 'person:2', withdrawal_reason: 'It folds' },
    ]);
  });

  it('takes all configurations of a Lenovo machine type for one model', async () => {
    const ids = await machines(['LENOVO', '20XW00AAUK'], ['LENOVO', '20XWCTO1WW']);
    expect((await overrides.overrideModel('Lenovo', '20XW', 'convertible', ACTOR, WHY)).devices).toBe(2);
    expect(await classOf(ids[1])).toBe('convertible');
  });

  it('lets a decision about a device outrank one about its model, and survive every sync', async () => {
    const [one, other] = await machines(['Dell Inc.', 'Latitude 5420'], ['Dell Inc.', 'Latitude 5420']);
    await overrides.overrideDevice(one ?? 0, 'desktop', ACTOR, WHY);
    await overrides.overrideModel('Dell', 'Latitude 5420', 'convertible', ACTOR, WHY);
    await query(`update device_record set resolution_pending = true, name = 'NEW'`);
    await resolve();
    expect([await classOf(one), await classOf(other)]).toEqual(['desktop', 'convertible']);
    const [row] = await query('select form_factor_contradicted, form_factor_decided_by from device where id = $1', [
      one,
    ]);
    expect(row).toEqual({ form_factor_contradicted: true, form_factor_decided_by: 'device_override' });
    await overrides.withdrawDeviceOverride(one ?? 0, ACTOR, 'Looked again');
    expect(await classOf(one)).toBe('convertible');
  });

  it('keeps a decision about a machine that turned out to be another one', async () => {
    const [one, other] = await machines(['Dell Inc.', 'Latitude 5420'], ['Dell Inc.', 'Latitude 5420']);
    const [first = 0, second = 0] = [one, other];
    await overrides.overrideDevice(second, 'tablet', ACTOR, WHY);
    await new ReviewService(transactor).merge([first, second], ACTOR, 'One asset tag');
    await formFactors.classifyPending();
    expect(await classOf(first)).toBe('tablet');
    await expect(overrides.overrideDevice(second, 'laptop', ACTOR, WHY)).rejects.toThrow(ConflictError);
    await overrides.withdrawDeviceOverride(first, ACTOR, 'Looked again');
    expect(await classOf(first)).toBe('laptop');
  });

  it('refuses what cannot be decided, and says which field', async () => {
    const [id = 0] = await machines(['To Be Filled By O.E.M.', 'To Be Filled By O.E.M.']);
    await expect(
      overrides.overrideModel('To Be Filled By O.E.M.', 'To Be Filled By O.E.M.', 'desktop', ACTOR, WHY),
    ).rejects.toMatchObject({ fields: [{ field: 'model' }] });
    await expect(overrides.overrideModel('Dell', ' ', 'desktop', ACTOR, WHY)).rejects.toThrow(InputError);
    await expect(overrides.overrideDevice(id, 'toaster', ACTOR, WHY)).rejects.toMatchObject({
      fields: [{ field: 'class' }],
    });
    await expect(overrides.overrideDevice(id, 'constructor', ACTOR, WHY)).rejects.toThrow(InputError);
    await expect(overrides.overrideDevice(id, 'desktop', ACTOR, ' ')).rejects.toThrow(InputError);
    await expect(overrides.overrideDevice(id + 1, 'desktop', ACTOR, WHY)).rejects.toThrow(NotFoundError);
    await expect(overrides.withdrawDeviceOverride(id, ACTOR, WHY)).rejects.toThrow(NotFoundError);
    await expect(overrides.withdrawModelOverride('Dell', 'Latitude 5420', ACTOR, WHY)).rejects.toThrow(NotFoundError);
    expect(await classOf(id)).toBe('unknown');
  });

  it('lets one of many who decide at the same time have their way', async () => {
    const [id = 0] = await machines(['Unheard Maker', 'QZ 1']);
    const classes = ['desktop', 'laptop', 'tablet', 'mini_pc', 'server', 'phone'];
    for (const decide of [
      (formFactor: string) => overrides.overrideModel('Unheard Maker', 'QZ 1', formFactor, ACTOR, WHY),
      (formFactor: string) => overrides.overrideDevice(id, formFactor, ACTOR, WHY),
    ]) {
      const outcomes = await Promise.allSettled(classes.map(decide));
      const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
      const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(lost).toHaveLength(classes.length - 1);
      for (const error of lost) expect(error).toBeInstanceOf(ConflictError);
      expect(await classOf(id)).toBe(classes[won]);
    }
    const withdrawals = await Promise.allSettled(
      classes.map(() => overrides.withdrawDeviceOverride(id, ACTOR, 'Looked again')),
    );
    expect(withdrawals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('loses no decision to a classification that runs at the same time', async () => {
    for (let number = 1; number <= 60; number++) {
      await say(database.dataSource, 'managed-devices', `m${number}`, {
        manufacturer: 'Unheard Maker',
        model: `QZ ${number % 3}`,
      });
    }
    await identity.resolvePending();
    await Promise.all([
      formFactors.classifyPending(),
      overrides.overrideModel('Unheard Maker', 'QZ 1', 'desktop', ACTOR, WHY),
      formFactors.classifyPending(),
      overrides.overrideModel('Unheard Maker', 'QZ 2', 'laptop', ACTOR, WHY),
    ]);
    expect(
      await query(`select model, form_factor, count(*)::int as machines from device group by 1, 2 order by 1, 2`),
    ).toEqual([
      { model: 'QZ 0', form_factor: 'unknown', machines: 20 },
      { model: 'QZ 1', form_factor: 'desktop', machines: 20 },
      { model: 'QZ 2', form_factor: 'laptop', machines: 20 },
    ]);
  });

  it('classifies everything again under a new catalogue, once, and says so in the history', async () => {
    const [known, unheard] = await machines(['Dell Inc.', 'Latitude 5420'], ['Unheard Maker', 'QZ 1']);
    const data = readCatalogueData();
    const [rule] = data.rules.filter(({ vendor }) => vendor === 'any');
    if (rule === undefined) throw new Error('The catalogue has no general rule.');
    const added = { ...rule, id: 'any-qz', patterns: ['QZ *'], words: [], without: [], formFactor: 'mini_pc' as const };
    const next = new FormFactorService(transactor, {
      catalogue: new FormFactorCatalogue({ ...data, rules: [added, ...data.rules] }),
      version: 'next',
      namingRules: [],
    });
    const before = await rowVersions(database.dataSource);
    expect(await next.classifyPending()).toEqual({ classified: 2, written: 1, changed: 1 });
    expect(await next.classifyPending()).toEqual({ classified: 0, written: 0, changed: 0 });
    expect((await rowVersions(database.dataSource)).get(`device ${known}`)).toBe(before.get(`device ${known}`));
    expect(await history()).toEqual([
      { device: unheard, change: 'unknown > mini_pc', cause: 'catalogue', rule: 'any-qz', by: null },
    ]);
  });

  it('has a version that stays while the catalogue does', () => {
    expect(formFactorCatalogueVersion()).toMatch(/^[0-9a-f]{64}$/);
    expect(formFactorCatalogueVersion()).toBe(formFactorCatalogueVersion());
  });

  it('flags a contradiction between the model and what the machine says of itself', async () => {
    await say(database.dataSource, 'managed-devices', 'm1', {
      manufacturer: 'Dell Inc.',
      model: 'OptiPlex 7080',
      operating_system: 'Windows Server',
    });
    await resolve();
    const [row] = await query<{ form_factor_evidence: { contradictions: unknown } }>(
      'select form_factor, form_factor_contradicted, form_factor_evidence from device',
    );
    expect(row).toMatchObject({ form_factor: 'desktop', form_factor_contradicted: true });
    expect(row?.form_factor_evidence.contradictions).toEqual([
      { kind: 'operating_system', value: 'Windows Server', formFactor: 'server', superclass: 'other' },
    ]);
  });

  it('uses the naming convention only where the catalogue is silent', async () => {
    const ids = await machines(['Unheard Maker', 'QZ 1'], ['Dell Inc.', 'OptiPlex 7080']);
    await query(`update device set name = 'LT-' || id, changed_at = now()`);
    await new FormFactorService(transactor, {
      catalogue: loadFormFactorCatalogue(),
      version: formFactorCatalogueVersion(),
      namingRules: [{ pattern: /^LT-/, formFactor: 'laptop' }],
    }).classifyPending();
    expect([await classOf(ids[0]), await classOf(ids[1])]).toEqual(['laptop', 'desktop']);
  });

  it('takes the naming convention of the settings for another version of the rules, and the lack of one for none', () => {
    const named = basisWith([{ prefix: 'LT-', formFactor: 'laptop' }]);
    expect(named.version).not.toBe(shippedBasis().version);
    expect(named.namingRules.map(({ pattern }) => 'lt-fin-0001'.search(pattern))).toEqual([0]);
    expect(named.namingRules.map(({ pattern }) => 'FLT-0001'.search(pattern))).toEqual([-1]);
    expect(basisWith([])).toBe(shippedBasis());
  });

  it('stops between two batches when it is told to', async () => {
    await machines(['Dell Inc.', 'Latitude 5420']);
    await expect(formFactors.classifyPending(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
