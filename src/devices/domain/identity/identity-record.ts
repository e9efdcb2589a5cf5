import { manufacturerKey } from './manufacturer-name.js';
import { realIdentifier } from './placeholder-values.js';
import { realSerial } from './serial-number.js';

/** The sources that speak of machines, the one that knows them best first. */
export const SOURCE_PRECEDENCE = ['managed-devices', 'autopilot', 'windows-readiness', 'entra-devices'] as const;
export type RecordSource = (typeof SOURCE_PRECEDENCE)[number];

/** What one source says of one machine, as far as it tells machines apart. Times are milliseconds since 1970. */
export interface RecordFacts {
  readonly id: number;
  readonly source: RecordSource;
  readonly externalId: string;
  readonly presence: 'present' | 'missing' | 'gone';
  readonly entraDeviceId: string | null;
  readonly managedDeviceId: string | null;
  readonly autopilotId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly enrolledAt: number | null;
  readonly lastSeenAt: number | null;
}

/** Ids that tie records to each other whatever else they say, in the order in which they are trusted. */
export const IDENTIFIER_KINDS = ['autopilot', 'managed', 'entra'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];
/** All that can tie records: the ids, and the serial number with its manufacturer. */
export type KeyKind = IdentifierKind | 'serial';

/** The comparable forms of what a record says about which machine it means; null where it says nothing usable. */
export interface RecordKeys {
  readonly autopilot: string | null;
  readonly managed: string | null;
  readonly entra: string | null;
  readonly serial: string | null;
  readonly maker: string | null;
}

/** Name of a key among all keys, such as `serial:5CG1234XYZ`. */
export function keyName(kind: KeyKind, value: string): string {
  return `${kind}:${value}`;
}

/** The facts of a record with their comparable forms, worked out once. */
export interface IdentityRecord extends RecordFacts {
  readonly keys: RecordKeys;
}

/** The comparable forms of what a record says. */
export function keysOf(record: RecordFacts): RecordKeys {
  return {
    autopilot: realIdentifier(record.autopilotId),
    managed: realIdentifier(record.managedDeviceId),
    entra: realIdentifier(record.entraDeviceId),
    serial: realSerial(record.serialNumber, record.manufacturer, record.model),
    maker: manufacturerKey(record.manufacturer),
  };
}

/** @param shared names of keys that so many records carry that they say nothing of a machine (see `keyName`) */
export function withoutShared(keys: RecordKeys, shared: ReadonlySet<string>): RecordKeys {
  if (shared.size === 0) return keys;
  const unlessShared = (kind: KeyKind): string | null => {
    const value = keys[kind];
    return value !== null && shared.has(keyName(kind, value)) ? null : value;
  };
  return {
    autopilot: unlessShared('autopilot'),
    managed: unlessShared('managed'),
    entra: unlessShared('entra'),
    serial: unlessShared('serial'),
    maker: keys.maker,
  };
}

/** A clock that runs ahead by more than this is wrong: the time it gives is kept but never counted as fresh. */
const MOST_AHEAD = 24 * 3_600_000;

/** The time, unless it lies in the future or is missing. */
export function trustedTime(time: number | null, now: number): number | null {
  return time !== null && time <= now + MOST_AHEAD ? time : null;
}

/**
 * Orders the records of a machine, the one to believe first: shown before absent, better source before worse, later
 * enrolment, later contact, and by id in its source when all else is equal.
 */
export function compareTrust(a: RecordFacts, b: RecordFacts, now: number): number {
  return (
    Number(a.presence !== 'present') - Number(b.presence !== 'present') ||
    SOURCE_PRECEDENCE.indexOf(a.source) - SOURCE_PRECEDENCE.indexOf(b.source) ||
    (trustedTime(b.enrolledAt, now) ?? -Infinity) - (trustedTime(a.enrolledAt, now) ?? -Infinity) ||
    (trustedTime(b.lastSeenAt, now) ?? -Infinity) - (trustedTime(a.lastSeenAt, now) ?? -Infinity) ||
    (a.externalId < b.externalId ? -1 : a.externalId > b.externalId ? 1 : a.id - b.id)
  );
}
