import { deviceOf, emptyEstate, say } from '../../test/support/identity-fixture.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { InputError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import { DevicesQueries } from './devices.queries.js';
import { FormFactorOverrides } from './form-factor-override.service.js';
import { FormFactorQueries, type ModelFilter, type ModelView } from './form-factor.queries.js';
import { FormFactorService } from './form-factor.service.js';
import { IdentityService } from './identity.service.js';

describe('FormFactorQueries', () => {
  let database: TestDatabase;
  let queries: FormFactorQueries;
  let overrides: FormFactorOverrides;
  beforeAll(async () => {
    database = await createTestDatabase();
    const transactor = new Transactor(database.dataSource);
    queries = new FormFactorQueries(database.dataSource);
    overrides = new FormFactorOverrides(transactor);
    await emptyEstate(database.dataSource);
    const estate: [number, string, string, string][] = [
      [4, 'Unheard Maker', 'QZ 1', 'Windows'],
      [2, 'UNHEARD MAKER', 'qz-1', 'Windows'],
      [3, 'Unheard Maker', 'QZ 2', 'Windows'],
      [3, 'Dell Inc.', 'OptiPlex 7080', 'Windows'],
      [1, 'Dell', 'OptiPlex 7080', 'Windows Server'],
      [5, 'Dell Inc.', 'Latitude 5420', 'Windows'],
      [2, 'LENOVO', '20XW00AAUK', 'Windows'],
      [1, 'LENOVO', '20XWCTO1WW', 'Windows'],
      [1, 'Default string', 'Default string', 'Windows'],
    ];
    let number = 0;
    for (const [machines, manufacturer, model, operating_system] of estate) {
      for (let count = 0; count < machines; count++) {
        number += 1;
        await say(database.dataSource, 'managed-devices', `m${number}`, { manufacturer, model, operating_system });
      }
    }
    // It is not there any more, so nothing hangs on it.
    await say(database.dataSource, 'managed-devices', 'absent', {
      manufacturer: 'Unheard Maker',
      model: 'QZ 1',
      presence: 'gone',
    });
    await new IdentityService(transactor).resolvePending();
    await new FormFactorService(transactor).classifyPending();
  });
  afterAll(() => database.drop());

  const models = async (filter: ModelFilter = {}): Promise<readonly ModelView[]> =>
    (await queries.models(filter, {})).items;
  const brief = (views: readonly ModelView[]): unknown =>
    views.map(({ model, machines, state }) => [model?.toUpperCase().replace('-', ' '), machines, state]);

  it('lists the models that wait for a decision, those with the most machines first', async () => {
    expect(brief(await models({ state: 'unknown' }))).toEqual([
      ['QZ 1', 6, 'unknown'],
      ['QZ 2', 3, 'unknown'],
      ['DEFAULT STRING', 1, 'unknown'],
    ]);
    const [contradicted, ...others] = await models({ state: 'contradicted' });
    expect(others).toEqual([]);
    expect(contradicted).toMatchObject({
      machines: 4,
      unknown: 0,
      contradicted: 1,
      classes: [{ formFactor: 'desktop', machines: 4 }],
      decidedBy: 'catalogue',
      contradictions: [{ kind: 'operating_system', value: 'Windows Server', formFactor: 'server' }],
      override: null,
    });
    // The doubtful machine comes first among the examples.
    expect(contradicted?.exampleDeviceIds[0]).toBe(await deviceOf(database.dataSource, 'm13'));
    expect(contradicted?.exampleDeviceIds).toHaveLength(4);
  });

  it('counts every present machine once, whatever its maker is called and however it is configured', async () => {
    const all = await models();
    expect(brief(all)).toEqual([
      ['QZ 1', 6, 'unknown'],
      ['LATITUDE 5420', 5, 'decided'],
      ['OPTIPLEX 7080', 4, 'contradicted'],
      [expect.stringContaining('20XW'), 3, 'decided'],
      ['QZ 2', 3, 'unknown'],
      ['DEFAULT STRING', 1, 'unknown'],
    ]);
    expect(all.reduce((sum, { machines }) => sum + machines, 0)).toBe(22);
    expect(brief(await models({ manufacturer: 'dell' }))).toEqual(brief(all.slice(1, 3)));
    expect(brief(await models({ state: 'decided', manufacturer: 'Lenovo Group Limited' }))).toEqual(
      brief(all.slice(3, 4)),
    );
    expect(await models({ manufacturer: 'Nobody' })).toEqual([]);
  });

  it.each([1, 2, 3, 5])('pages by %i without a gap or a repetition', async (limit) => {
    const seen: ModelView[] = [];
    let cursor: string | undefined;
    do {
      const page = await queries.models({}, { limit, cursor });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined && seen.length < 20);
    expect(seen).toEqual(await models());
  });

  it('refuses a cursor of another list', async () => {
    const other = Buffer.from(JSON.stringify(['machines', '["x", 1, null]', 0])).toString('base64url');
    await expect(queries.models({}, { cursor: other })).rejects.toThrow(InputError);
    const page = await new DevicesQueries(database.dataSource).list({}, { limit: 1 });
    await expect(queries.models({}, { cursor: page.next ?? '' })).rejects.toThrow(InputError);
  });

  it('shows decisions with the model and with the machine, and the history of the machine', async () => {
    const id = await deviceOf(database.dataSource, 'm7');
    const device = async (): Promise<unknown> => new DevicesQueries(database.dataSource).one(id);
    await overrides.overrideModel('Unheard Maker', 'QZ 2', 'thin_client', 'person:1', 'Data sheet');
    const decided = await models({ manufacturer: 'Unheard Maker', state: 'decided' });
    expect(decided).toMatchObject([
      { machines: 3, override: { formFactor: 'thin_client', reason: 'Data sheet', decidedBy: 'person:1' } },
    ]);
    await overrides.overrideDevice(id, 'laptop', 'person:2', 'It has a lid');
    expect(await device()).toMatchObject({
      formFactor: 'laptop',
      superclass: 'portable',
      classification: {
        rule: 'override-of-device',
        decidedBy: 'device_override',
        confidence: 1,
        contradicted: true,
        contradictions: [{ kind: 'model_override', formFactor: 'thin_client' }],
        evidence: [{ kind: 'device_override' }, { kind: 'model_override' }, { kind: 'catalogue' }],
        override: { formFactor: 'laptop', decidedBy: 'person:2' },
        history: [
          { from: 'thin_client', to: 'laptop', cause: 'override', by: 'person:2', reason: 'It has a lid' },
          { from: 'unknown', to: 'thin_client', toSuperclass: 'fixed', by: 'person:1', reason: 'Data sheet' },
        ],
      },
    });
    await overrides.withdrawDeviceOverride(id, 'person:2', 'Wrong machine');
    await overrides.withdrawModelOverride('Unheard Maker', 'QZ 2', 'person:1', 'Wrong sheet');
    expect(await device()).toMatchObject({
      formFactor: 'unknown',
      classification: { contradicted: false, override: null, history: { length: 4 } },
    });
  });
});
