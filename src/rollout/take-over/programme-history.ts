import {
  day,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  whole,
  yesOrNo,
  type FormatProblem,
  type Read,
} from './format-reader.js';

/** What a file says of itself, so that a later version of the format can be told apart. */
export const HISTORY_FORMAT = 'untether-programme-history/1';

const WORD = text(120);
const REASON = text(500);
/** Somebody, by object id in Entra ID or user principal name. */
const PERSON = text(256);
/** A machine or a slot, by the name that the file itself gives it. */
const KEY = text(64);

const PLACEMENT = {
  directorate: optional(WORD),
  team: optional(WORD),
  site: optional(WORD),
  manager: optional(PERSON),
};

/** The records of a programme that is under way, as docs/rollout-take-over.md describes them. */
const HISTORY = record({
  format: oneOf([HISTORY_FORMAT]),
  source: text(200),
  until: instant,
  programme: record({
    name: WORD,
    startsOn: day,
    targetOn: day,
    baselineAt: instant,
    scope: optional(
      record({
        directorates: list(WORD),
        sites: list(WORD),
        exceptEmployeeTypes: list(WORD),
        exceptTeams: list(WORD),
        includePeopleWithoutDesktop: yesOrNo,
      }),
    ),
  }),
  machines: list(
    record({
      machine: KEY,
      serialNumber: optional(text(64)),
      manufacturer: optional(WORD),
      model: optional(WORD),
      intuneDeviceId: optional(text(64)),
      entraDeviceId: optional(text(64)),
      enrolledAt: optional(instant),
    }),
  ),
  baseline: record({
    people: list(record({ person: PERSON, ...PLACEMENT })),
    desktops: list(record({ machine: KEY, person: optional(PERSON) })),
  }),
  arrivals: list(record({ person: PERSON, at: instant, reason: oneOf(['joiner', 'rehire', 'rule']) })),
  departures: list(record({ person: PERSON, at: instant, reason: oneOf(['left', 'rule']) })),
  assignments: list(
    record({
      person: PERSON,
      machine: KEY,
      kind: oneOf(['desktop', 'laptop']),
      at: instant,
      firstUsedAt: optional(instant),
    }),
  ),
  deliveries: list(record({ machine: KEY, at: instant, place: optional(WORD) })),
  handOvers: list(
    record({
      person: PERSON,
      machine: KEY,
      at: instant,
      by: optional(PERSON),
      firstUsedAt: optional(instant),
    }),
  ),
  laptopReturns: list(record({ person: PERSON, machine: KEY, at: instant, reason: REASON, by: optional(PERSON) })),
  recoveries: list(record({ machine: KEY, at: instant, by: optional(PERSON), place: optional(WORD) })),
  wipes: list(record({ machine: KEY, at: instant, evidence: WORD, by: optional(PERSON) })),
  disposals: list(record({ machine: KEY, at: instant, certificate: WORD })),
  losses: list(
    record({ machine: KEY, at: instant, reason: oneOf(['stolen', 'written_off', 'gone']), reference: optional(WORD) }),
  ),
  reclassifications: list(record({ machine: KEY, at: instant })),
  waves: list(record({ name: WORD, startsOn: day, endsOn: day, people: list(PERSON) })),
  slots: list(
    record({
      slot: KEY,
      site: WORD,
      engineer: PERSON,
      startsAt: instant,
      endsAt: instant,
      cutOffAt: optional(instant),
      capacity: whole(1, 100),
    }),
  ),
  bookings: list(
    record({
      person: PERSON,
      slot: optional(KEY),
      deliverOn: optional(day),
      tracking: optional(WORD),
      laptop: optional(KEY),
      at: instant,
      by: optional(PERSON),
      outcome: oneOf(['booked', 'attended', 'missed', 'cancelled', 'delivered']),
      outcomeAt: optional(instant),
      reason: optional(REASON),
    }),
  ),
  deferrals: list(
    record({
      person: PERSON,
      at: instant,
      reason: oneOf(['parental_leave', 'sickness', 'secondment', 'other']),
      until: day,
      endedAt: optional(instant),
    }),
  ),
  exemptions: list(
    record({ person: PERSON, at: instant, reason: REASON, until: optional(day), endedAt: optional(instant) }),
  ),
  workStyles: list(
    record({
      person: PERSON,
      at: instant,
      workStyle: oneOf(['fixed', 'office_mobile', 'home', 'field', 'shared_desk', 'exempt']),
      confirmedAt: optional(instant),
      by: optional(PERSON),
    }),
  ),
  answers: list(
    record({
      person: PERSON,
      at: instant,
      question: oneOf([
        'devices',
        'usual-sites',
        'applications',
        'assistive-technology',
        'local-data',
        'training',
        'manager-word',
      ]),
      answer: text(200),
      listed: list(WORD),
      by: optional(PERSON),
    }),
  ),
  assessments: list(record({ person: PERSON, at: instant })),
  readiness: list(
    record({
      person: PERSON,
      at: instant,
      outcome: oneOf(['ready', 'not_ready', 'unknown']),
      rules: list(text(40)),
    }),
  ),
  statements: list(
    record({
      person: PERSON,
      at: instant,
      kind: oneOf(['no-desktop', 'rolled-back', 'reopened']),
      reason: REASON,
      by: optional(PERSON),
    }),
  ),
});

