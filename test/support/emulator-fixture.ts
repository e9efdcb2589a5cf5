import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Agent, type Dispatcher, request } from 'undici';

import { loadOrCreateServerCertificate } from '../../src/demo/emulator/certificates.js';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/demo/emulator/emulator.js';
import type {
  Change,
  CollectionName,
  DaySummary,
  GraphRecord,
  TenantStore,
} from '../../src/demo/tenant/tenant-store.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-02T06:00:00Z');

/** A tenant in memory that holds what a test puts into it; its days bring nothing but the date. */
export class MemoryTenant implements TenantStore {
  readonly seed = 7;
  day = 0;
  private readonly records = new Map<CollectionName, Map<string, GraphRecord>>();
  private readonly removed = new Map<string, GraphRecord>();
  private readonly changes = new Map<CollectionName, Change[]>();
  private readonly lists = new Map<CollectionName, readonly GraphRecord[]>();
  private readonly managers = new Map<string, string>();
  private latest = 0;

  get today(): string {
    return new Date(START + this.day * DAY_MS).toISOString();
  }

  list(collection: CollectionName): readonly GraphRecord[] {
    const listed = this.lists.get(collection) ?? [...this.of(collection).values()];
    this.lists.set(collection, listed);
    return listed;
  }

  get(collection: CollectionName, id: string): GraphRecord | undefined {
    return this.of(collection).get(id);
  }

  managerOf(userId: string): string | null {
    return this.managers.get(userId) ?? null;
  }

  latestSequence(): number {
    return this.latest;
  }

  changesAfter(collection: CollectionName, sequence: number): readonly Change[] {
    return (this.changes.get(collection) ?? []).filter((change) => change.sequence > sequence);
  }

  advance(days: number): DaySummary[] {
    this.day += days;
    return Array.from({ length: days }, () => ({ date: this.today.slice(0, 10), events: {} }));
  }

  put(collection: CollectionName, record: GraphRecord): void {
    const before = this.get(collection, record.id);
    this.of(collection).set(record.id, record);
    const properties = Object.keys({ ...before, ...record }).filter((name) => before?.[name] !== record[name]);
    this.log(collection, before ? { id: record.id, kind: 'updated', properties } : { id: record.id, kind: 'created' });
  }

  setManager(userId: string, managerId: string | null): void {
    if (managerId === null) this.managers.delete(userId);
    else this.managers.set(userId, managerId);
    this.log('users', { id: userId, kind: 'updated', properties: ['manager'] });
  }

  remove(collection: CollectionName, id: string, reason: 'changed' | 'deleted'): void {
    const record = this.get(collection, id);
    if (record && reason === 'changed') this.removed.set(id, record);
    this.of(collection).delete(id);
    this.log(collection, { id, kind: 'removed', reason });
  }

  restore(collection: CollectionName, id: string): void {
    const record = this.removed.get(id);
    if (!record) throw new RangeError(`No removed record ${id}`);
    this.of(collection).set(id, record);
    this.log(collection, { id, kind: 'created' });
  }

  private of(collection: CollectionName): Map<string, GraphRecord> {
    const records = this.records.get(collection) ?? new Map<string, GraphRecord>();
    this.records.set(collection, records);
    return records;
  }

  private log(collection: CollectionName, change: Omit<Change, 'sequence'>): void {
    this.latest += 1;
    this.lists.delete(collection);
    this.changes.set(collection, [...(this.changes.get(collection) ?? []), { ...change, sequence: this.latest }]);
  }
}

/** A GUID that is easy to recognise: the number stands at its end. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A tenant with so many users (odd ones managed by the even one before), devices, and three records of the rest. */
export function smallTenant(size = 25): MemoryTenant {
  const tenant = new MemoryTenant();
  for (let number = 1; number <= size; number += 1) {
    tenant.put('users', {
      id: guid(number),
      displayName: `Person ${number}`,
      userPrincipalName: `person${number}@council.example`,
      department: number % 2 === 0 ? 'Housing' : 'Libraries & Museums',
      userType: 'Member',
      accountEnabled: true,
      createdDateTime: '2020-01-01T00:00:00Z',
      assignedLicenses: [{ skuId: guid(9001), disabledPlans: [] }],
    });
    tenant.put('devices', {
      id: guid(1000 + number),
      deviceId: guid(2000 + number),
      displayName: `PC-${number}`,
      model: null,
    });
    tenant.put('managedDevices', {
      id: guid(3000 + number),
      deviceName: `PC-${number}`,
      serialNumber: `SN${number}`,
      physicalMemoryInBytes: 17_179_869_184,
      ethernetMacAddress: '0A0B0C0D0E0F',
      complianceState: 'compliant',
      lastSyncDateTime: '2026-11-01T08:00:00Z',
    });
  }
  for (let number = 2; number <= size; number += 1) tenant.setManager(guid(number), guid(number - 1));
  for (let number = 1; number <= 3; number += 1) {
    tenant.put('windowsAutopilotDeviceIdentities', { id: guid(4000 + number), serialNumber: `SN${number}` });
    tenant.put('metricDevices', {
      id: guid(5000 + number),
      deviceName: `PC-${number}`,
      upgradeEligibility: 'capable',
      ramCheckFailed: null,
    });
    tenant.put('subscribedSkus', {
      id: `${guid(1)}_${guid(9000 + number)}`,
      skuId: guid(9000 + number),
      skuPartNumber: `SKU${number}`,
    });
  }
  return tenant;
}

