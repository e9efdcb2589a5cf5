import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { classifyAnswer, type GraphFailureCode } from '../../src/graph/graph-errors.js';
import { convertPage, type ConvertedRecord } from '../../src/sync/domain/record-conversion.js';
import { SOURCES } from '../../src/sync/sources/registry.js';
import { filesOf, sampleOf, SHARED_GRAPH, type Sample } from './sample-source.js';

type Json = Readonly<Record<string, unknown>>;

const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures', 'graph', 'records.json');
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is stored of a simple value, said once more and independently of the conversions. */
function stored(property: string, value: unknown): unknown {
  if (typeof value === 'number' && property.endsWith('InBytes')) return Math.round(value / 1e8) / 10;
  if (typeof value !== 'string') return value;
  if (value.trim() === '' || value.startsWith('0001-01-01') || /^[0-]+$/.test(value)) return null;
  return GUID.test(value) || property === 'deviceOwnership' ? value.toLowerCase() : value;
}

/** Properties that do not go into a column as they are: what must be true of the record for each. */
const REDUCED: Readonly<Record<string, (value: never, fields: Json) => void>> = {
  id: () => undefined,
  skuId: () => undefined,
  wiFiMacAddress: (value: string, fields) =>
    expect((fields['attributes'] as Json)['hasWiFiAdapter']).toBe(stored('', value) !== null),
  manager: (value: { id: string }, fields) => expect(fields['manager_entra_id']).toBe(stored('', value.id)),
  'manager@delta': (value: Json[], fields) => {
    const now = value.find((entry) => !('@removed' in entry));
    expect(fields['manager_entra_id']).toBe(stored('', now?.['id'] ?? null));
  },
  physicalIds: (value: string[], fields) => {
    const tagged = (tag: string) => stored('', value.find((id) => id.startsWith(tag))?.slice(tag.length) ?? null);
    expect(fields['autopilot_id']).toBe(tagged('[ZTDID]:'));
    expect((fields['attributes'] as Json)['orderIdentifier']).toBe(tagged('[OrderId]:'));
  },
  employeeOrgData: (value: Json, fields) =>
    expect(fields).toMatchObject({ division: value['division'], cost_centre: value['costCenter'] }),
  onPremisesExtensionAttributes: (value: Json, fields) => {
    const filled = Object.entries(value).filter(([, text]) => text !== null && text !== '');
    expect(fields['on_premises_extension_attributes']).toEqual(Object.fromEntries(filled));
  },
  assignedLicenses: (value: Json[], fields) => {
    const held = (fields['licence_assignments'] as Json[]).map((entry) => entry['sku_id']);
    expect(held).toEqual(expect.arrayContaining(value.map((entry) => stored('', entry['skuId']))));
  },
  licenseAssignmentStates: (value: Json[], fields) => {
    for (const state of value) {
      expect(fields['licence_assignments']).toContainEqual({
        sku_id: stored('', state['skuId']),
        group_id: stored('', state['assignedByGroup']),
        state: state['state'],
        error: state['error'],
        disabled_plans: state['disabledPlans'],
        updated_at: state['lastUpdatedDateTime'],
      });
    }
  },
  prepaidUnits: (value: Json, fields) =>
    expect(fields).toMatchObject({
      enabled_units: value['enabled'] ?? null,
      suspended_units: value['suspended'] ?? null,
      warning_units: value['warning'] ?? null,
      locked_out_units: value['lockedOut'] ?? null,
    }),
  servicePlans: (value: Json[], fields) =>
    expect(fields['service_plans']).toEqual(
      value.map((plan) => ({
        id: stored('', plan['servicePlanId']),
        name: plan['servicePlanName'],
        status: plan['provisioningStatus'],
      })),
    ),
};

/** Checks every property that the source reads; returns how many there were. */
function expectNothingLost(sample: Sample, record: Json, converted: ConvertedRecord): number {
  const { shape } = SOURCES[sample.source];
  const read = [shape.idProperty, ...shape.properties.map((map) => map.property), ...(shape.derivedFrom ?? [])];
  const present = [...new Set(read)].filter((property) => property in record);
  for (const property of present) {
    const column = shape.properties.find((map) => map.property === property)?.column;
    const check = REDUCED[property];
    if (check) {
      check(record[property] as never, converted.fields);
    } else {
      const kept = column === undefined ? (converted.fields['attributes'] as Json)[property] : converted.fields[column];
      expect([property, kept]).toEqual([property, stored(property, record[property])]);
    }
  }
  return present.length;
}

/** Converts a sample as a page and checks each record. */
function expectWholeSample(sample: Sample): number {
  const { shape } = SOURCES[sample.source];
  // Documentation shortens records and may leave even the id out, which the service never does.
  const page = sample.records.map((record, index): Json => ({ [shape.idProperty]: `shortened-${index}`, ...record }));
  const { records, quarantined } = convertPage(page, shape, sample.read);
  expect(quarantined).toEqual([]);
  let checked = 0;
  for (const record of page) {
    const converted = records.get(record[shape.idProperty] as string);
    if (!converted) throw new Error('A record was lost.');
    if ('@removed' in record) {
      expect(converted.removal).toBe((record['@removed'] as { reason: string }).reason);
      checked++;
    } else checked += expectNothingLost(sample, record, converted);
  }
  return checked;
}

