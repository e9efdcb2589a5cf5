import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Random } from './random.js';

describe('Random', () => {
  it('gives the same sequence for the same labels and another for others', () => {
    const draw = (...labels: (string | number)[]): number[] => {
      const random = new Random(...labels);
      return Array.from({ length: 20 }, () => random.word());
    };
    expect(draw(1, 'day', 2)).toEqual(draw(1, 'day', 2));
    expect(draw(1, 'day', 2)).not.toEqual(draw(1, 'day', 3));
    expect(draw(1, 'day', 12)).not.toEqual(draw(1, 'day1', 2));
  });

  it('spreads its numbers evenly', () => {
    const random = new Random('spread');
    const buckets = new Array<number>(20).fill(0);
    for (let one = 0; one < 100_000; one++) buckets[Math.floor(random.fraction() * 20)]! += 1;
    // Five thousand each; chi-squared with 19 degrees of freedom stays under 43.8 in 999 of 1,000 fair draws.
    const chiSquared = buckets.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    expect(chiSquared).toBeLessThan(43.8);
  });

  it('stays inside the bounds that it is given', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.nat(1000), (seed, least, width) => {
        const value = new Random(seed).between(least, least + width);
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(least + width);
      }),
    );
  });

  it('follows weights, shuffles without loss and refuses to pick from nothing', () => {
    const random = new Random('weights');
    const items = [
      { name: 'often', weight: 9 },
      { name: 'seldom', weight: 1 },
    ];
    const often = Array.from({ length: 10_000 }, () => random.weighted(items)).filter(
      (item) => item.name === 'often',
    ).length;
    expect(often).toBeGreaterThan(8800);
    expect(often).toBeLessThan(9200);
    expect(random.shuffled([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });

  it('makes version 4 UUIDs that do not repeat', () => {
    const random = new Random('uuid');
    const uuids = Array.from({ length: 20_000 }, () => random.uuid());
    expect(new Set(uuids).size).toBe(20_000);
    for (const uuid of uuids.slice(0, 500)) {
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
