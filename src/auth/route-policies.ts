import { Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_POLICY, type AccessPolicy } from './access.decorator.js';

/** A route of a controller and who may call it; `policy` is null where nobody has said. */
export interface RoutePolicy {
  readonly method: string;
  /** As the server matches it, such as `/api/v1/devices/:id`. */
  readonly path: string;
  /** Controller and method, to find it in the source. */
  readonly handler: string;
  readonly policy: AccessPolicy | null;
}

/** Knows who may call which route, and keeps an application from starting in which that is not said of every one. */
@Injectable()
export class RoutePolicies {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** Every route of every controller, in the order of path and method. */
  all(): RoutePolicy[] {
    return routePoliciesOf(this.discovery, this.scanner, this.reflector);
  }

  /**
   * @param served every route that the server has, as method and path; the guard stands before controllers only.
   * @throws Error naming every route that does not say who may call it, or that no controller has.
   */
  check(served: readonly string[]): void {
    const routes = this.all();
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    // The server answers HEAD wherever it answers GET, through the same guard.
    const strangers = served.filter((route) => !known.has(route.replace(/^HEAD /, 'GET ')));
    const problems = [...problemsOf(routes), ...strangers.map((route) => `${route}: no controller has it.`)];
    if (problems.length > 0) throw new Error(`The application cannot start with these routes:\n${problems.join('\n')}`);
  }
}

function routePoliciesOf(discovery: DiscoveryService, scanner: MetadataScanner, reflector: Reflector): RoutePolicy[] {
  const routes = discovery.getControllers().flatMap(({ instance, metatype }) => {
    const controller = instance as Record<string, object> | undefined;
    if (!controller || !metatype) return [];
    return scanner.getAllMethodNames(Object.getPrototypeOf(controller) as object).flatMap((name) => {
      const handler = controller[name] as (...parameters: unknown[]) => unknown;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const policy = reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [handler, metatype]) ?? null;
      const handlerName = `${metatype.name}.${name}`;
      return pathsOf(metatype, handler).map((path) => ({
        method: RequestMethod[method],
        path,
        handler: handlerName,
        policy,
      }));
    });
  });
  const order = ({ path, method }: RoutePolicy): string => `${path} ${method}`;
  return routes.sort((left, right) => (order(left) < order(right) ? -1 : 1));
}

function pathsOf(controller: object, handler: object): string[] {
  const parts = (of: object): string[] => [(Reflect.getMetadata(PATH_METADATA, of) as string | string[]) ?? ''].flat();
  return parts(controller).flatMap((prefix) =>
    parts(handler).map((path) => `/${[prefix, path].flatMap((part) => part.split('/').filter(Boolean)).join('/')}`),
  );
}

/** What is wrong with the declarations, one line for each route; empty when every one says who may call it. */
export function problemsOf(routes: readonly RoutePolicy[]): string[] {
  return routes.flatMap((route) => {
    const problem = problemOf(route);
    return problem === null ? [] : [`${route.method} ${route.path} (${route.handler}): ${problem}`];
  });
}

function problemOf({ method, policy }: RoutePolicy): string | null {
  if (policy === null) return 'declares neither Access, SignedIn nor OpenToAll.';
  const events = [policy.audit ?? []].flat();
  const writes = method !== 'GET' && method !== 'HEAD';
  if (!writes && (events.length > 0 || policy.storesNothing)) return 'only reads, so it has no audit event.';
  if (writes && policy.storesNothing && events.length > 0) return 'stores nothing and yet has an audit event.';
  if (writes && !policy.storesNothing && events.length === 0) return 'changes something and names no audit event.';
  // A right to read what is one's own is no right to change it.
  if (writes && policy.kind === 'permission' && policy.own !== null) return 'opens a change to whom it concerns.';
  if (policy.kind === 'permission' && policy.own !== null && !/:read$/.test(policy.permission)) {
    return 'opens to whom it concerns what is no reading.';
  }
  return null;
}

/** The routes as a table for people: method, path, who, event, whose own. */
export function tableOf(routes: readonly RoutePolicy[]): string {
  const rows = routes.map(({ method, path, policy }) => [
    method,
    path,
    policy === null ? '' : policy.kind === 'permission' ? policy.permission : policy.kind,
    policy?.storesNothing ? 'stores nothing' : [policy?.audit ?? []].flat().join(', '),
    policy?.kind === 'permission' ? (policy.own ?? '') : '',
  ]);
  const all = [['Method', 'Path', 'Permission', 'Audit event', 'Own'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return `${all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
