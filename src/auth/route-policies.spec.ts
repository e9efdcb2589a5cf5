import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Access, OpenToAll, SignedIn } from './access.decorator.js';
import { problemsOf, RoutePolicies, tableOf, type RoutePolicy } from './route-policies.js';

@Controller('things')
class ThingsController {
  @Access('estate:read', { own: 'device' })
  @Get(':id')
  one(): void {}

  @SignedIn()
  @Get()
  list(): void {}

  @Access('custody:write', { audit: 'token.issued' })
  @Post(':id/give')
  give(): void {}

  @Post('forgotten')
  forgotten(): void {}

  @OpenToAll()
  @Post('unaudited')
  unaudited(): void {}
}

@OpenToAll()
@Controller()
class OpenController {
  @Get(['', 'start'])
  start(): void {}
}

@Module({ imports: [DiscoveryModule], controllers: [ThingsController, OpenController], providers: [RoutePolicies] })
class ThingsModule {}

function route(method: string, policy: RoutePolicy['policy']): RoutePolicy {
  return { method, path: '/x', handler: 'XController.x', policy };
}

describe('the policies of routes', () => {
  let policies: RoutePolicies;
  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [ThingsModule] }).compile();
    policies = module.get(RoutePolicies);
  });

  it('are found for every route, on its method or its controller', () => {
    expect(policies.all().map(({ method, path, policy }) => [method, path, policy?.kind ?? null])).toEqual([
      ['GET', '/', 'open'],
      ['GET', '/start', 'open'],
      ['GET', '/things', 'signed-in'],
      ['GET', '/things/:id', 'permission'],
      ['POST', '/things/:id/give', 'permission'],
      ['POST', '/things/forgotten', null],
      ['POST', '/things/unaudited', 'open'],
    ]);
  });

  it('V-12, V-17: keep the application from starting, naming every route without one and every write without event', () => {
    const served = ['GET /', 'HEAD /', 'GET /start', 'GET /things', 'GET /things/:id', 'GET /behind-the-guard'];
    expect(() => policies.check(served)).toThrow(
      /POST \/things\/forgotten \(ThingsController\.forgotten\): declares neither[^]*POST \/things\/unaudited[^]*no audit event[^]*GET \/behind-the-guard: no controller/,
    );
  });

  it('V-11: let no right to read open a change, and no change go without its event', () => {
    const own = { kind: 'permission', own: 'device' } as const;
    const problems = (method: string, policy: RoutePolicy['policy']): number =>
      problemsOf([route(method, policy)]).length;
    expect(problems('GET', { ...own, permission: 'estate:read' })).toBe(0);
    expect(problems('POST', { ...own, permission: 'custody:write', audit: 'token.issued' })).toBe(1);
    expect(problems('GET', { ...own, permission: 'custody:write' })).toBe(1);
    expect(problems('GET', { kind: 'open', audit: 'token.issued' })).toBe(1);
    expect(problems('POST', { kind: 'signed-in', storesNothing: true })).toBe(0);
    expect(problems('POST', { kind: 'signed-in', storesNothing: true, audit: 'token.issued' })).toBe(1);
    expect(problems('DELETE', { kind: 'signed-in', audit: [] })).toBe(1);
  });

  it('are a table that a person can read', () => {
    const table = tableOf([
      route('GET', { kind: 'permission', permission: 'estate:read', own: 'device' }),
      route('POST', { kind: 'open', audit: ['session.started', 'session.ended'] }),
    ]);
    expect(table).toBe(
      [
        'Method  Path  Permission   Audit event                     Own',
        'GET     /x    estate:read                                  device',
        'POST    /x    open         session.started, session.ended',
        '',
      ].join('\n'),
    );
  });
});
