import { FAULT_CATALOGUE, type FaultKind, faultKind, type FaultName } from './catalogue.js';

/** A fault as data: which, where, when, and how strongly. Without a limit it holds until it is cleared. */
export interface Fault {
  readonly name: FaultName;
  /** Regular expression over path and query, regardless of case; every Graph path when absent. */
  readonly path?: string;
  /** Share of the matching requests, 0 to 1, drawn by the seed. */
  readonly rate?: number;
  /** Only the first so many hits. */
  readonly first?: number;
  /** Lets so many matching requests pass before. */
  readonly after?: number;
  /** Only this page of a listing or of a delta round, counted from 1. */
  readonly page?: number;
  readonly seed?: number;
  readonly seconds?: number;
  /** 0 to 1. */
  readonly share?: number;
  readonly count?: number;
  readonly status?: number;
  readonly value?: string;
}

const NUMBERS = ['rate', 'first', 'after', 'page', 'seed', 'seconds', 'share', 'count', 'status'] as const;
const TEXTS = ['path', 'value'] as const;
const SHARES: readonly string[] = ['rate', 'share'];

/**
 * Checks a fault that came from outside and fills in its kind's defaults.
 * @throws RangeError naming what is wrong
 */
export function parseFault(input: unknown): Fault {
  if (typeof input !== 'object' || input === null) throw new RangeError('A fault is an object with a name.');
  const given = input as Readonly<Record<string, unknown>>;
  const name = given['name'];
  if (typeof name !== 'string' || !Object.hasOwn(FAULT_CATALOGUE, name)) {
    throw new RangeError(`Unknown fault '${String(name)}'. Known faults: ${Object.keys(FAULT_CATALOGUE).join(', ')}.`);
  }
  const known: readonly string[] = ['name', ...NUMBERS, ...TEXTS];
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new RangeError(`Unknown property '${unknown}' of a fault.`);
  for (const key of NUMBERS) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw new RangeError(`'${key}' is a number from 0.`);
    if (SHARES.includes(key) && value > 1) throw new RangeError(`'${key}' is a share from 0 to 1.`);
  }
  for (const key of TEXTS) {
    if (given[key] !== undefined && typeof given[key] !== 'string') throw new RangeError(`'${key}' is a text.`);
  }
  if (typeof given['path'] === 'string') requirePattern(given['path']);
  const checked: unknown = { ...faultKind(name as FaultName).defaults, ...given };
  return checked as Fault;
}

function requirePattern(pattern: string): void {
  try {
    new RegExp(pattern, 'i');
  } catch {
    throw new RangeError(`'path' is a regular expression; '${pattern}' is not one.`);
  }
}

/** What a fault has seen and done so far. */
export interface FaultTally {
  readonly matched: number;
  readonly hits: number;
  /** Until when a throttling fault goes on refusing, milliseconds since 1970. */
  readonly blockedUntil: number;
  /** Requests made before that time. */
  readonly earlyRetries: number;
}

export const EMPTY_TALLY: FaultTally = { matched: 0, hits: 0, blockedUntil: 0, earlyRetries: 0 };

/** What of a request decides about faults. */
export interface FaultSubject {
  /** Path and query as sent, with the dollar sign decoded. */
  readonly target: string;
  /** Number of the page asked for, counted from 1. */
  readonly page: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether a fault hits a request, and its tally afterwards. Depends on nothing but its arguments. */
export function decide(
  fault: Fault,
  tally: FaultTally,
  subject: FaultSubject,
  seed: number,
): { readonly hit: boolean; readonly tally: FaultTally } {
  const kind: FaultKind = faultKind(fault.name);
  const pattern = fault.path ?? (kind.stage === 'token' ? '/oauth2/v2\\.0/token(\\?|$)' : '^/(v1\\.0|beta)/');
  const concerns =
    new RegExp(pattern, 'i').test(subject.target) &&
    (kind.only === undefined || new RegExp(kind.only, 'i').test(subject.target)) &&
    (fault.page === undefined || fault.page === subject.page);
  if (!concerns) return { hit: false, tally };

  const penaltyMs = fault.name.startsWith('throttled') ? (fault.seconds ?? 0) * 1000 : 0;
  if (subject.now < tally.blockedUntil) {
    const prolonged = { ...tally, earlyRetries: tally.earlyRetries + 1, blockedUntil: subject.now + penaltyMs };
    return { hit: true, tally: prolonged };
  }
  const matched = tally.matched + 1;
  const hit =
    matched > (fault.after ?? 0) &&
    tally.hits < (fault.first ?? Infinity) &&
    (fault.rate === undefined || draw(fault.seed ?? seed, fault.name, matched) < fault.rate);
  if (!hit) return { hit, tally: { ...tally, matched } };
  return {
    hit,
    tally: { ...tally, matched, hits: tally.hits + 1, blockedUntil: penaltyMs > 0 ? subject.now + penaltyMs : 0 },
  };
}

/** A number from 0 up to 1 that depends only on its arguments (FNV-1a, finished with the mixing step of MurmurHash3). */
export function draw(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
