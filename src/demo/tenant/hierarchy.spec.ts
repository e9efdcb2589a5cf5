import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { planHierarchy } from './hierarchy.js';

describe('planHierarchy', () => {
  it('is one tree with exactly as many posts as asked, each manager before its people', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 6000 }), (count) => {
        const posts = planHierarchy(count);
        expect(posts).toHaveLength(count);
        expect(posts[0]?.manager).toBeNull();
        const misplaced = posts.slice(1).findIndex((post, index) => post.manager === null || post.manager > index);
        expect(misplaced).toBe(-1);
      }),
      { numRuns: 60 },
    );
  });

  it.each([3500, 100_000])('keeps spans of control sensible among %d people', (count) => {
    const spans = new Map<number, number>();
    for (const post of planHierarchy(count)) {
      if (post.manager !== null) spans.set(post.manager, (spans.get(post.manager) ?? 0) + 1);
    }
    const sizes = [...spans.values()];
    expect(Math.max(...sizes)).toBeLessThanOrEqual(15);
    expect(sizes.filter((size) => size >= 4).length / sizes.length).toBeGreaterThan(0.9);
  });
});
