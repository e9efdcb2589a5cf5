import type { Change, CollectionName, GraphRecord } from './tenant-store.js';
import { COLLECTIONS } from './tenant-store.js';

/** A record that is still being put together. */
export type Properties = Record<string, unknown>;

interface Collection {
  /** A Map keeps the order of insertion, and an update keeps a record's place. */
  readonly records: Map<string, GraphRecord>;
  readonly removed: Map<string, GraphRecord>;
  readonly changes: Change[];
  listed: readonly GraphRecord[] | null;
}

/** Told about every write, so that what depends on a record can follow it. */
export type WriteListener = (
  collection: CollectionName,
  before: GraphRecord | undefined,
  after: GraphRecord | undefined,
) => void;

/** The tenant's collections and their change logs. Every change passes through `commit`. */
export class RecordStore {
  readonly #collections = new Map<CollectionName, Collection>();
  readonly #propertyLists = new Map<string, readonly string[]>();
  readonly #listener: WriteListener;
  #sequence = 0;

  constructor(listener: WriteListener) {
    this.#listener = listener;
    for (const name of COLLECTIONS) {
      this.#collections.set(name, { records: new Map(), removed: new Map(), changes: [], listed: null });
    }
  }

  /** The records in the order they came in; the same array until something changes. */
  list(name: CollectionName): readonly GraphRecord[] {
    const collection = this.#collection(name);
    collection.listed ??= [...collection.records.values()];
    return collection.listed;
  }

  get(name: CollectionName, id: string): GraphRecord | undefined {
    return this.#collection(name).records.get(id);
  }

  latestSequence(): number {
    return this.#sequence;
  }

  /** Changes whose sequence is above the given one, found by binary search. */
  changesAfter(name: CollectionName, sequence: number): readonly Change[] {
    const { changes } = this.#collection(name);
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
      else high = middle;
    }
    return changes.slice(low);
  }

  /** Creates the record, or replaces it whole: properties that the new one lacks are gone. */
  put(name: CollectionName, record: GraphRecord): void {
    const before = this.get(name, record.id);
    if (before === undefined) {
      this.#collection(name).removed.delete(record.id);
      this.#commit(name, before, record, { kind: 'created' });
      return;
    }
    const names = new Set([...Object.keys(before), ...Object.keys(record)]);
    this.#update(
      name,
      before,
      record,
      [...names].filter((key) => !sameValue(before[key], record[key])),
    );
  }

  /** Changes some properties of a record; false when there is no such record. */
  patch(name: CollectionName, id: string, properties: Properties): boolean {
    const before = this.get(name, id);
    if (before === undefined) return false;
    const changed = Object.keys(properties).filter((key) => !sameValue(before[key], properties[key]));
    this.#update(name, before, { ...before, ...properties, id }, changed);
    return true;
  }

  /** Writes to the log that something linked to a record changed, such as a user's manager. */
  logLink(name: CollectionName, id: string, property: string): void {
    this.#log(name, { id, kind: 'updated', properties: this.#shared([property]) });
  }

  /** Removes a record; `changed` keeps it restorable, and `deleted` also ends a record removed with `changed`. */
  remove(name: CollectionName, id: string, reason: 'changed' | 'deleted'): void {
    const collection = this.#collection(name);
    const before = collection.records.get(id);
    if (before === undefined) {
      if (reason === 'changed' || !collection.removed.delete(id)) throw new RangeError(`No record ${id} in ${name}`);
      this.#log(name, { id, kind: 'removed', reason });
      return;
    }
    if (reason === 'changed') collection.removed.set(id, before);
    this.#commit(name, before, undefined, { kind: 'removed', reason });
  }

  /** Whether a record was removed with `changed` and can be brought back. */
  isRestorable(name: CollectionName, id: string): boolean {
    return this.#collection(name).removed.has(id);
  }

  /** Brings back a record removed with `changed`; delta queries show it as newly created. */
  restore(name: CollectionName, id: string): void {
    const collection = this.#collection(name);
    const record = collection.removed.get(id);
    if (record === undefined) throw new RangeError(`No restorable record ${id} in ${name}`);
    collection.removed.delete(id);
    this.#commit(name, undefined, record, { kind: 'created' });
  }

  #update(name: CollectionName, before: GraphRecord, after: GraphRecord, changed: readonly string[]): void {
    if (changed.length === 0) return;
    this.#commit(name, before, after, { kind: 'updated', properties: this.#shared(changed) });
  }

  #commit(
    name: CollectionName,
    before: GraphRecord | undefined,
    after: GraphRecord | undefined,
    change: Omit<Change, 'sequence' | 'id'>,
  ): void {
    const id = (after ?? before)?.id;
    if (id === undefined) return;
    const collection = this.#collection(name);
    if (after === undefined) collection.records.delete(id);
    else collection.records.set(id, after);
    collection.listed = null;
    this.#log(name, { id, ...change });
    this.#listener(name, before, after);
  }

  #log(name: CollectionName, change: Omit<Change, 'sequence'>): void {
    this.#sequence += 1;
    this.#collection(name).changes.push({ sequence: this.#sequence, ...change });
  }

  /** One array for each set of property names: a tenant writes the same few sets millions of times. */
  #shared(names: readonly string[]): readonly string[] {
    const key = names.join();
    const known = this.#propertyLists.get(key);
    if (known !== undefined) return known;
    this.#propertyLists.set(key, names);
    return names;
  }

  #collection(name: CollectionName): Collection {
    const collection = this.#collections.get(name);
    if (collection === undefined) throw new RangeError(`No collection ${name}`);
    return collection;
  }
}

function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}