/** The records of a programme that is under way. Times are instants, days ISO 8601 texts. */
export type ProgrammeHistory = Read<typeof HISTORY>;
export type HistoryMachine = ProgrammeHistory['machines'][number];
export type HistoryBooking = ProgrammeHistory['bookings'][number];

/** A file as it was read: the history, or everything that is wrong with it. */
export type HistoryReading =
  | { readonly ok: true; readonly history: ProgrammeHistory }
  | { readonly ok: false; readonly problems: readonly FormatProblem[] };

/** Reads a programme's history from parsed JSON. Every problem names its path and what to do about it. */
export function readProgrammeHistory(content: unknown): HistoryReading {
  const problems: FormatProblem[] = [];
  const history = HISTORY(content, '', problems);
  if (problems.length === 0) problems.push(...contradictionsOf(history));
  return problems.length === 0 ? { ok: true, history } : { ok: false, problems };
}

/** What cannot be true of records that are well formed one by one. */
function contradictionsOf(history: ProgrammeHistory): FormatProblem[] {
  const problems: FormatProblem[] = [];
  const { programme, until } = history;
  const add = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  if (programme.targetOn <= programme.startsOn) add('programme.targetOn', 'Give a day after programme.startsOn.');
  if (programme.baselineAt >= until) add('programme.baselineAt', 'Give a time before until.');
  const machines = keysOf(
    'machines',
    history.machines.map(({ machine }) => machine),
    add,
  );
  const slots = keysOf(
    'slots',
    history.slots.map(({ slot }) => slot),
    add,
  );
  keysOf(
    'waves',
    history.waves.map(({ name }) => name.toLowerCase()),
    add,
  );
  keysOf(
    'baseline.people',
    history.baseline.people.map(({ person }) => person.toLowerCase()),
    add,
  );
  keysOf(
    'baseline.desktops',
    history.baseline.desktops.map(({ machine }) => machine),
    add,
  );
  for (const [index, one] of history.machines.entries()) {
    if (one.serialNumber === null && one.intuneDeviceId === null && one.entraDeviceId === null) {
      add(`machines[${index}]`, 'Give serialNumber, intuneDeviceId or entraDeviceId.');
    }
  }
  for (const [name, records] of Object.entries(history)) {
    if (!Array.isArray(records)) continue;
    for (const [index, one] of (records as readonly Named[]).entries()) {
      if (one.at !== undefined && (one.at < programme.baselineAt || one.at > until) && name !== 'deliveries') {
        add(`${name}[${index}].at`, 'Give a time from programme.baselineAt to until.');
      }
      if (name !== 'machines' && one.machine !== undefined && !machines.has(one.machine)) {
        add(`${name}[${index}].machine`, 'Name a machine of the list machines.');
      }
    }
  }
  for (const [index, { machine }] of history.baseline.desktops.entries()) {
    if (!machines.has(machine)) add(`baseline.desktops[${index}].machine`, 'Name a machine of the list machines.');
  }
  for (const [index, slot] of history.slots.entries()) {
    if (slot.endsAt <= slot.startsAt) add(`slots[${index}].endsAt`, 'Give a time after startsAt.');
    if (slot.cutOffAt !== null && slot.cutOffAt > slot.startsAt) {
      add(`slots[${index}].cutOffAt`, 'Give a time that is not after startsAt.');
    }
  }
  for (const [index, booking] of history.bookings.entries()) {
    checkBooking(booking, slots, (field, message) => add(`bookings[${index}]${field}`, message));
    if (booking.laptop !== null && !machines.has(booking.laptop)) {
      add(`bookings[${index}].laptop`, 'Name a machine of the list machines.');
    }
  }
  for (const [index, wave] of history.waves.entries()) {
    if (wave.endsOn < wave.startsOn) add(`waves[${index}].endsOn`, 'Give a day that is not before startsOn.');
  }
  return problems;
}

interface Named {
  readonly at?: Date;
  readonly machine?: string;
}

function keysOf(
  path: string,
  keys: readonly string[],
  add: (path: string, message: string) => void,
): ReadonlySet<string> {
  const known = new Set<string>();
  for (const [index, key] of keys.entries()) {
    if (known.has(key)) add(`${path}[${index}]`, 'It is there already: name it once.');
    known.add(key);
  }
  return known;
}

function checkBooking(
  { slot, deliverOn, outcome, outcomeAt }: HistoryBooking,
  slots: ReadonlySet<string>,
  add: (field: string, message: string) => void,
): void {
  if ((slot === null) === (deliverOn === null)) add('', 'Give either slot or deliverOn.');
  if (slot !== null && !slots.has(slot)) add('.slot', 'Name a slot of the list slots.');
  if ((outcome === 'booked') !== (outcomeAt === null)) {
    add('.outcomeAt', 'Give it for every outcome but booked, which has none yet.');
  }
  const fits = slot === null ? ['booked', 'cancelled', 'delivered'] : ['booked', 'attended', 'missed', 'cancelled'];
  if (!fits.includes(outcome)) add('.outcome', `Give one of: ${fits.join(', ')}.`);
}
