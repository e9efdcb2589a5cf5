import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';
import { SOURCES } from './registry.js';

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const FIXTURE = path.join(ROOT, 'test', 'fixtures', 'graph', 'v1.0-properties.json');
const METADATA = path.join(ROOT, '..', 'shared', 'graph', 'metadata', 'v1.0-subset.json');

/** The type of Graph that each source lists. */
const TYPES: Readonly<Record<SourceName, string>> = {
  users: 'user',
  'entra-devices': 'device',
  'managed-devices': 'managedDevice',
  'subscribed-skus': 'subscribedSku',
  'windows-readiness': 'userExperienceAnalyticsWorkFromAnywhereDevice',
  autopilot: 'windowsAutopilotDeviceIdentity',
};

interface MetadataType {
  readonly base?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly navigation?: Readonly<Record<string, unknown>>;
}

const selectedBy = (query: string): string[] => /\$select=([^&]*)/.exec(query)?.[1]?.split(',') ?? [];

/** Every property of Graph that a source reads by name. */
function readBy(source: SourceName): string[] {
  const { idProperty, properties, derivedFrom = [] } = SOURCES[source].shape;
  return [idProperty, ...properties.map((map) => map.property), ...derivedFrom];
}

describe.each(SOURCE_NAMES)('the source %s', (name) => {
  const source = SOURCES[name];

  it('goes by its own name', () => {
    expect(source.name).toBe(name);
  });

  it('asks in its list for what it reads and for nothing else', () => {
    const selected = selectedBy(source.listPath);
    if (selected.length === 0) return;
    const expanded = /\$expand=manager/.test(source.listPath) ? ['manager'] : [];
    const read = readBy(name).filter((property) => !property.includes('@'));
    expect([...selected, ...expanded].sort()).toEqual([...new Set(read)].sort());
    expect(new Set(selected).size).toBe(selected.length);
  });

  it('asks in its delta for the same as in its list', () => {
    if (source.deltaPath === null) return;
    const expanded = /\$expand=manager/.test(source.listPath) ? ['manager'] : [];
    expect(selectedBy(source.deltaPath)).toEqual([...selectedBy(source.listPath), ...expanded]);
  });

  it('reads only properties that Graph v1.0 has', () => {
    const { types } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as { types: Record<string, string[]> };
    const known = new Set(types[TYPES[name]]);
    expect(readBy(name).filter((property) => !property.includes('@') && !known.has(property))).toEqual([]);
  });

  it('writes each column once, and each of those it names', () => {
    const columns = source.shape.properties.flatMap((map) => map.column ?? []);
    expect(new Set(columns).size).toBe(columns.length);
    expect(source.target.columns).toEqual(expect.arrayContaining(columns));
  });
});

describe('the list of properties of Graph v1.0', () => {
  it("agrees with Microsoft's metadata where that lies beside the project", () => {
    if (!existsSync(METADATA)) {
      process.stdout.write('The metadata of Microsoft Graph is not here: only the fixture was used.\n');
      return;
    }
    const metadata = JSON.parse(readFileSync(METADATA, 'utf8')) as Record<string, MetadataType>;
    const { types } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as { types: Record<string, string[]> };
    const propertiesOf = (type: string): string[] => {
      const { base, properties = {}, navigation = {} } = metadata[`microsoft.graph.${type}`] ?? {};
      const inherited = base === undefined ? [] : propertiesOf(base.split('.').at(-1) ?? '');
      return [
        ...Object.keys(properties),
        ...Object.keys(navigation).filter((item) => item === 'manager'),
        ...inherited,
      ];
    };
    for (const [type, names] of Object.entries(types)) {
      expect([type, [...new Set(propertiesOf(type))].sort()]).toEqual([type, [...names].sort()]);
    }
  });
});
