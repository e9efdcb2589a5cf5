import { convertPage } from '../domain/record-conversion.js';
import { subscribedSkus } from './subscribed-skus.js';

const SKU_ID = '00000000-0000-4000-8000-0000000000c1';

function converted(sku: object) {
  const { records, quarantined } = convertPage([{ skuId: SKU_ID, ...sku }], subscribedSkus.shape, 'full');
  return { fields: records.get(SKU_ID)?.fields ?? {}, quarantined };
}

describe('subscribed products', () => {
  it.each<[string, object, object]>([
    [
      'all four kinds of units',
      { prepaidUnits: { enabled: 25, suspended: 1, warning: 2, lockedOut: 3 } },
      { enabled_units: 25, suspended_units: 1, warning_units: 2, locked_out_units: 3 },
    ],
    [
      'a kind that is absent is unknown, not zero',
      { prepaidUnits: { enabled: 25, suspended: 0, warning: 0 } },
      { enabled_units: 25, suspended_units: 0, warning_units: 0, locked_out_units: null },
    ],
    [
      'null',
      { prepaidUnits: null },
      { enabled_units: null, suspended_units: null, warning_units: null, locked_out_units: null },
    ],
    ['absent: unchanged', {}, {}],
  ])('units: %s', (_title, sku, expected) => {
    expect(converted(sku).fields).toEqual(expected);
  });

  it('keep the id, name and status of each service plan', () => {
    const plan = {
      servicePlanId: SKU_ID.toUpperCase(),
      servicePlanName: 'TEAMS1',
      provisioningStatus: 'Success',
      appliesTo: 'User',
    };
    expect(converted({ servicePlans: [plan, {}] }).fields).toEqual({
      service_plans: [
        { id: SKU_ID, name: 'TEAMS1', status: 'Success' },
        { id: null, name: null, status: null },
      ],
    });
  });

  it.each([
    ['a fraction of a unit', { prepaidUnits: { warning: 0.5 } }, 'prepaidUnits.warning'],
    ['fewer than no units', { prepaidUnits: { enabled: -1 } }, 'prepaidUnits.enabled'],
    ['units in words', { prepaidUnits: { enabled: '25' } }, 'prepaidUnits.enabled'],
    ['a list of units', { prepaidUnits: [25] }, 'prepaidUnits'],
    ['a number of units', { prepaidUnits: 25 }, 'prepaidUnits'],
    ['fewer than none in use', { consumedUnits: -1 }, 'consumedUnits'],
    ['plans that are no list', { servicePlans: {} }, 'servicePlans'],
    ['a plan whose name is a number', { servicePlans: [{ servicePlanName: 7 }] }, 'servicePlans'],
  ])('%s is quarantined under %s', (_title, sku, field) => {
    expect(converted(sku).quarantined).toMatchObject([{ externalId: SKU_ID, field }]);
  });
});
