import { createFleet } from './fleet.js';
import { LicenceCount, subscribedSkuRecords } from './licences.js';
import { liveThroughDay } from './life.js';
import type { Machine } from './machine.js';
import { ManagerLinks } from './manager-links.js';
import { createOtherAccounts } from './other-accounts.js';
import type { NetworkStory } from './network-records.js';
import { tellNetwork } from './network-story.js';
import { createPeople } from './people.js';
import type { ProgrammeStory } from './programme-records.js';
import { tellProgramme } from './programme-story.js';
import { Random } from './random.js';
import type { RequestsStory, StoryCast } from './requests-records.js';
import { tellRequests } from './requests-story.js';
import { RecordStore } from './record-store.js';
import { DAY, instant } from './simulated-time.js';
import type { Change, CollectionName, DaySummary, GraphRecord, TenantStore } from './tenant-store.js';
import type { World } from './world.js';

/** What a tenant is made from: equal settings give equal tenants, byte for byte. */
export interface TenantSettings {
  readonly seed: number;
  /** How many people work for the council; accounts of leavers, guests, rooms and services come on top. Default 3,500. */
  readonly people?: number;
  /** The simulated present at the start, an ISO 8601 date (then 18:00 UTC) or instant. Default 2026-11-02. */
  readonly startDate?: string;
}

/** Makes the invented council's tenant. Throws a RangeError for a date that is none. */
export function createTenant(settings: TenantSettings): DemonstrationTenant {
  return new DemonstrationTenant(settings);
}

/** A tenant held in memory that lives through simulated days. */
export class DemonstrationTenant implements TenantStore {
  readonly seed: number;
  readonly #world: World;

  constructor(settings: TenantSettings) {
    this.seed = settings.seed;
    const managers = new ManagerLinks();
    const licences = new LicenceCount();
    const store: RecordStore = new RecordStore((collection, before, after) => {
      if (collection !== 'users') return;
      licences.follow(before, after);
      const id = (after ?? before)?.id;
      // A manager's coming or going is a change of the link for everybody who reports to that manager.
      if (id !== undefined && (before === undefined) !== (after === undefined)) {
        for (const report of managers.reportsOf(id)) {
          if (report !== id && store.get('users', report) !== undefined) store.logLink('users', report, 'manager');
        }
      }
    });
    this.#world = {
      seed: settings.seed,
      store,
      managers,
      licences,
      people: new Map(),
      names: new Set(),
      machines: [],
      hostnames: new Map(),
      now: startOf(settings.startDate ?? '2026-11-02'),
      day: 0,
    };
    const people = settings.people ?? 3500;
    createPeople(this.#world, new Random(settings.seed, 'people'), people);
    createOtherAccounts(this.#world, new Random(settings.seed, 'accounts'), people);
    createFleet(this.#world, new Random(settings.seed, 'fleet'));
    for (const record of subscribedSkuRecords(new Random(settings.seed, 'subscriptions'), licences)) {
      store.put('subscribedSkus', record);
    }
  }

  get today(): string {
    return instant(this.#world.now);
  }

  get day(): number {
    return this.#world.day;
  }

  /** The machines as they really are, by which a reading of the records can be judged. */
  get machines(): readonly Machine[] {
    return this.#world.machines;
  }

  /**
   * What the council's programme office has on record of its rollout. It is told of the first day: what happens on later
   * ones the sources show. Throws a RangeError on any other day.
   */
  programmeStory(): ProgrammeStory {
    if (this.#world.day !== 0) throw new RangeError('The story of the rollout is told on the first day.');
    return tellProgramme(this.#world);
  }

  /** What the council's network team has on record, on the first day. Throws a RangeError on any other day. */
  networkStory(): NetworkStory {
    return tellNetwork(this.#world, this.programmeStory());
  }

  /** What the council's stores and finance have on record, on the first day. Throws a RangeError on any other day. */
  requestsStory(cast: StoryCast): RequestsStory {
    return tellRequests(this.#world, this.programmeStory(), cast);
  }

  list(collection: CollectionName): readonly GraphRecord[] {
    return this.#world.store.list(collection);
  }

  get(collection: CollectionName, id: string): GraphRecord | undefined {
    return this.#world.store.get(collection, id);
  }

  managerOf(userId: string): string | null {
    const manager = this.#world.managers.managerOf(userId);
    return manager !== null && this.get('users', manager) !== undefined ? manager : null;
  }

  latestSequence(): number {
    return this.#world.store.latestSequence();
  }

  changesAfter(collection: CollectionName, sequence: number): readonly Change[] {
    return this.#world.store.changesAfter(collection, sequence);
  }

  advance(days: number): DaySummary[] {
    const summaries: DaySummary[] = [];
    for (let one = 0; one < days; one++) {
      this.#world.now += DAY;
      this.#world.day += 1;
      summaries.push(liveThroughDay(this.#world));
      this.#countLicences();
    }
    return summaries;
  }

  put(collection: CollectionName, record: GraphRecord): void {
    this.#world.store.put(collection, record);
    this.#countLicences();
  }

  /** Links a user to a manager, or to none; the log says `manager`. Throws a RangeError for an unknown user or manager. */
  setManager(userId: string, managerId: string | null): void {
    for (const id of managerId === null ? [userId] : [userId, managerId]) {
      if (this.get('users', id) === undefined) throw new RangeError(`No user ${id}`);
    }
    if (this.#world.managers.set(userId, managerId)) this.#world.store.logLink('users', userId, 'manager');
  }

  remove(collection: CollectionName, id: string, reason: 'changed' | 'deleted'): void {
    this.#world.store.remove(collection, id, reason);
    this.#countLicences();
  }

  restore(collection: CollectionName, id: string): void {
    this.#world.store.restore(collection, id);
    this.#countLicences();
  }

  #countLicences(): void {
    const { store, licences } = this.#world;
    for (const sku of store.list('subscribedSkus')) {
      store.patch('subscribedSkus', sku.id, { consumedUnits: licences.of(String(sku['skuId'])) });
    }
  }
}

function startOf(date: string): number {
  const milliseconds = Date.parse(date.length === 10 ? `${date}T18:00:00Z` : date);
  if (Number.isNaN(milliseconds)) throw new RangeError(`Not a date: ${date}`);
  return milliseconds;
}
