import { GraphMeter, resourceUnitsOf } from './graph-meter.js';

describe('resource units', () => {
  it.each([
    ['/users', 2],
    ['/users?$select=id', 1],
    ['/users?$select=id&$expand=manager', 2],
    ['/users/delta?$select=id', 1],
    ['/users?$expand=manager', 3],
    ['/users?$top=19', 1],
    ['/users?$top=20', 2],
    ['/users?%24select=id', 1],
    ['/users/1', 1],
    ['/subscribedSkus', 3],
    ['/devices?$select=id', 1],
    ['/devices?$expand=registeredOwners', 2],
  ])('of GET %s are %i by the documented table', (path, units) => {
    expect(resourceUnitsOf(`https://graph.microsoft.com/v1.0${path}`)).toBe(units);
  });

  it('are those that the answer reports, where it does', () => {
    const meter = new GraphMeter();

    meter.recordAnswer('https://graph.microsoft.com/v1.0/users', new Headers({ 'x-ms-resource-unit': '5' }), 10);
    meter.recordAnswer('https://graph.microsoft.com/v1.0/users', new Headers({ 'x-ms-resource-unit': 'many' }), 10);

    expect(meter).toMatchObject({ resourceUnits: 5 + 2, bytes: 20, throttleLimitPercentage: null });
  });
});
