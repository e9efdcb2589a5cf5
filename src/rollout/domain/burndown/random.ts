/**
 * Random numbers that are the same on every machine for the same seed: xoshiro128** by David Blackman and Sebastiano
 * Vigna (2018, prng.di.unimi.it), its state filled from the seed by splitmix32, the finaliser of MurmurHash3 over a
 * counter in steps of the golden ratio.
 */
export class Xoshiro128 {
  private readonly state: [number, number, number, number];

  /** @param seed whole number from 0 to 4294967295, or the four words of the state itself. */
  constructor(seed: number | readonly [number, number, number, number]) {
    if (typeof seed !== 'number') {
      this.state = [...seed];
      return;
    }
    let counter = seed | 0;
    const word = (): number => {
      counter = (counter + 0x9e3779b9) | 0;
      let mixed = counter ^ (counter >>> 16);
      mixed = Math.imul(mixed, 0x85ebca6b);
      mixed ^= mixed >>> 13;
      mixed = Math.imul(mixed, 0xc2b2ae35);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    this.state = [word(), word(), word(), word()];
  }

  /** The next 32 bits, as a whole number from 0. */
  nextWord(): number {
    const state = this.state;
    const result = Math.imul(rotated(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 11);
    return result;
  }

  /** A number from 0 up to and without 1. */
  next(): number {
    return this.nextWord() / 4_294_967_296;
  }
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
