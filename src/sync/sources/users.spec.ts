import { convertPage, type ReadKind } from '../domain/record-conversion.js';
import { users } from './users.js';

const ID = '00000000-0000-4000-8000-000000000001';
const MANAGER = '00000000-0000-4000-8000-00000000000A';
const OTHER = '00000000-0000-4000-8000-00000000000B';
const SKU = '00000000-0000-4000-8000-0000000000C1';
const SECOND_SKU = '00000000-0000-4000-8000-0000000000C2';
const GROUP = '00000000-0000-4000-8000-0000000000D1';
const low = (id: string): string => id.toLowerCase();

function converted(user: object, read: ReadKind = 'full') {
  const { records, quarantined } = convertPage([{ id: ID, ...user }], users.shape, read);
  return { fields: records.get(ID)?.fields ?? {}, quarantined };
}

describe('the manager of a person', () => {
  it.each<[string, ReadKind, object, unknown]>([
    ['absent from a list: nobody', 'full', {}, null],
    ['absent from a delta: unchanged', 'delta', {}, undefined],
    ['null in a list', 'full', { manager: null }, null],
    ['null in a delta', 'delta', { manager: null }, null],
    ['an object in a list', 'full', { manager: { '@odata.type': '#microsoft.graph.user', id: MANAGER } }, low(MANAGER)],
    ['an object in a delta', 'delta', { manager: { id: MANAGER } }, low(MANAGER)],
    ['set in a delta', 'delta', { 'manager@delta': [{ id: MANAGER }] }, low(MANAGER)],
    ['taken away in a delta', 'delta', { 'manager@delta': [{ id: MANAGER, '@removed': { reason: 'deleted' } }] }, null],
    [
      'replaced in a delta, the old one first',
      'delta',
      { 'manager@delta': [{ id: MANAGER, '@removed': { reason: 'deleted' } }, { id: OTHER }] },
      low(OTHER),
    ],
    [
      'replaced in a delta, the old one last',
      'delta',
      { 'manager@delta': [{ id: OTHER }, { id: MANAGER, '@removed': { reason: 'deleted' } }] },
      low(OTHER),
    ],
    ['an empty change', 'delta', { 'manager@delta': [] }, null],
    ['the all-zero id', 'full', { manager: { id: '00000000-0000-0000-0000-000000000000' } }, null],
    ['the person himself, as Graph says it', 'full', { manager: { id: ID } }, ID],
  ])('%s', (_title, read, user, expected) => {
    expect(converted(user, read).fields['manager_entra_id']).toBe(expected);
  });

  it.each([
    ['an id in place of an object', { manager: MANAGER }, 'manager'],
    ['a list', { manager: [{ id: MANAGER }] }, 'manager'],
    ['a number for an id', { manager: { id: 7 } }, 'manager'],
    ['an object in place of changes', { 'manager@delta': { id: MANAGER } }, 'manager@delta'],
    ['a text among the changes', { 'manager@delta': [MANAGER] }, 'manager@delta'],
  ])('%s is quarantined', (_title, user, field) => {
    expect(converted(user).quarantined).toMatchObject([{ externalId: ID, field }]);
  });
});

