const HEX = Buffer.from('0123456789abcdef', 'latin1');
const UUID = Buffer.alloc(36);
const SPREAD = 0x9e3779b1;

function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x85ebca6b);
    value = (value << 13) | (value >>> 19);
  }
  value ^= value >>> 16;
  return Math.imul(value, SPREAD) >>> 0;
}

/**
 * A repeatable source of chance: the small fast counter generator sfc32 (Chris Doty-Humphrey, PractRand), which passes
 * PractRand and has 128 bits of state. Equal labels give equal sequences on every machine; it guards no secret.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param labels what the sequence is for, such as the tenant's seed and the day: together they are the seed. */
  constructor(...labels: readonly (string | number)[]) {
    const text = labels.join('\u0000');
    this.#a = hash(text, 0x243f6a88);
    this.#b = hash(text, 0x85a308d3);
    this.#c = hash(text, 0x13198a2e);
    for (let round = 0; round < 15; round++) this.word();
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A fraction from 0 up to, but not including, 1. */
  fraction(): number {
    return this.word() / 4294967296;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the items, all equally likely. Throws when there is none. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.fraction() * items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from');
    return item;
  }

  /** One of the items, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    let remaining = this.fraction() * items.reduce((total, item) => total + item.weight, 0);
    for (const item of items) {
      remaining -= item.weight;
      if (remaining < 0) return item;
    }
    return this.pick(items);
  }

  /** A new array with the same items in another order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  }

  /** How often something happened whose average is given: that average give or take half, rounded by chance. */
  occurrences(average: number): number {
    const value = average * (0.5 + this.fraction());
    return Math.floor(value) + (this.chance(value % 1) ? 1 : 0);
  }

  /** Characters drawn from an alphabet. */
  text(alphabet: string, length: number): string {
    const codes = new Array<number>(length);
    for (let index = 0; index < length; index++)
      codes[index] = alphabet.charCodeAt(this.between(0, alphabet.length - 1));
    return String.fromCharCode(...codes);
  }

  /** A version 4 UUID (RFC 9562), lower case. */
  uuid(): string {
    const words = [
      this.word(),
      (this.word() & 0xffff0fff) | 0x4000,
      (this.word() & 0x3fffffff) | 0x80000000,
      this.word(),
    ];
    let at = 0;
    for (let nibble = 0; nibble < 32; nibble++) {
      if (nibble === 8 || nibble === 12 || nibble === 16 || nibble === 20) UUID[at++] = 0x2d;
      UUID[at++] = HEX[((words[nibble >>> 3] ?? 0) >>> (28 - (nibble & 7) * 4)) & 15] ?? 0;
    }
    // One flat string at once: pieces put together stay a chain in memory, a million times over.
    return UUID.toString('latin1');
  }
}
