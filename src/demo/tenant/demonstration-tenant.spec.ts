import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { DemonstrationTenant } from './demonstration-tenant.js';
import { createTenant } from './demonstration-tenant.js';
import type { CollectionName, GraphRecord } from './tenant-store.js';
import { COLLECTIONS } from './tenant-store.js';

/** Everything that a tenant shows, as one digest: records, links, changes and the date. */
function digest(tenant: DemonstrationTenant): string {
  const hash = createHash('sha256').update(tenant.today).update(String(tenant.latestSequence()));
  for (const name of COLLECTIONS) {
    hash.update(JSON.stringify(tenant.list(name))).update(JSON.stringify(tenant.changesAfter(name, 0)));
  }
  for (const user of tenant.list('users')) hash.update(String(tenant.managerOf(user.id)));
  return hash.digest('hex');
}

function heldBy(tenant: DemonstrationTenant, skuId: string): number {
  return tenant
    .list('users')
    .filter((user) => (user['assignedLicenses'] as { skuId: string }[]).some((licence) => licence.skuId === skuId))
    .length;
}

/** A copy that follows the change log alone: of an updated record it takes only the properties that the log names. */
class Follower {
  readonly #records = new Map<string, Map<string, GraphRecord>>(COLLECTIONS.map((name) => [name, new Map()]));
  readonly #managers = new Map<string, string | null>();
  readonly #sequences = new Map<CollectionName, number>();

