import { createHash } from 'node:crypto';

import type { GraphRecord } from '../../tenant/tenant-store.js';
import { draw } from './fault.js';
import type { Effect } from './fault-set.js';

/** What the faults on whole collections make of their records; undefined when no such fault is among the effects. */
export function alterRecords(
  records: readonly GraphRecord[],
  effects: readonly Effect[],
): readonly GraphRecord[] | undefined {
  let altered: readonly GraphRecord[] | undefined;
  for (const { fault, seed } of effects) {
    const before: readonly GraphRecord[] = altered ?? records;
    if (fault.name === 'empty-tenant' || fault.name === 'not-onboarded') altered = [];
    if (fault.name === 'missing-records')
      altered = before.filter(({ id }) => draw(seed, 'missing', id) >= (fault.share ?? 0.5));
    if (fault.name === 'new-ids') altered = before.map((record) => ({ ...record, id: otherId(record.id, seed) }));
    if (fault.name === 'shuffle') altered = shuffled(before, (record) => draw(seed, 'shuffle', record.id));
  }
  return altered;
}

/** Names the collection-wide effects, so that what they make of an unchanged collection can be kept. */
export function alterationKey(effects: readonly Effect[]): string {
  const kinds = ['empty-tenant', 'not-onboarded', 'missing-records', 'new-ids', 'shuffle'];
  return effects
    .filter(({ fault }) => kinds.includes(fault.name))
    .map(({ fault, seed }) => `${fault.name} ${seed} ${fault.share ?? ''}`)
    .join();
}

/** The items in the order of their drawn numbers. */
export function shuffled<T>(items: readonly T[], order: (item: T) => number): T[] {
  return items
    .map((item) => ({ item, order: order(item) }))
    .sort((left, right) => left.order - right.order)
    .map(({ item }) => item);
}

function otherId(id: string, seed: number): string {
  const digest = createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

const HUGE_CHARACTERS = 1_000_000;

/**
 * Breaks the JSON text of one record in a given form (`broken-records` in the catalogue lists them).
 * @throws RangeError for a form that is not known
 */
export function breakRecord(text: string, form: string): string {
  const record = JSON.parse(text) as Record<string, unknown>;
  const [named] = ['displayName', 'deviceName', 'serialNumber', 'skuPartNumber'].filter((name) => name in record);
  const property = named ?? Object.keys(record).find((name) => name !== 'id') ?? 'displayName';
  const withValue = (value: unknown): string => JSON.stringify({ ...record, [property]: value });
  switch (form) {
    case 'missing-id':
      return JSON.stringify({ ...record, id: undefined });
    case 'wrong-type':
      return withValue({ unexpected: [1, true] });
    case 'null':
      return 'null';
    case 'huge-string':
      return withValue('x'.repeat(HUGE_CHARACTERS));
    case 'nul-character':
      return withValue('before\u0000after');
    case 'lone-surrogate':
      return withValue('before\ud800after');
    case 'duplicate-key':
      return `${text.slice(0, -1)},${JSON.stringify(property)}:"the second of two values"}`;
    case 'large-integer': {
      const integer = 'totalStorageSpaceInBytes' in record ? 'totalStorageSpaceInBytes' : property;
      const rest = JSON.stringify({ ...record, [integer]: undefined });
      return `${rest.slice(0, -1)},${JSON.stringify(integer)}:9223372036854775807}`;
    }
    case 'unknown-property':
      return JSON.stringify({ ...record, propertyOfTheFuture: { nested: ['value'] } });
    default:
      throw new RangeError(`Unknown form '${form}' of a broken record.`);
  }
}