export const CREDENTIALS = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'a secret of the demonstration',
};

/** An answer with what tests look at. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; an empty object when it is not JSON. */
  readonly json: JsonBody;
}

/** The parts of Graph's bodies that tests name. */
export interface JsonBody {
  readonly '@odata.context'?: string;
  readonly '@odata.count'?: number;
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
  readonly value?: readonly Readonly<Record<string, unknown>>[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly innerError: Readonly<Record<string, string>>;
  };
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly [name: string]: unknown;
}

/** A running emulator with a client that trusts it. */
export class EmulatorFixture {
  now = START;
  tenant!: TenantStore;
  emulator!: Emulator;
  authorityFile!: string;
  private agent!: Agent;
  private folder!: string;
  private token: string | undefined;

  /** Starts an emulator over `tenant`, with the fixture's own clock. */
  async start(tenant: TenantStore, options: Partial<EmulatorOptions> = {}): Promise<this> {
    this.folder = await mkdtemp(join(tmpdir(), 'untether-emulator-'));
    const certificate = await loadOrCreateServerCertificate(this.folder, new Date());
    this.authorityFile = certificate.authorityFile;
    this.agent = new Agent({ connect: { ca: certificate.authorityPem } });
    this.tenant = tenant;
    this.emulator = await startEmulator({
      tenant,
      certificate,
      credentials: CREDENTIALS,
      clock: () => this.now,
      ...options,
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.emulator.stop();
    await this.agent.destroy();
    await rm(this.folder, { recursive: true });
  }

  /** The answer to `GET` below `/v1.0`, or of a whole link, with a token. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers: { authorization: `Bearer ${await this.accessToken()}`, ...headers } });
  }

  async send(
    path: string,
    options: Omit<Partial<Dispatcher.RequestOptions>, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const url = path.startsWith('https:')
      ? path
      : `${this.emulator.origin}${/^\/(v1\.0|beta|__)/.test(path) ? '' : '/v1.0'}${path}`;
    const response = await request(url, { method: 'GET', dispatcher: this.agent, ...options });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: parse(text) };
  }

  /** Asks the token endpoint with the registered secret, changed by the given fields (null leaves one out). */
  async askToken(change: Record<string, string | null> = {}, tenantId = CREDENTIALS.tenantId): Promise<Answer> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CREDENTIALS.clientId,
      client_secret: CREDENTIALS.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    });
    for (const [name, value] of Object.entries(change)) {
      if (value === null) form.delete(name);
      else form.set(name, value);
    }
    return this.send(`${this.emulator.origin}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
  }

  async accessToken(): Promise<string> {
    this.token ??= (await this.askToken()).json.access_token;
    return this.token ?? '';
  }

  forgetToken(): void {
    this.token = undefined;
  }

  /** All pages from a path on, at most `limit` of them. */
  async pages(path: string, headers: Record<string, string> = {}, limit = 100): Promise<JsonBody[]> {
    const pages: JsonBody[] = [];
    let next: string | undefined = path;
    while (next !== undefined && pages.length < limit) {
      const answer: Answer = await this.get(next, headers);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      pages.push(answer.json);
      next = answer.json['@odata.nextLink'];
    }
    return pages;
  }

  /** The rows of all pages. */
  async rows(path: string, headers: Record<string, string> = {}): Promise<Readonly<Record<string, unknown>>[]> {
    return (await this.pages(path, headers)).flatMap((page) => page.value ?? []);
  }
}

function parse(text: string): JsonBody {
  try {
    return JSON.parse(text) as JsonBody;
  } catch {
    return {};
  }
}
