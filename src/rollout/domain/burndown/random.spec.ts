import { Xoshiro128 } from './random.js';

describe('random numbers', () => {
  it('are those that the authors of xoshiro128** publish for the state 1, 2, 3, 4', () => {
    const random = new Xoshiro128([1, 2, 3, 4]);
    // Test vector of the crate rand_xoshiro, made with the authors' own code.
    const expected = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(expected.map(() => random.nextWord())).toEqual(expected);
  });

  it('are the same for the same seed and others for another', () => {
    const first = (seed: number): number[] => {
      const random = new Xoshiro128(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(first(20261123)).toEqual(first(20261123));
    expect(first(20261123)).not.toEqual(first(20261124));
  });

  it('fill the space from 0 to 1 evenly', () => {
    const random = new Xoshiro128(7);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = Math.floor(random.next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
