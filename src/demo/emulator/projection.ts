import type { GraphRecord } from '../tenant/tenant-store.js';
import {
  absentValue,
  OUT_OF_STORE_USER_PROPERTIES,
  propertiesOf,
  type ServedCollection,
  UNREAD_MANAGED_DEVICE_VALUES,
} from './collections.js';
import type { EntityTypeName } from './entity-types.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import type { QueryOptions } from './query-options.js';

/** Which properties an answer shows, in which order, and as which text each record is cached. */
export interface Projection {
  readonly type: EntityTypeName;
  readonly properties: readonly string[];
  /** What stands in brackets in `@odata.context`; empty when nothing was selected. */
  readonly context: string;
  /** Whether the caller named the properties itself. */
  readonly explicit: boolean;
  /** Whether a list asks, which sees defaults for what only a single read shows. */
  readonly inList: boolean;
}

/** The projection that `$select` asks for, or the collection's own when there is none. */
export function parseSelect(select: string | undefined, collection: ServedCollection, inList: boolean): Projection {
  const type = collection.type;
  if (select === undefined) {
    return {
      type,
      properties: collection.defaultProperties ?? propertiesOf(type),
      context: '',
      explicit: false,
      inList,
    };
  }
  const names = [...new Set(select.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const known = new Set(propertiesOf(type));
  if (names.length === 0)
    throw new GraphFailure(400, badRequestCode(collection), 'Parsing OData Select and Expand failed.');
  for (const name of names) {
    if (name.includes('/') || name === '*') throw notEmulated(`'${name}' in $select`);
    if (!known.has(name)) {
      const message = `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`;
      throw new GraphFailure(400, badRequestCode(collection), message);
    }
    if (type !== 'user' || !OUT_OF_STORE_USER_PROPERTIES.has(name)) continue;
    if (!inList) throw notEmulated(`the user property '${name}'`);
    throw new GraphFailure(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  const properties = names.includes('id') ? names : [...names, 'id'];
  return { type, properties, context: `(${names.join(',')})`, explicit: true, inList };
}

/** The projection of `$expand=manager($select=...)`, or undefined when nothing is expanded. */
export function parseManagerExpand(options: QueryOptions, users: ServedCollection): Projection | undefined {
  const expand = options.values.get('expand');
  if (expand === undefined) return undefined;
  const [matched, inner] = /^manager(?:\((.*)\))?$/.exec(expand.trim()) ?? [];
  if (matched === undefined) throw notEmulated(`$expand=${expand}`);
  if (inner === undefined) return parseSelect(undefined, users, false);
  const select = /^\$select=([^;()]*)$/.exec(inner.trim())?.[1];
  if (select === undefined) throw notEmulated(`$expand=${expand}`);
  return parseSelect(select, users, true);
}

/** Graph's two families name a malformed request differently. */
export function badRequestCode(collection: ServedCollection): string {
  return collection.family === 'directory' ? 'Request_BadRequest' : 'BadRequest';
}

// A list, and a read that does not name the property, do not see the true value.
function isUnread(property: string, projection: Projection): boolean {
  return (
    projection.type === 'managedDevice' &&
    property in UNREAD_MANAGED_DEVICE_VALUES &&
    (projection.inList || !projection.explicit)
  );
}

// About 300 MB of text at most, however large the tenant and however many projections are in use.
const MAXIMUM_CACHED_CHARACTERS = 300_000_000;

/**
 * Turns records into JSON text, and remembers the text of a record for each projection for as long as the tenant keeps the
 * same object for it: a changed record is a new object.
 */
export class RecordSerialiser {
  private caches = new Map<string, WeakMap<GraphRecord, string>>();
  private cachedCharacters = 0;

  /** One record as JSON text. */
  serialise(record: GraphRecord, projection: Projection): string {
    return this.serialiseAll([record], projection)[0] ?? '';
  }

  /** Records as JSON texts, in their order. */
  serialiseAll(records: readonly GraphRecord[], projection: Projection): string[] {
    const cache = this.cacheFor(projection);
    const shown = projection.properties.map((property) => ({
      property,
      absent: absentValue(projection.type, property),
      unread: isUnread(property, projection) ? UNREAD_MANAGED_DEVICE_VALUES[property] : undefined,
    }));
    return records.map((record) => {
      const cached = cache.get(record);
      if (cached !== undefined) return cached;
      const content: Record<string, unknown> = {};
      for (const { property, absent, unread } of shown) {
        const value = unread === undefined ? record[property] : unread;
        content[property] = value === undefined ? absent : value;
      }
      const text = JSON.stringify(content);
      this.remember(cache, record, text);
      return text;
    });
  }

  private cacheFor(projection: Projection): WeakMap<GraphRecord, string> {
    const key = `${projection.type} ${projection.inList} ${projection.explicit} ${projection.properties.join()}`;
    const existing = this.caches.get(key);
    if (existing) return existing;
    const made = new WeakMap<GraphRecord, string>();
    this.caches.set(key, made);
    return made;
  }

  private remember(cache: WeakMap<GraphRecord, string>, record: GraphRecord, text: string): void {
    this.cachedCharacters += text.length;
    if (this.cachedCharacters > MAXIMUM_CACHED_CHARACTERS) {
      this.caches = new Map();
      this.cachedCharacters = 0;
      return;
    }
    cache.set(record, text);
  }
}
