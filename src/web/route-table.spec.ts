import { RouteTable } from './route-table.js';

describe('the route table', () => {
  const routes = new RouteTable();
  routes.add('GET', '/api/v1/devices/:id');
  routes.add('HEAD', '/api/v1/devices/:id');
  routes.add(['POST'], '/api/v1/imports/:id/rows/:line/decision');
  routes.add('GET', '/api/openapi.json');
  routes.add('GET', '/');

  it.each([
    ['/api/v1/devices/1', ['GET', 'HEAD']],
    ['/api/v1/devices/1?limit=5', ['GET', 'HEAD']],
    ['/api/v1/imports/1/rows/2/decision', ['POST']],
    ['/', ['GET']],
    ['/api/v1/devices/', []],
    ['/api/v1/devices/1/2', []],
    ['/api/openapiXjson', []],
    ['/api/v1/devices', []],
    [`/api/v1/devices/${'/'.repeat(10_000)}`, []],
  ])('knows what %s takes', (url, methods) => expect(routes.methodsAt(url)).toEqual(methods));
});
