import { READINESS_RULES } from '../domain/readiness/rules.js';
import { day, instant, list, oneOf, optional, record, text, whole, yesOrNo, type Read } from './format-reader.js';

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
export const HISTORY = record({
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
    settings: optional(
      record({
        gates: list(oneOf(READINESS_RULES)),
        approvedModels: list(record({ manufacturer: WORD, model: WORD })),
        licenceSkus: list(text(64)),
      }),
    ),
  }),
  applications: list(
    record({
      name: WORD,
      state: oneOf(['ready', 'not_ready', 'unknown']),
      owner: optional(text(80)),
      note: optional(REASON),
      since: instant,
    }),
  ),
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
