import { existsSync, readFileSync } from 'node:fs';

import { EmulatorFixture } from '../../../test/support/emulator-fixture.js';
import { createTenant } from '../tenant/demonstration-tenant.js';
import { OUT_OF_STORE_USER_PROPERTIES, SERVED_COLLECTIONS } from './collections.js';
import { ENTITY_TYPES, type EntityTypeName } from './entity-types.js';
import { mayCall, PATH_PERMISSIONS, type ServedPath } from './permissions.js';

interface MetadataType {
  readonly kind: 'EntityType' | 'ComplexType' | 'EnumType';
  readonly base?: string;
  readonly properties?: Readonly<Record<string, { readonly type: string; readonly nullable?: boolean }>>;
  readonly members?: Readonly<Record<string, number>>;
}

const METADATA = '../shared/graph/metadata/v1.0-subset.json';
const PERMISSIONS = '../shared/graph/metadata/permissions-subset.json';
const metadata = existsSync(METADATA)
  ? (JSON.parse(readFileSync(METADATA, 'utf8')) as Readonly<Record<string, MetadataType>>)
  : undefined;

const fixture = new EmulatorFixture();
beforeAll(() => fixture.start(createTenant({ seed: 11, people: 120 })));
afterAll(() => fixture.stop());

const NEEDS_MORE_PERMISSION: ReadonlySet<string> = new Set(['signInActivity', 'employeeLeaveDateTime']);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const SERVED_GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is wrong with a value of a declared type; undefined when nothing is. */
function fault(value: unknown, declared: string): string | undefined {
  const type = declared.replace(/!$/, '').replace(/^Edm\./, '');
  if (value === null) return declared.endsWith('!') ? 'null' : undefined;
  const inner = /^Collection\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) {
    if (!Array.isArray(value)) return 'no array';
    return value.map((item) => fault(item, inner)).find((found) => found !== undefined);
  }
  if (type.startsWith('graph.')) return complexFault(value, type);
  switch (type) {
    case 'String':
    case 'Binary':
      return typeof value === 'string' ? undefined : 'no text';
    case 'Guid':
      return typeof value === 'string' && SERVED_GUID.test(value) ? undefined : 'no GUID';
    case 'Boolean':
      return typeof value === 'boolean' ? undefined : 'no boolean';
    case 'Int32':
    case 'Int64':
      return Number.isSafeInteger(value) ? undefined : 'no integer';
    case 'Double':
      return typeof value === 'number' ? undefined : 'no number';
    case 'DateTimeOffset':
      return typeof value === 'string' && INSTANT.test(value) ? undefined : 'no instant';
    default:
      return `unknown type ${type}`;
  }
}

function complexFault(value: unknown, type: string): string | undefined {
  const declared = metadata?.[`microsoft.${type}`];
  if (declared === undefined)
    return typeof value === 'string' || typeof value === 'object' ? undefined : 'neither enumeration nor object';
  if (declared.kind === 'EnumType') {
    const members = Object.keys(declared.members ?? {});
    return typeof value === 'string' && members.includes(value) ? undefined : `no member: ${JSON.stringify(value)}`;
  }
  if (typeof value !== 'object' || value === null) return 'no object';
  for (const [name, held] of Object.entries(value)) {
    const property = declared.properties?.[name];
    if (property === undefined) return `${name} is unknown`;
    const found = fault(held, property.type);
    if (found !== undefined) return `${name}: ${found}`;
  }
  return undefined;
}

test.each(SERVED_COLLECTIONS.map((collection) => [collection.name, collection] as const))(
  'every property of %s has the type that the metadata of v1.0 declares',
  async (_, collection) => {
    const path = collection.listPath.replace('/{id}/', "('allDevices')/");
    const types: Readonly<Record<string, string>> = ENTITY_TYPES[collection.type];
    const selectable = Object.keys(types).filter(
      (name) =>
        collection.type !== 'user' || !(OUT_OF_STORE_USER_PROPERTIES.has(name) || NEEDS_MORE_PERMISSION.has(name)),
    );
    const rows = await fixture.rows(`${path}?$select=${selectable.join(',')}`);
    expect(rows.length).toBeGreaterThan(0);
    const faults = new Set<string>();
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(selectable);
      for (const [name, value] of Object.entries(row)) {
        const found = fault(value, types[name] ?? '');
        if (found !== undefined) faults.add(`${name}: ${found}`);
      }
    }
    expect([...faults]).toEqual([]);
  },
);

test('the tenant holds no property that v1.0 does not declare', () => {
  const tenant = createTenant({ seed: 11, people: 120 });
  const unknown = new Set<string>();
  for (const { name, type } of SERVED_COLLECTIONS) {
    for (const record of tenant.list(name)) {
      for (const property of Object.keys(record))
        if (!(property in ENTITY_TYPES[type])) unknown.add(`${name}.${property}`);
    }
  }
  expect([...unknown]).toEqual([]);
});

// The documents themselves are not part of the repository; where they lie beside it, our extracts are held against them.
const described =
  metadata === undefined ? 'is not compared: the metadata document is absent' : 'equals the metadata document';
test(`the extract of entity types ${described}`, () => {
  if (metadata === undefined) return;
  const declared = (name: string): Record<string, string> => {
    const type = metadata[`microsoft.graph.${name}`];
    const inherited = type?.base === undefined ? {} : declared(type.base.replace('graph.', ''));
    const own = Object.entries(type?.properties ?? {}).map(([property, { type: of, nullable }]) => [
      property,
      of.replace('Edm.', '') + (nullable === false ? '!' : ''),
    ]);
    return { ...inherited, ...(Object.fromEntries(own) as Record<string, string>) };
  };
  for (const name of Object.keys(ENTITY_TYPES) as EntityTypeName[]) {
    const extract: Readonly<Record<string, string>> = ENTITY_TYPES[name];
    const difference = Object.entries(declared(name)).filter(([property, type]) => extract[property] !== type);
    expect([name, difference]).toEqual([name, []]);
    expect(Object.keys(extract).sort()).toEqual(Object.keys(declared(name)).sort());
  }
});

const documented = existsSync(PERMISSIONS)
  ? (
      JSON.parse(readFileSync(PERMISSIONS, 'utf8')) as {
        readonly paths: Readonly<Record<string, { least: string[]; also: string[] }>>;
      }
    ).paths
  : undefined;
test(`the permission table ${documented === undefined ? 'is not compared: the document is absent' : 'equals the document'}`, () => {
  if (documented === undefined) return;
  for (const path of Object.keys(PATH_PERMISSIONS) as ServedPath[]) {
    const row = documented[`GET ${path.toLowerCase()}`];
    expect([path, [...PATH_PERMISSIONS[path]].sort()]).toEqual([
      path,
      [...(row?.least ?? []), ...(row?.also ?? [])].sort(),
    ]);
    expect(mayCall(path, ['Mail.Read'])).toBe(false);
  }
});
