import { SERVED_COLLECTIONS, type ServedCollection } from './collections.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import type { ServedPath } from './permissions.js';

/** What a path asks for, with the row of the permission table that guards it. */
export type Route =
  | { readonly kind: 'list' | 'count' | 'delta'; readonly collection: ServedCollection; readonly guard: ServedPath }
  | { readonly kind: 'item'; readonly collection: ServedCollection; readonly id: string; readonly guard: ServedPath }
  | { readonly kind: 'manager'; readonly id: string; readonly guard: ServedPath }
  | { readonly kind: 'organization' | 'calls'; readonly guard: ServedPath }
  | { readonly kind: 'call' | 'sessions'; readonly id: string; readonly guard: ServedPath }
  | { readonly kind: 'batch' };

/** Paths below `/v1.0` that the emulator answers. */
export const SUPPORTED_PATHS: readonly string[] = [
  '/users',
  '/users/$count',
  '/users/delta',
  '/users/{id}',
  '/users/{id}/manager',
  '/devices',
  '/devices/$count',
  '/devices/delta',
  '/devices/{id}',
  '/deviceManagement/managedDevices',
  '/deviceManagement/managedDevices/{id}',
  '/deviceManagement/windowsAutopilotDeviceIdentities',
  "/deviceManagement/userExperienceAnalyticsWorkFromAnywhereMetrics('allDevices')/metricDevices",
  '/subscribedSkus',
  '/organization',
  '/communications/callRecords',
  '/communications/callRecords/{id}',
  '/communications/callRecords/{id}/sessions',
  '/$batch',
];

// Resources of endpoint analytics that exist in the beta version only; v1.0 does not know the segment.
const BETA_ONLY = /^userExperienceAnalytics(BatteryHealth|ResourcePerformance)/i;

/**
 * Finds what a path asks for. Segments are not case-sensitive, and a key may stand in brackets or after a slash.
 * @throws GraphFailure for a path that Graph does not have or the emulator does not support
 */
export function routeOf(path: string): Route {
  const [version, ...segments] = path.split('/').slice(1).flatMap(splitKey);
  if (version?.toLowerCase() === 'beta') throw notEmulated('the beta version');
  if (version?.toLowerCase() !== 'v1.0') throw new GraphFailure(400, 'BadRequest', 'Invalid version.');
  const names = segments.map((segment) => segment.toLowerCase());
  const [first, second, third, fourth] = names;
  if (names.length === 1 && first === '$batch') return { kind: 'batch' };
  if (names.length === 1 && first === 'organization') return { kind: 'organization', guard: '/organization' };
  if (names.length === 3 && first === 'users' && third === 'manager') {
    return { kind: 'manager', id: segments[1] ?? '', guard: '/users/{id}/manager' };
  }
  if (first === 'communications' && second === 'callrecords') return callRoute(path, segments.slice(2));
  if (second !== undefined && first === 'devicemanagement') {
    if (BETA_ONLY.test(second))
      throw new GraphFailure(400, 'BadRequest', `Resource not found for the segment '${segments[1] ?? ''}'.`);
    if (second === 'userexperienceanalyticsworkfromanywheremetrics') {
      if (names.length === 4 && third === 'alldevices' && fourth === 'metricdevices')
        return listRoute(collectionNamed('metricDevices'));
      throw notEmulated(`the path ${path}`);
    }
    return collectionRoute(path, `/${first}/${second}`, segments.slice(2));
  }
  return collectionRoute(path, `/${first ?? ''}`, segments.slice(1));
}

function callRoute(path: string, [id, part, ...more]: readonly string[]): Route {
  // The document has no row for the list; its permission is that of a record.
  if (id === undefined) return { kind: 'calls', guard: '/communications/callRecords/{id}' };
  if (part === undefined) return { kind: 'call', id, guard: '/communications/callRecords/{id}' };
  if (part.toLowerCase() !== 'sessions' || more.length > 0) throw notEmulated(`the path ${path}`);
  return { kind: 'sessions', id, guard: '/communications/callRecords/{id}/sessions' };
}

function collectionRoute(path: string, listPath: string, rest: readonly string[]): Route {
  const collection = SERVED_COLLECTIONS.find((served) => served.listPath.toLowerCase() === listPath);
  const [key] = rest;
  if (collection === undefined || rest.length > 1) throw notEmulated(`the path ${path}`);
  if (key === undefined) return listRoute(collection);
  if (collection.family === 'directory' && key.toLowerCase() === '$count' && collection.delta) {
    return { kind: 'count', collection, guard: collection.listPath };
  }
  if (collection.delta && /^delta(\(\))?$/i.test(key)) {
    return { kind: 'delta', collection, guard: collection.name === 'users' ? '/users/delta' : '/devices/delta' };
  }
  if (collection.itemPath === undefined || key.startsWith('$')) throw notEmulated(`the path ${path}`);
  return { kind: 'item', collection, id: key, guard: collection.itemPath };
}

function listRoute(collection: ServedCollection): Route {
  return { kind: 'list', collection, guard: collection.listPath };
}

/** The served collection of that name. */
export function collectionNamed(name: ServedCollection['name']): ServedCollection {
  const collection = SERVED_COLLECTIONS.find((served) => served.name === name);
  if (collection === undefined) throw new RangeError(`No collection ${name}`);
  return collection;
}

function splitKey(segment: string): string[] {
  const [, name, key] = /^([^(]+)\('([^']*)'\)$/.exec(decodeSegment(segment)) ?? [];
  return name === undefined || key === undefined ? [decodeSegment(segment)] : [name, key];
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GraphFailure(400, 'BadRequest', 'The path is not properly URL-encoded.');
  }
}
