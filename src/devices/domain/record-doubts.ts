/** What bears on whether the records of a machine can be relied on. Times are milliseconds since 1970. */
export interface RecordDoubtFacts {
  readonly now: number;
  readonly presence: 'present' | 'missing' | 'gone';
  readonly serialNumber: string | null;
  readonly operatingSystem: string | null;
  readonly lastSeenAt: number | null;
  readonly classUnknown: boolean;
  readonly classContradicted: boolean;
  readonly openReviews: number;
  /** Whether the person whom Intune names is in the directory with an enabled account; null when it names nobody. */
  readonly userActive: boolean | null;
  readonly records: readonly {
    readonly source: 'entra-devices' | 'managed-devices' | 'windows-readiness' | 'autopilot';
    readonly name: string | null;
    readonly present: boolean;
  }[];
}

export const RECORD_DOUBT_CODES = [
  'review-open',
  'class-unknown',
  'class-contradicted',
  'vanished',
  'not-seen',
  'clock-ahead',
  'user-left',
  'names-differ',
  'no-serial',
  'not-managed',
] as const;
export type RecordDoubtCode = (typeof RECORD_DOUBT_CODES)[number];

/** Something that is doubtful about the records of a machine, in words, with what to do. */
export interface RecordDoubt {
  readonly code: RecordDoubtCode;
  readonly message: string;
  readonly advice: string;
}

const DAY = 86_400_000;
/** Days after which Microsoft counts a device as stale (learn.microsoft.com/entra/identity/devices/manage-stale-devices). */
export const STALE_AFTER_DAYS = 90;

/** Everything doubtful about what the sources say of a machine, the worst first. */
export function recordDoubtsOf(facts: RecordDoubtFacts): RecordDoubt[] {
  const doubts: RecordDoubt[] = [];
  const add = (code: RecordDoubtCode, message: string, advice: string): void => {
    doubts.push({ code, message, advice });
  };
  const shown = facts.records.filter(({ present }) => present);
  const names = new Set(shown.flatMap(({ name }) => (name === null ? [] : [name.toLowerCase()])));
  const isWindows = facts.operatingSystem?.toLowerCase().startsWith('windows') === true;
  const has = (source: string): boolean => shown.some((record) => record.source === source);

  if (facts.openReviews > 0) {
    add(
      'review-open',
      'It is not certain which records belong to this machine.',
      'Look at the evidence side by side and say whether they are one machine.',
    );
  }
  if (facts.classUnknown) {
    add(
      'class-unknown',
      'It is not known whether this is a desktop or a laptop.',
      'Look at the machine or its data sheet, and decide it once for the model.',
    );
  } else if (facts.classContradicted) {
    add(
      'class-contradicted',
      'Something speaks against the class that it was given.',
      'Read the evidence below, and overrule the class if it is wrong.',
    );
  }
  if (facts.records.length > 0 && facts.presence !== 'present') {
    add(
      'vanished',
      'No source shows this machine any more.',
      'Find out whether it was replaced, lost or taken out of management, and record what became of it.',
    );
  }
  if (facts.lastSeenAt !== null && facts.lastSeenAt > facts.now + DAY) {
    add(
      'clock-ahead',
      'The time at which it was last seen lies in the future.',
      'Do not rely on it: the clock of the machine, or of what reported it, is wrong.',
    );
  } else if (
    facts.presence === 'present' &&
    facts.lastSeenAt !== null &&
    facts.lastSeenAt < facts.now - STALE_AFTER_DAYS * DAY
  ) {
    add(
      'not-seen',
      `No source has seen it for more than ${STALE_AFTER_DAYS} days.`,
      'Ask whoever has it to switch it on and connect it, or take it back.',
    );
  }
  if (facts.userActive === false) {
    add(
      'user-left',
      'The primary user in Intune has left, or their account is disabled.',
      'Find out who has the machine, and record it.',
    );
  }
  if (names.size > 1) {
    add(
      'names-differ',
      'Its sources call it by different names.',
      'It was renamed a short time ago, or one of the records is of another machine: compare them below.',
    );
  }
  if (facts.records.length > 0 && facts.serialNumber === null) {
    add(
      'no-serial',
      'No source gives a usable serial number.',
      'Read the number on the machine and enter it in the register, so that it can be recognised.',
    );
  }
  if (isWindows && facts.presence === 'present' && has('entra-devices') && !has('managed-devices')) {
    add(
      'not-managed',
      'Intune does not manage this machine, so its state and user are not known.',
      'Have it enrolled, or remove its record from Microsoft Entra ID if it is no longer used.',
    );
  }
  return doubts;
}
