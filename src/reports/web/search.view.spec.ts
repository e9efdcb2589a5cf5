import type { DeviceSummary } from '../../devices/devices.queries.js';
import type { WhoHasWhat } from '../who-has-what.queries.js';
import { searchView } from './search.view.js';

const now = new Date('2026-11-23T10:00:00Z');

function found(device: Partial<DeviceSummary>, changes: Partial<WhoHasWhat> = {}): WhoHasWhat {
  const devices = [
    { id: 1, name: 'LT-1', presence: 'present', user: null, lastSeenAt: null, ...device } as DeviceSummary,
  ];
  return { people: [], morePeople: false, devices, moreDevices: false, asOf: '2026-11-23T09:30:00.000Z', ...changes };
}

describe('the search page', () => {
  it.each([
    ['HP', 'HP EliteBook 840 G10', 'HP EliteBook 840 G10'],
    ['Dell Inc.', 'OptiPlex 5040', 'Dell Inc. OptiPlex 5040'],
    ['LENOVO', null, 'LENOVO'],
    [null, 'Surface Pro', 'Surface Pro'],
    [null, null, 'unknown model'],
  ])('calls a machine of %s with the model %s %s', (manufacturer, model, shown) =>
    expect(searchView('x', found({ manufacturer, model }), now).devices[0]?.model).toBe(shown),
  );

  it('tells an empty box from a search without a result', () => {
    expect(searchView('', null, now)).toMatchObject({ searched: false, nothing: false, title: 'Who has what' });
    expect(searchView('x', found({}, { devices: [] }), now)).toMatchObject({ searched: true, nothing: true });
  });

  it('says who has it, that nobody has, and that the directory does not know them', () => {
    const user = (given: DeviceSummary['user']): unknown =>
      searchView('x', found({ user: given }), now).devices[0]?.user;
    expect(user({ id: 7, entraId: 'a', displayName: 'Asha Shah' })).toEqual({ name: 'Asha Shah' });
    expect(user({ id: null, entraId: 'a', displayName: null })).toEqual({ name: null });
    expect(user(null)).toBeNull();
  });

  it('says that there is more, and how old the answer is', () => {
    const view = searchView('x', found({}, { moreDevices: true }), now);
    expect(view.more).toContain('Type more');
    expect(view.age?.age).toBe('30 minutes ago');
  });
});
