import { DisjointSets } from './disjoint-sets.js';
import { trustedTime, withoutShared, type IdentityRecord, type RecordKeys } from './identity-record.js';

/** Two enrolments of one machine never overlap; the times are Intune's own, so an hour is ample for its clocks. */
const OVERLAP_TOLERANCE = 3_600_000;

/** How two clusters stand to each other when both are shown, or were, as machines of their own. */
export type Rivalry = 'alive-together' | 'one-after-the-other' | null;

/**
 * Records gathered into machines, step by step. A record is known by its position; a cluster by the position of its
 * first record. Positions are in a canonical order, so that nothing depends on the order in which records arrived.
 */
export class MachineClusters {
  readonly keys: readonly RecordKeys[];
  readonly #sets: DisjointSets;
  /** Records of the clusters that have more than one. */
  readonly #members = new Map<number, readonly number[]>();
  readonly #forbidden = new Map<number, Set<number>>();

  constructor(
    readonly records: readonly IdentityRecord[],
    shared: ReadonlySet<string>,
    readonly now: number,
  ) {
    this.keys = records.map((record) => withoutShared(record.keys, shared));
    this.#sets = new DisjointSets(records.length);
  }

  find(position: number): number {
    return this.#sets.find(position);
  }

  join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return;
    const all = [...this.members(first), ...this.members(second)];
    this.#sets.join(first, second);
    this.#members.delete(Math.max(first, second));
    this.#members.set(Math.min(first, second), all);
  }

  joinAll(positions: readonly number[]): void {
    for (const position of positions) this.join(positions[0] ?? position, position);
  }

  /** All records in the cluster of one. */
  members(position: number): readonly number[] {
    const cluster = this.find(position);
    return this.#members.get(cluster) ?? [cluster];
  }

  /** All clusters, each with its records in ascending order. */
  all(): number[][] {
    return this.#sets.groups();
  }

  /** A person said that the two records belong to different machines. */
  forbid(a: number, b: number): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = this.#forbidden.get(one);
      if (known) known.add(other);
      else this.#forbidden.set(one, new Set([other]));
    }
  }

  /** Whether a person keeps any record of one cluster apart from any record of the other. */
  isForbidden(a: readonly number[], b: readonly number[]): boolean {
    if (this.#forbidden.size === 0) return false;
    return a.some((position) => {
      const others = this.#forbidden.get(position);
      return others !== undefined && b.some((other) => others.has(other));
    });
  }

  /** Real serial numbers of a cluster; what a readiness report repeats counts only where nothing else has one. */
  serials(members: readonly number[]): Set<string> {
    const own = new Set<string>();
    const reported = new Set<string>();
    for (const position of members) {
      const serial = this.keys[position]?.serial;
      if (serial) (this.records[position]?.source === 'windows-readiness' ? reported : own).add(serial);
    }
    return own.size > 0 ? own : reported;
  }

  /** Known manufacturers of a cluster: of the records with this serial number, else of any. */
  makers(members: readonly number[], serial: string): Set<string> {
    const ofSerial = new Set<string>();
    const ofAny = new Set<string>();
    for (const position of members) {
      const keys = this.keys[position];
      if (!keys?.maker) continue;
      ofAny.add(keys.maker);
      if (keys.serial === serial) ofSerial.add(keys.maker);
    }
    return ofSerial.size > 0 ? ofSerial : ofAny;
  }

  isShown(members: readonly number[], source?: IdentityRecord['source']): boolean {
    return members.some((position) => {
      const record = this.records[position];
      return record?.presence === 'present' && (source === undefined || record.source === source);
    });
  }

  /** Whether an enrolment of one cluster was in contact after one of the other had begun, and so is another machine. */
  overlap(a: readonly number[], b: readonly number[]): boolean {
    return this.#enrolments(a).some((one) =>
      this.#enrolments(b).some((other) => {
        const [earlier, later] = one.from <= other.from ? [one, other] : [other, one];
        return earlier.until > later.from + OVERLAP_TOLERANCE && later.until >= later.from;
      }),
    );
  }

  /** How two clusters with one serial number stand to each other; null when nothing speaks against one machine. */
  rivalry(a: readonly number[], b: readonly number[]): Rivalry {
    if (this.overlap(a, b)) return 'alive-together';
    if (this.isShown(a, 'managed-devices') && this.isShown(b, 'managed-devices')) {
      const dated = this.#enrolments(a).length > 0 && this.#enrolments(b).length > 0;
      return dated ? 'one-after-the-other' : 'alive-together';
    }
    return this.isShown(a, 'autopilot') && this.isShown(b, 'autopilot') ? 'alive-together' : null;
  }

  #enrolments(members: readonly number[]): { from: number; until: number }[] {
    return members.flatMap((position) => {
      const record = this.records[position];
      if (record?.source !== 'managed-devices' || record.enrolledAt === null) return [];
      const until = trustedTime(record.lastSeenAt, this.now);
      return until === null ? [] : [{ from: record.enrolledAt, until }];
    });
  }
}