describe('the licences of a person', () => {
  const stated = (skuId: string, more: object = {}) => ({ skuId, state: 'Active', error: 'None', ...more });

  it('come from the assignment states, with the group that brings them', () => {
    const state = stated(SKU, {
      assignedByGroup: GROUP,
      disabledPlans: ['00000000-0000-4000-8000-0000000000E1'],
      lastUpdatedDateTime: '2026-01-02T03:04:05Z',
    });
    expect(converted({ assignedLicenses: [{ skuId: SKU }], licenseAssignmentStates: [state] }).fields).toMatchObject({
      licence_assignments: [
        {
          sku_id: low(SKU),
          group_id: low(GROUP),
          state: 'Active',
          error: 'None',
          disabled_plans: ['00000000-0000-4000-8000-0000000000E1'],
          updated_at: '2026-01-02T03:04:05Z',
        },
      ],
    });
  });

  it('come from the bare list where there is no state, and once', () => {
    const { fields } = converted({
      assignedLicenses: [{ skuId: SECOND_SKU, disabledPlans: [] }, { skuId: SKU }],
      licenseAssignmentStates: [stated(SKU)],
    });
    expect(fields['licence_assignments']).toMatchObject([
      { sku_id: low(SKU), state: 'Active' },
      { sku_id: low(SECOND_SKU), state: null, group_id: null, disabled_plans: [] },
    ]);
  });

  it('keep an assignment that failed, although the product is not in the bare list', () => {
    const failed = stated(SKU, { state: 'Error', error: 'CountViolation' });
    expect(converted({ assignedLicenses: [], licenseAssignmentStates: [failed] }).fields).toMatchObject({
      licence_assignments: [{ sku_id: low(SKU), state: 'Error', error: 'CountViolation' }],
    });
  });

  it('are the same in whatever order Graph sends them', () => {
    const states = [stated(SKU, { assignedByGroup: GROUP }), stated(SKU), stated(SECOND_SKU)];
    const inOrder = converted({ licenseAssignmentStates: states }).fields;
    expect(converted({ licenseAssignmentStates: states.toReversed() }).fields).toEqual(inOrder);
    expect(inOrder['licence_assignments']).toHaveLength(3);
  });

  it.each<[string, object, unknown]>([
    ['absent: unchanged', {}, undefined],
    ['empty lists', { assignedLicenses: [], licenseAssignmentStates: [] }, []],
    ['null', { assignedLicenses: null, licenseAssignmentStates: null }, []],
  ])('%s', (_title, user, expected) => {
    expect(converted(user).fields['licence_assignments']).toEqual(expected);
  });

  it.each([
    ['an entry without a product', { licenseAssignmentStates: [{ state: 'Active' }] }],
    ['an entry that is a text', { licenseAssignmentStates: ['x'] }],
    ['an object in place of the list', { assignedLicenses: {} }],
    ['more entries than anybody has', { assignedLicenses: Array.from({ length: 501 }, () => ({ skuId: SKU })) }],
  ])('%s is quarantined', (_title, user) => {
    expect(converted(user).quarantined).toHaveLength(1);
  });
});

describe('the other facts of a person', () => {
  it('keep the extension attributes that are filled and nothing else', () => {
    const attributes = { extensionAttribute1: 'HQ', extensionAttribute2: '', extensionAttribute15: 'X', other: 'no' };
    expect(converted({ onPremisesExtensionAttributes: attributes }).fields).toMatchObject({
      on_premises_extension_attributes: { extensionAttribute1: 'HQ', extensionAttribute15: 'X' },
    });
  });

  it.each<[string, object, unknown]>([
    ['none filled', { onPremisesExtensionAttributes: { extensionAttribute1: null } }, null],
    ['null', { onPremisesExtensionAttributes: null }, null],
    ['absent', {}, undefined],
  ])('extension attributes: %s', (_title, user, expected) => {
    expect(converted(user).fields['on_premises_extension_attributes']).toEqual(expected);
  });

  it.each<[string, object, object]>([
    [
      'both',
      { employeeOrgData: { division: 'Housing', costCenter: '4711' } },
      { division: 'Housing', cost_centre: '4711' },
    ],
    ['one', { employeeOrgData: { division: 'Housing' } }, { division: 'Housing', cost_centre: null }],
    ['null clears both', { employeeOrgData: null }, { division: null, cost_centre: null }],
  ])('division and cost centre: %s', (_title, user, expected) => {
    expect(converted(user).fields).toMatchObject(expected);
  });

  it('division and cost centre stay when nothing is said of them', () => {
    expect(Object.keys(converted({}).fields)).toEqual(['manager_entra_id']);
  });
});