  follow(tenant: DemonstrationTenant): void {
    for (const name of COLLECTIONS) {
      const records = this.#records.get(name) as Map<string, GraphRecord>;
      for (const change of tenant.changesAfter(name, this.#sequences.get(name) ?? 0)) {
        expect(change.sequence).toBeGreaterThan(this.#sequences.get(name) ?? 0);
        this.#sequences.set(name, change.sequence);
        const current = tenant.get(name, change.id);
        if (change.kind === 'removed') records.delete(change.id);
        else if (current === undefined) records.set(change.id, { id: change.id });
        else if (change.kind === 'created') records.set(change.id, current);
        else {
          const copied = (change.properties ?? []).filter((property) => property !== 'manager');
          const before = records.get(change.id) as GraphRecord;
          const after: Record<string, unknown> = { ...before };
          for (const property of copied) {
            if (property in current) after[property] = current[property];
            else delete after[property];
          }
          records.set(change.id, after as GraphRecord);
        }
        if (name !== 'users') continue;
        if (change.kind !== 'updated' || change.properties?.includes('manager') === true) {
          this.#managers.set(change.id, tenant.managerOf(change.id));
        }
      }
    }
  }

  expectEqual(tenant: DemonstrationTenant): void {
    for (const name of COLLECTIONS) {
      const records = this.#records.get(name) as Map<string, GraphRecord>;
      expect(records.size).toBe(tenant.list(name).length);
      const differing = tenant.list(name).find((record) => !isDeepStrictEqual(records.get(record.id), record));
      if (differing !== undefined) expect(records.get(differing.id)).toEqual(differing);
    }
    for (const user of tenant.list('users')) expect(this.#managers.get(user.id)).toBe(tenant.managerOf(user.id));
  }
}

describe('a demonstration tenant', () => {
  it('is the same, byte for byte, for the same seed and days, in whatever portions they pass', () => {
    const atOnce = createTenant({ seed: 5, people: 300 });
    const dayByDay = createTenant({ seed: 5, people: 300 });
    const summaries = atOnce.advance(70);
    const portions = Array.from({ length: 70 }, () => dayByDay.advance(1)).flat();
    expect(portions).toEqual(summaries);
    expect(digest(dayByDay)).toBe(digest(atOnce));
    expect(atOnce.day).toBe(70);
    expect(atOnce.today).toBe('2027-01-11T18:00:00Z');
  });

  it('is another one for another seed', () => {
    expect(digest(createTenant({ seed: 5, people: 60 }))).not.toBe(digest(createTenant({ seed: 6, people: 60 })));
  });

  it('starts when it is told to, and refuses what is no date', () => {
    expect(createTenant({ seed: 1, people: 40, startDate: '2026-03-02' }).today).toBe('2026-03-02T18:00:00Z');
    expect(createTenant({ seed: 1, people: 40, startDate: '2026-03-02T09:30:00Z' }).today).toBe('2026-03-02T09:30:00Z');
    expect(() => createTenant({ seed: 1, people: 40, startDate: 'soon' })).toThrow(RangeError);
  });

  it('has a log that leads from nothing to what it lists', () => {
    const tenant = createTenant({ seed: 8, people: 200 });
    const follower = new Follower();
    follower.follow(tenant);
    follower.expectEqual(tenant);
    for (let week = 0; week < 10; week++) {
      tenant.advance(7);
      follower.follow(tenant);
      follower.expectEqual(tenant);
    }
  });

  it('has a log that names every change, whatever is done to it', () => {
    const steps = fc.array(
      fc.record({
        action: fc.constantFrom('advance', 'put', 'remove', 'restore', 'manager', 'new', 'look'),
        collection: fc.constantFrom(...COLLECTIONS),
        pick: fc.nat(10_000),
        reason: fc.constantFrom('changed' as const, 'deleted' as const),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(steps, (actions) => {
        const tenant = createTenant({ seed: 3, people: 60 });
        const follower = new Follower();
        const removed: [CollectionName, string][] = [];
        for (const { action, collection, pick, reason } of actions) {
          const records = tenant.list(collection);
          const record = records[pick % Math.max(1, records.length)];
          const users = tenant.list('users');
          const user = users[pick % Math.max(1, users.length)];
          if (action === 'look') follower.follow(tenant);
          if (action === 'advance') tenant.advance(1 + (pick % 40));
          if (action === 'put' && record !== undefined)
            tenant.put(collection, { ...record, model: `Model ${pick}`, city: 'Elsewhere' });
          if (action === 'new') tenant.put(collection, { id: `new-${pick}`, assignedLicenses: [] });
          if (action === 'manager' && user !== undefined) {
            tenant.setManager(user.id, pick % 3 === 0 ? null : (users[(pick * 7) % users.length]?.id ?? null));
          }
          if (action === 'remove' && record !== undefined) {
            tenant.remove(collection, record.id, reason);
            if (reason === 'changed') removed.push([collection, record.id]);
          }
          const [where, id] = removed[0] ?? [];
          if (action === 'restore' && where !== undefined && id !== undefined) {
            removed.shift();
            // A simulated day may have ended it, or a new record of the same id may stand in its place.
            try {
              tenant.restore(where, id);
            } catch (error) {
              expect(error).toBeInstanceOf(RangeError);
            }
          }
        }
        follower.follow(tenant);
        follower.expectEqual(tenant);
        for (const sku of tenant.list('subscribedSkus')) {
          if (typeof sku['skuId'] === 'string') expect(sku['consumedUnits']).toBe(heldBy(tenant, sku['skuId']));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('removes, restores and ends users, and their reports see the manager go and come back', () => {
    const tenant = createTenant({ seed: 2, people: 60 });
    const report = tenant.list('users').find((user) => tenant.managerOf(user.id) !== null) as GraphRecord;
    const manager = tenant.managerOf(report.id) as string;
    const before = tenant.latestSequence();
    tenant.remove('users', manager, 'changed');
    expect(tenant.get('users', manager)).toBeUndefined();
    expect(tenant.managerOf(report.id)).toBeNull();
    expect(tenant.changesAfter('users', before)).toContainEqual(
      expect.objectContaining({ id: manager, kind: 'removed', reason: 'changed' }),
    );
    expect(tenant.changesAfter('users', before)).toContainEqual(
      expect.objectContaining({ id: report.id, properties: ['manager'] }),
    );
    tenant.restore('users', manager);
    expect(tenant.managerOf(report.id)).toBe(manager);
    tenant.remove('users', manager, 'changed');
    tenant.remove('users', manager, 'deleted');
    expect(() => tenant.restore('users', manager)).toThrow(RangeError);
    expect(() => tenant.remove('users', manager, 'deleted')).toThrow(RangeError);
    expect(() => tenant.setManager(report.id, manager)).toThrow(RangeError);
  });

  it('writes nothing to the log when a record is put back as it was', () => {
    const tenant = createTenant({ seed: 2, people: 40 });
    const before = tenant.latestSequence();
    const user = tenant.list('users')[0] as GraphRecord;
    tenant.put('users', structuredClone(user));
    tenant.advance(0);
    expect(tenant.latestSequence()).toBe(before);
    expect(tenant.changesAfter('users', before)).toEqual([]);
  });

  it('counts as consumed what users hold, with one product over-assigned and one suspended', () => {
    const tenant = createTenant({ seed: 4, people: 1200 });
    const skus = tenant.list('subscribedSkus');
    for (const sku of skus) expect(sku['consumedUnits']).toBe(heldBy(tenant, String(sku['skuId'])));
    const units = skus.map((sku) => ({
      part: sku['skuPartNumber'],
      consumed: sku['consumedUnits'] as number,
      ...(sku['prepaidUnits'] as { enabled: number; suspended: number }),
    }));
    expect(units.filter((sku) => sku.suspended === 0 && sku.consumed > sku.enabled).map((sku) => sku.part)).toEqual([
      'VISIOCLIENT',
    ]);
    expect(units.filter((sku) => sku.suspended > 0).map((sku) => sku.part)).toEqual(['ENTERPRISEPACK']);
  });

  it('is made at the size of ten councils in seconds', () => {
    const tenant = createTenant({ seed: 1, people: 20_000 });
    expect(tenant.list('users').length).toBeGreaterThan(20_000);
    expect(tenant.list('managedDevices').length).toBeGreaterThan(20_000);
    expect(new Set(tenant.list('users').map((user) => user['userPrincipalName'])).size).toBe(
      tenant.list('users').length,
    );
  });
});
