/** One record as Microsoft Graph v1.0 shows it when every property that the demonstration holds is selected. */
export type GraphRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

/** The collections that the demonstration tenant serves, by the last segment of their Graph path. */
export const COLLECTIONS = [
  'users',
  'devices',
  'managedDevices',
  'windowsAutopilotDeviceIdentities',
  'metricDevices',
  'subscribedSkus',
] as const;
export type CollectionName = (typeof COLLECTIONS)[number];

/** One entry of a collection's change log, from which delta queries are answered. */
export interface Change {
  /** Rises by at least one with every change in the tenant, over all collections. */
  readonly sequence: number;
  readonly id: string;
  readonly kind: 'created' | 'updated' | 'removed';
  /** With `removed`: `changed` is restorable (soft-deleted), `deleted` is for good. */
  readonly reason?: 'changed' | 'deleted';
  /** With `updated`: names of the properties that changed; `manager` stands for the manager link of a user. */
  readonly properties?: readonly string[];
}

/** What happened in the tenant on one simulated day, as counts by kind of event. */
export interface DaySummary {
  readonly date: string;
  readonly events: Readonly<Record<string, number>>;
}

/** A tenant's whole content and its change log; the emulator serves it, tests and the simulated days change it. */
export interface TenantStore {
  readonly seed: number;
  /** The simulated present, an ISO 8601 instant in UTC. */
  readonly today: string;
  /** Simulated days since the tenant was made. */
  readonly day: number;
  /** Records in a stable order. */
  list(collection: CollectionName): readonly GraphRecord[];
  get(collection: CollectionName, id: string): GraphRecord | undefined;
  /** The manager's user id, or null. */
  managerOf(userId: string): string | null;
  latestSequence(): number;
  /** Changes after the given sequence in ascending order. */
  changesAfter(collection: CollectionName, sequence: number): readonly Change[];
  /** Lives through whole days: joiners, leavers, marriages, moves, replacements. */
  advance(days: number): DaySummary[];
  /** Creates or updates one record (tests and fault scenarios); writes the change log. */
  put(collection: CollectionName, record: GraphRecord): void;
  setManager(userId: string, managerId: string | null): void;
  /** Removes one record; `changed` keeps it restorable. */
  remove(collection: CollectionName, id: string, reason: 'changed' | 'deleted'): void;
  /** Brings a record back that was removed with `changed`. */
  restore(collection: CollectionName, id: string): void;
}
