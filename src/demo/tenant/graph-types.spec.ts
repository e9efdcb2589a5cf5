import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { createTenant } from './demonstration-tenant.js';
import { COLLECTIONS } from './tenant-store.js';

interface TypeTable {
  readonly collections: Readonly<
    Record<string, { readonly type: string; readonly properties: Readonly<Record<string, string>> }>
  >;
  readonly complex: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enumerations: Readonly<Record<string, readonly string[]>>;
}

const TABLE = JSON.parse(readFileSync(new URL('./graph-types.fixture.json', import.meta.url), 'utf8')) as TypeTable;
const METADATA = new URL('../../../../shared/graph/metadata/v1.0-subset.json', import.meta.url);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;

/** What is wrong with a value of a type such as `Edm.String?`, or null. */
function fault(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return type.endsWith('?') ? null : `null where ${type} is required`;
  const plain = type.replace(/\?$/, '');
  const collection = /^Collection\((.*)\)$/.exec(plain);
  if (collection?.[1] !== undefined) {
    if (!Array.isArray(value)) return `not a collection: ${JSON.stringify(value)}`;
    return value.map((item) => fault(item, collection[1] ?? '')).find((found) => found !== null) ?? null;
  }
  const complex = TABLE.complex[plain];
  if (complex !== undefined) {
    if (typeof value !== 'object') return `${JSON.stringify(value)} is no ${plain}`;
    return (
      Object.entries(value)
        .map(([name, part]) => (complex[name] === undefined ? `unknown ${plain}.${name}` : fault(part, complex[name])))
        .find((found) => found !== null) ?? null
    );
  }
  const good =
    (typeof value === 'string' ? TABLE.enumerations[plain]?.includes(value) : undefined) ?? isPrimitive(value, plain);
  return good ? null : `${JSON.stringify(value)} is no ${plain}`;
}

function isPrimitive(value: unknown, type: string): boolean {
  switch (type) {
    case 'Edm.String':
      return typeof value === 'string';
    case 'Edm.Boolean':
      return typeof value === 'boolean';
    case 'Edm.Guid':
      return typeof value === 'string' && UUID.test(value);
    case 'Edm.DateTimeOffset':
      return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
    case 'Edm.Int32':
    case 'Edm.Int64':
      return Number.isSafeInteger(value);
    case 'Edm.Double':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return false;
  }
}

describe('the records of the demonstration tenant', () => {
  const tenant = createTenant({ seed: 11, people: 900 });
  tenant.advance(35);

  it.each(COLLECTIONS)('%s: every property of every record has the type that Microsoft Graph v1.0 gives it', (name) => {
    const properties = TABLE.collections[name]?.properties ?? {};
    const faults = tenant.list(name).flatMap((record) => {
      const names = new Set([...Object.keys(properties), ...Object.keys(record)]);
      return [...names].flatMap((property) => {
        const type = properties[property];
        if (type === undefined) return [`${property} is not in the table`];
        if (!(property in record)) return [`${property} is missing`];
        const found = fault(record[property], type);
        return found === null ? [] : [`${property}: ${found}`];
      });
    });
    expect([...new Set(faults)]).toEqual([]);
    expect(tenant.list(name).length).toBeGreaterThan(5);
  });

  const metadataIsThere = existsSync(METADATA);
  it(`the table agrees with the metadata of Microsoft Graph v1.0${metadataIsThere ? '' : ' (metadata not found beside the repository: only the table itself is checked)'}`, () => {
    expect(Object.keys(TABLE.collections).sort()).toEqual([...COLLECTIONS].sort());
    if (!metadataIsThere) return;
    const metadata = JSON.parse(readFileSync(METADATA, 'utf8')) as Record<string, Metadata>;
    const types = [
      ...Object.values(TABLE.collections).map(({ type, properties }) => ({ type, properties })),
      ...Object.entries(TABLE.complex).map(([type, properties]) => ({ type, properties })),
    ];
    for (const { type, properties } of types) {
      const known = propertiesOf(metadata, type);
      for (const [name, written] of Object.entries(properties))
        expect(`${type}.${name} ${known[name]}`).toBe(`${type}.${name} ${written}`);
    }
    for (const [type, members] of Object.entries(TABLE.enumerations)) {
      expect(members).toEqual(Object.keys(metadata[`microsoft.graph.${type}`]?.members ?? {}));
    }
  });
});

interface Metadata {
  readonly base?: string;
  readonly members?: Readonly<Record<string, number>>;
  readonly properties?: Readonly<Record<string, { readonly type: string; readonly nullable?: boolean }>>;
}

function propertiesOf(metadata: Readonly<Record<string, Metadata>>, type: string): Record<string, string> {
  const found = metadata[`microsoft.graph.${type}`];
  const inherited = found?.base === undefined ? {} : propertiesOf(metadata, found.base.replace('graph.', ''));
  const own = Object.entries(found?.properties ?? {}).map(([name, property]) => [
    name,
    `${property.type.replace('graph.', '')}${property.nullable === false ? '' : '?'}`,
  ]);
  return { ...inherited, ...(Object.fromEntries(own) as Record<string, string>) };
}