const codeOf = (status: number, body: unknown): GraphFailureCode =>
  classifyAnswer({
    status,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: JSON.stringify(body),
    permission: 'User.Read.All',
    now: new Date(),
  }).code;

describe("the project's own samples", () => {
  const { samples } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as { samples: { file: string; body: unknown }[] };
  const read = samples.map(({ file, body }) => sampleOf(file, body)).filter((sample) => sample !== null);

  it('cover every source', () => {
    expect(read).toHaveLength(samples.length);
    expect([...new Set(read.map((sample) => sample.source))].sort()).toEqual(Object.keys(SOURCES).sort());
  });

  it.each(read.map((sample) => [sample.file, sample] as const))(
    '%s is read without rejection or loss',
    (_file, sample) => {
      expect(expectWholeSample(sample)).toBeGreaterThan(1);
    },
  );

  it('would notice a value that is lost or bent', () => {
    const sample = read.find((candidate) => candidate.source === 'autopilot');
    const [record] = sample?.records ?? [];
    if (!sample || !record) throw new Error('There is no such sample.');
    const bent: ConvertedRecord = { externalId: '', removal: null, fields: { serial_number: 'OTHER', attributes: {} } };
    expect(() => expectNothingLost(sample, record, bent)).toThrow();
  });
});

describe("Microsoft's samples beside the project", () => {
  const present = existsSync(SHARED_GRAPH);
  const read = ['samples', 'recorded']
    .flatMap((folder) => filesOf(folder))
    .map(({ file, body }) => sampleOf(file, body))
    .filter((sample) => sample !== null);

  it('are all read without rejection or loss', () => {
    if (!present) {
      process.stdout.write("Microsoft's samples are not here: only the project's own were read.\n");
      return;
    }
    expect([...new Set(read.map((sample) => sample.source))].sort()).toEqual(Object.keys(SOURCES).sort());
    let checked = 0;
    for (const sample of read) checked += expectWholeSample(sample);
    expect(checked).toBeGreaterThan(500);
    process.stdout.write(`${read.length} samples of Graph, ${checked} values of them read.\n`);
  });

  /** The status that each was sent with, and what it must be taken for. */
  const ERRORS: Readonly<Record<string, readonly [status: number, code: GraphFailureCode]>> = {
    'error-400-skip-not-supported.json': [400, 'contract_broken'],
    'error-429-intune.json': [429, 'throttled'],
    'error-429.json': [429, 'throttled'],
    'error-501-select-not-in-collection.json': [501, 'contract_broken'],
    'error-generic.json': [400, 'contract_broken'],
    'graph-error-403-nonpremium-recorded.json': [403, 'unlicensed'],
    'graph-error-unauthorised-recorded.json': [401, 'unauthorised'],
  };

  it('of errors are taken for what they are', () => {
    const errors = ['samples', 'recorded']
      .flatMap((folder) => filesOf(folder))
      .filter(({ file }) => /^(graph-)?error-/.test(file));
    if (!present) return;
    expect(errors.map(({ file }) => file).sort()).toEqual(Object.keys(ERRORS).sort());
    for (const { file, body } of errors) {
      const [status, expected] = ERRORS[file] ?? [0, 'temporary'];
      const sent = Array.isArray(body) ? (body[0] as { body: unknown }).body : body;
      expect([file, codeOf(status, sent)]).toEqual([file, expected]);
    }
  });
});

describe("the project's own samples of errors", () => {
  const error = (code: string, message: string, innerError: object = {}) => ({ error: { code, message, innerError } });

  it.each<[string, number, unknown, GraphFailureCode]>([
    ['a query that is not supported', 400, error('Request_BadRequest', "'$skip' is not supported."), 'contract_broken'],
    ['a property that is not in a collection', 501, error('NotImplemented', 'Not yet.'), 'contract_broken'],
    [
      'throttling of the directory',
      429,
      error('TooManyRequests', 'Later.', { code: '429', status: '429' }),
      'throttled',
    ],
    ['throttling of Intune', 429, { error: { code: 'TooManyRequests', details: [], innerError: {} } }, 'throttled'],
    [
      'a tenant without a premium licence',
      403,
      error('Authentication_RequestFromNonPremiumTenantOrB2CTenant', 'No premium licence.'),
      'unlicensed',
    ],
    [
      'an application that is not known',
      401,
      error('Authorization_IdentityNotFound', 'Not established.'),
      'unauthorised',
    ],
    ['a permission that is missing', 403, error('Authorization_RequestDenied', 'Insufficient.'), 'forbidden'],
    ['a delta token that ran out', 410, error('syncStateNotFound', 'Gone.'), 'cursor_lost'],
    ['a service that is down', 503, error('ServiceUnavailable', 'Down.'), 'temporary'],
  ])('%s', (_title, status, body, expected) => {
    expect(codeOf(status, body)).toBe(expected);
  });
});
