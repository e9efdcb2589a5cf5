import {
  COLLECTIONS,
  type CollectionName,
  type DaySummary,
  type GraphRecord,
  type TenantStore,
} from '../tenant/tenant-store.js';
import { applyStep, type TenantStep } from './tenant-step.js';

interface Snapshot {
  /** When the write happened that this is the state before, milliseconds since 1970. */
  readonly at: number;
  readonly sequence: number;
  readonly lists: ReadonlyMap<CollectionName, readonly GraphRecord[]>;
}

const MAXIMUM_SNAPSHOTS = 50;

/**
 * The tenant as readers see it: optionally a while ago, since writes to the directory take time to spread, and with the
 * managers that users had before.
 */
export class TenantView {
  private readonly snapshots: Snapshot[] = [];
  private readonly derived = new WeakMap<readonly GraphRecord[], Map<string, readonly GraphRecord[]>>();
  private readonly managers = new Map<string, string | null>();
  private readonly formerManagers = new Map<string, { sequence: number; managerId: string }[]>();
  private managersKnownTo: number;

  /** @param clock milliseconds since 1970 */
  constructor(
    readonly tenant: TenantStore,
    private readonly clock: () => number,
  ) {
    for (const { id } of tenant.list('users')) this.managers.set(id, tenant.managerOf(id));
    this.managersKnownTo = tenant.latestSequence();
  }

  /**
   * Makes a step; keeps the state before it when asked to, so that a delayed reader can still see it. Only writes that pass
   * through here can be delayed.
   */
  write(step: TenantStep, keepBefore: boolean): DaySummary[] {
    if (keepBefore) {
      const lists = new Map(COLLECTIONS.map((name) => [name, this.tenant.list(name)] as const));
      this.snapshots.push({ at: this.clock(), sequence: this.tenant.latestSequence(), lists });
      if (this.snapshots.length > MAXIMUM_SNAPSHOTS) this.snapshots.shift();
    }
    return applyStep(this.tenant, step);
  }

  /** The records of a collection as they were the given number of seconds ago. */
  list(collection: CollectionName, delaySeconds: number): readonly GraphRecord[] {
    return this.snapshotBefore(delaySeconds)?.lists.get(collection) ?? this.tenant.list(collection);
  }

  /** The latest sequence that is visible with the given delay. */
  sequence(delaySeconds: number): number {
    return this.snapshotBefore(delaySeconds)?.sequence ?? this.tenant.latestSequence();
  }

  /** What a pure function makes of a list, computed once for as long as the tenant keeps the same list. */
  derive(source: readonly GraphRecord[], key: string, make: () => readonly GraphRecord[]): readonly GraphRecord[] {
    const known = this.derived.get(source) ?? new Map<string, readonly GraphRecord[]>();
    this.derived.set(source, known);
    const result = known.get(key) ?? make();
    known.set(key, result);
    return result;
  }

  /** The manager whom a user had at a sequence, when the change away from that manager was seen. */
  formerManager(userId: string, sequence: number): string | undefined {
    this.followManagers();
    return this.formerManagers.get(userId)?.find((former) => former.sequence > sequence)?.managerId;
  }

  private followManagers(): void {
    for (const change of this.tenant.changesAfter('users', this.managersKnownTo)) {
      const before = this.managers.get(change.id) ?? null;
      const after = change.kind === 'removed' ? before : this.tenant.managerOf(change.id);
      if (before === after) continue;
      this.managers.set(change.id, after);
      if (before === null) continue;
      const former = this.formerManagers.get(change.id) ?? [];
      former.push({ sequence: change.sequence, managerId: before });
      this.formerManagers.set(change.id, former);
    }
    this.managersKnownTo = this.tenant.latestSequence();
  }

  private snapshotBefore(delaySeconds: number): Snapshot | undefined {
    if (delaySeconds <= 0) return undefined;
    const visibleTo = this.clock() - delaySeconds * 1000;
    return this.snapshots.find((snapshot) => snapshot.at > visibleTo);
  }
}
