import { compareTrust, trustedTime, type IdentityRecord } from './identity-record.js';
import { isPlaceholderName } from './placeholder-values.js';

/** A record with all that a machine's summary is made of. */
export interface MachineRecord extends IdentityRecord {
  readonly name: string | null;
  readonly operatingSystem: string | null;
  readonly operatingSystemVersion: string | null;
  readonly userEntraId: string | null;
  readonly ownership: string | null;
  readonly complianceState: string | null;
  readonly upgradeEligibility: string | null;
}

/** What is best known of a machine. Times are milliseconds since 1970. */
export interface MachineSummary {
  readonly presence: IdentityRecord['presence'];
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystem: string | null;
  readonly operatingSystemVersion: string | null;
  /** Object id of the person whom Intune names as the primary user. */
  readonly userEntraId: string | null;
  readonly ownership: string | null;
  readonly complianceState: string | null;
  readonly upgradeEligibility: string | null;
  readonly enrolledAt: number | null;
  readonly lastSeenAt: number | null;
  readonly recordCount: number;
}

/**
 * Sums up the records of one machine: of each value the best record's that has one (see `compareTrust`), a real serial
 * number before a placeholder, the latest enrolment, and the latest contact that no clock running ahead made up.
 */
export function summarise(records: readonly MachineRecord[], now: number): MachineSummary {
  const best = [...records].sort((a, b) => compareTrust(a, b, now));
  const first = (value: (record: MachineRecord) => string | null): string | null => {
    for (const record of best) {
      const found = value(record);
      if (found !== null && found !== '') return found;
    }
    return null;
  };
  const preferring = (
    value: (record: MachineRecord) => string | null,
    isReal: (text: string, record: MachineRecord) => boolean,
  ): string | null =>
    first((record) => {
      const text = value(record);
      return text !== null && isReal(text, record) ? text : null;
    }) ?? first(value);
  const presences = new Set(records.map((record) => record.presence));
  return {
    presence: presences.has('present') ? 'present' : presences.has('missing') ? 'missing' : 'gone',
    name: first((record) => record.name),
    serialNumber: preferring(
      (record) => record.serialNumber,
      (_, record) => record.keys.serial !== null,
    ),
    manufacturer: preferring(
      (record) => record.manufacturer,
      (_, record) => record.keys.maker !== null,
    ),
    model: preferring(
      (record) => record.model,
      (text) => !isPlaceholderName(text),
    ),
    operatingSystem: first((record) => record.operatingSystem),
    operatingSystemVersion: first((record) => record.operatingSystemVersion),
    userEntraId: best.find((record) => record.source === 'managed-devices')?.userEntraId ?? null,
    ownership: first((record) => record.ownership),
    complianceState: first((record) => record.complianceState),
    upgradeEligibility: first((record) => record.upgradeEligibility),
    enrolledAt: latest(records.map((record) => trustedTime(record.enrolledAt, now))),
    lastSeenAt: latest(records.map((record) => trustedTime(record.lastSeenAt, now))),
    recordCount: records.length,
  };
}

function latest(times: readonly (number | null)[]): number | null {
  return times.reduce((best, time) => (time !== null && (best === null || time > best) ? time : best), null);
}
