import {
  COLLECTIONS,
  type CollectionName,
  type DaySummary,
  type GraphRecord,
  type TenantStore,
} from '../tenant/tenant-store.js';

/** One change of the tenant as data; the same steps after the same seed always lead to the same tenant. */
export type TenantStep =
  | { readonly kind: 'advance'; readonly days: number }
  | { readonly kind: 'put'; readonly collection: CollectionName; readonly record: GraphRecord }
  | {
      readonly kind: 'remove';
      readonly collection: CollectionName;
      readonly id: string;
      readonly reason: 'changed' | 'deleted';
    }
  | { readonly kind: 'restore'; readonly collection: CollectionName; readonly id: string }
  | { readonly kind: 'setManager'; readonly id: string; readonly managerId: string | null };

const MAXIMUM_DAYS = 3660;

/** Makes one step; the summaries of the days lived through, if any. */
export function applyStep(tenant: TenantStore, step: TenantStep): DaySummary[] {
  switch (step.kind) {
    case 'advance':
      return tenant.advance(step.days);
    case 'put':
      tenant.put(step.collection, step.record);
      return [];
    case 'remove':
      tenant.remove(step.collection, step.id, step.reason);
      return [];
    case 'restore':
      tenant.restore(step.collection, step.id);
      return [];
    case 'setManager':
      tenant.setManager(step.id, step.managerId);
      return [];
  }
}

/**
 * Checks a step that came from outside.
 * @throws RangeError naming what is wrong
 */
export function parseStep(input: unknown): TenantStep {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>;
  switch (given['kind']) {
    case 'advance': {
      const days = given['days'];
      if (typeof days !== 'number' || !Number.isInteger(days) || days < 1 || days > MAXIMUM_DAYS) {
        throw new RangeError(`'days' is a whole number from 1 to ${MAXIMUM_DAYS}.`);
      }
      return { kind: 'advance', days };
    }
    case 'put': {
      const record = given['record'];
      if (typeof record !== 'object' || record === null) throw new RangeError("'record' is an object.");
      const id = textOf((record as Readonly<Record<string, unknown>>)['id'], 'record.id');
      return { kind: 'put', collection: collectionOf(given['collection']), record: { ...record, id } };
    }
    case 'remove': {
      const reason = given['reason'] ?? 'changed';
      if (reason !== 'changed' && reason !== 'deleted') throw new RangeError("'reason' is 'changed' or 'deleted'.");
      return { kind: 'remove', collection: collectionOf(given['collection']), id: textOf(given['id'], 'id'), reason };
    }
    case 'restore':
      return { kind: 'restore', collection: collectionOf(given['collection']), id: textOf(given['id'], 'id') };
    case 'setManager': {
      const managerId = given['managerId'] === null ? null : textOf(given['managerId'], 'managerId');
      return { kind: 'setManager', id: textOf(given['id'], 'id'), managerId };
    }
    default:
      throw new RangeError("'kind' is one of advance, put, remove, restore, setManager.");
  }
}

function collectionOf(value: unknown): CollectionName {
  const collection = COLLECTIONS.find((name) => name === value);
  if (collection === undefined) throw new RangeError(`'collection' is one of ${COLLECTIONS.join(', ')}.`);
  return collection;
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new RangeError(`'${name}' is a text.`);
  return value;
}
