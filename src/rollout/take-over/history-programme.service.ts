import type { EntityManager } from 'typeorm';
import { WORK_STYLES, type WorkStyle } from '../domain/move-words.js';
import type { ReadinessRule } from '../domain/readiness/rules.js';
import { DEFAULT_READINESS_SETTINGS, READINESS_KEY } from '../domain/readiness/settings.js';
import { desktopsOf } from './history-facts.js';
import type { HistoryBooking, ProgrammeHistory } from './programme-history.js';

/** What the names of the file are here, when every machine has its device. */
export interface ResolvedNames {
  readonly device: (machine: string) => number | undefined;
  /** Object id; null for nobody, and for who is unknown. */
  readonly person: (name: string | null) => string | null;
  /** Whoever the records name, or the one who takes them over. */
  readonly actor: (name: string | null) => string;
}

/** Writes the programme, running, with its first settings. @returns its number */
export async function insertProgramme(tx: EntityManager, history: ProgrammeHistory, actor: string): Promise<number> {
  const { name, startsOn, targetOn, baselineAt, scope } = history.programme;
  const everybody = { directorates: [], sites: [], exceptEmployeeTypes: [], exceptTeams: [] };
  const [programme] = await tx.query<{ id: number }[]>(
    `insert into rollout_programme (name, state, starts_on, target_on, scope, baseline_at, backfilled_until, created_by)
     values ($1, 'running', $2, $3, $4, $5, $6, $7) returning id`,
    [
      name,
      startsOn,
      targetOn,
      JSON.stringify(scope ?? { ...everybody, includePeopleWithoutDesktop: false }),
      baselineAt,
      history.until,
      actor,
    ],
  );
  const id = programme?.id ?? 0;
  await tx.query(
    `insert into rollout_settings (programme_id, version, settings, reason, actor, at) values ($1, 1, $5, $2, $3, $4)`,
    [id, `Taken over from ${history.source}`, actor, baselineAt, JSON.stringify(settingsOf(history))],
  );
  await tx.query(
    `insert into rollout_application (programme_id, name, state, owner, note, since, changed_by, changed_at)
     select $1, name, state, owner, note, since, $3, since
     from jsonb_to_recordset($2::jsonb) as row(name text, state text, owner text, note text, since timestamptz)`,
    [id, JSON.stringify(uniqueBy(history.applications, ({ name }) => name.toLowerCase())), actor],
  );
  return id;
}

/** The first settings: what the records name, in place of what every programme starts with. */
function settingsOf({ programme: { settings } }: ProgrammeHistory): Readonly<Record<string, unknown>> {
  if (settings === null) return {};
  const { gates: gating, approvedModels, licenceSkus } = settings;
  const { gates } = DEFAULT_READINESS_SETTINGS;
  const of = (style: WorkStyle): readonly ReadinessRule[] => gates[style].filter((rule) => gating.includes(rule));
  return {
    [READINESS_KEY]: {
      gates: Object.fromEntries(WORK_STYLES.map((style) => [style, of(style)])),
      approvedModels,
      licenceSkus,
    },
  };
}

/** Writes baseline, moves and desktops. @returns the moves by object id */
export async function insertBaseline(
  tx: EntityManager,
  programmeId: number,
  history: ProgrammeHistory,
  { device, person }: ResolvedNames,
): Promise<ReadonlyMap<string, number>> {
  const people = history.baseline.people.flatMap((one) => {
    const id = person(one.person);
    return id === null ? [] : [{ ...one, person: id, manager: person(one.manager) }];
  });
  const rows = JSON.stringify(uniqueBy(people, (one) => one.person));
  await tx.query(INSERT_BASELINE_PEOPLE, [programmeId, rows]);
  const arrivals = history.arrivals.flatMap(({ person: name, reason }) => {
    const id = person(name);
    return id === null ? [] : [{ person: id, reason }];
  });
  const moves = await tx.query<{ id: number; person_entra_id: string }[]>(INSERT_MOVES, [
    programmeId,
    JSON.stringify(uniqueBy(arrivals, (one) => one.person)),
  ]);
  const baseline = history.baseline.desktops.flatMap(({ machine, person: name }) => {
    const id = device(machine);
    return id === undefined ? [] : [{ device_id: id, person: person(name) }];
  });
  await tx.query(INSERT_BASELINE_DESKTOPS, [programmeId, JSON.stringify(baseline)]);
  const desktops = [...desktopsOf(history)].flatMap((machine) => device(machine) ?? []);
  await tx.query(INSERT_DESKTOPS, [programmeId, desktops]);
  return new Map(moves.map((move) => [move.person_entra_id, move.id]));
}

function uniqueBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** What the records leave open is as the directory has it now. */
const INSERT_BASELINE_PEOPLE = `
  insert into baseline_person (programme_id, person_entra_id, directorate, team, site, manager_entra_id)
  select $1, row.person, coalesce(row.directorate, person.division), coalesce(row.team, person.department),
         coalesce(row.site, person.office_location), coalesce(row.manager, person.manager_entra_id)
  from jsonb_to_recordset($2::jsonb) as row(person text, directorate text, team text, site text, manager text)
  left join person on person.entra_id = row.person`;

const INSERT_MOVES = `
  insert into move (programme_id, person_entra_id, scope_reason, directorate, team, site, manager_entra_id)
  select $1, person_entra_id, 'baseline', directorate, team, site, manager_entra_id from baseline_person
  where programme_id = $1
  union all
  select $1, row.person, row.reason, person.division, person.department, person.office_location, person.manager_entra_id
  from jsonb_to_recordset($2::jsonb) as row(person text, reason text) left join person on person.entra_id = row.person
  where not exists (select from baseline_person as known where known.programme_id = $1 and known.person_entra_id = row.person)
  returning id, person_entra_id`;

const INSERT_BASELINE_DESKTOPS = `
  insert into baseline_desktop (programme_id, device_id, person_entra_id, directorate, team, site, model, enrolled_at)
  select $1, row.device_id, row.person, owner.directorate, owner.team, owner.site, device.model, device.enrolled_at
  from jsonb_to_recordset($2::jsonb) as row(device_id integer, person text) join device on device.id = row.device_id
  left join baseline_person as owner on owner.programme_id = $1 and owner.person_entra_id = row.person`;

const INSERT_DESKTOPS = `
  insert into rollout_desktop (programme_id, device_id, baseline, model, enrolled_at)
  select $1, device.id, exists (select from baseline_desktop as baseline where baseline.programme_id = $1
                                and baseline.device_id = device.id), device.model, device.enrolled_at
  from device where device.id = any($2::integer[]) order by device.id`;

/** Writes the waves with their members. */
export async function insertWaves(
  tx: EntityManager,
  programmeId: number,
  history: ProgrammeHistory,
  move: (person: string) => number | undefined,
  actor: string,
): Promise<void> {
  if (history.waves.length === 0) return;
  const made = await tx.query<{ id: number; name: string }[]>(
    `insert into wave (programme_id, name, starts_on, ends_on, created_by)
     select $1, name, "startsOn", "endsOn", $3
     from jsonb_to_recordset($2::jsonb) as row(name text, "startsOn" date, "endsOn" date) returning id, name`,
    [programmeId, JSON.stringify(history.waves), actor],
  );
  const waveOf = new Map(made.map(({ name, id }) => [name, id]));
  const members = new Map<number, number>();
  for (const { name, people } of history.waves) {
    for (const person of people) {
      const [moveId, waveId] = [move(person), waveOf.get(name)];
      if (moveId !== undefined && waveId !== undefined) members.set(moveId, waveId);
    }
  }
  const lists = [[...members.keys()], [...members.values()]];
  await tx.query(
    `insert into wave_member (move_id, wave_id, source, added_by)
     select move_id, wave_id, 'hand', $3 from unnest($1::integer[], $2::integer[]) as row(move_id, wave_id)`,
    [...lists, actor],
  );
  await tx.query(
    `update move set wave_id = row.wave_id from unnest($1::integer[], $2::integer[]) as row(move_id, wave_id)
     where move.id = row.move_id`,
    lists,
  );
}

/** When a delivery is expected, for what needs an instant (Europe/London), as bookings have it. */
const DELIVERY_TIME = '12:00';

interface BookingRow {
  readonly id: number;
  readonly starts_at: Date;
}

/** Writes slots and bookings. @returns number and time of each booking */
export async function insertBookings(
  tx: EntityManager,
  programmeId: number,
  history: ProgrammeHistory,
  names: ResolvedNames & { readonly move: (person: string) => number | undefined },
): Promise<ReadonlyMap<HistoryBooking, { readonly id: number; readonly startsAt: Date }>> {
  const slots = await insertSlots(tx, programmeId, history, names);
  const taken = new Map<string, number>();
  const bookings = history.bookings.flatMap((booking) => {
    const [moveId, slot] = [names.move(booking.person), booking.slot === null ? null : slots.get(booking.slot)];
    if (moveId === undefined || slot === undefined) return [];
    const hasPlace = slot !== null && (booking.outcome === 'booked' || booking.outcome === 'attended');
    const place = hasPlace ? (taken.get(booking.slot ?? '') ?? 0) + 1 : null;
    if (place !== null) taken.set(booking.slot ?? '', place);
    const laptop = booking.laptop === null ? null : (names.device(booking.laptop) ?? null);
    return [{ booking, row: rowOfBooking(booking, { moveId, slot, place, laptop }, names.actor) }];
  });
  const inserted = await tx.query<BookingRow[]>(INSERT_BOOKINGS, [
    JSON.stringify(bookings.map(({ row }, index) => ({ index, ...row }))),
    DELIVERY_TIME,
  ]);
  return new Map(
    bookings.flatMap(({ booking }, index) => {
      const row = inserted[index];
      return row === undefined ? [] : [[booking, { id: row.id, startsAt: row.starts_at }] as const];
    }),
  );
}

async function insertSlots(
  tx: EntityManager,
  programmeId: number,
  { slots }: ProgrammeHistory,
  { person, actor }: ResolvedNames,
): Promise<ReadonlyMap<string, number>> {
  const known = slots.flatMap((slot) => {
    const engineer = person(slot.engineer);
    return engineer === null ? [] : [{ ...slot, engineer, cutOffAt: slot.cutOffAt ?? slot.startsAt }];
  });
  const rows = await tx.query<{ id: number; slot: string }[]>(
    `with numbered as materialized (
       select row.*, nextval(pg_get_serial_sequence('slot', 'id'))::integer as id
       from jsonb_to_recordset($2::jsonb) as row(slot text, site text, engineer text, "startsAt" timestamptz,
         "endsAt" timestamptz, "cutOffAt" timestamptz, capacity integer)
     ), inserted as (
       insert into slot (id, programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
       overriding system value
       select id, $1, site, engineer, "startsAt", "endsAt", "cutOffAt", capacity, $3 from numbered
     ) select id, slot from numbered`,
    [programmeId, JSON.stringify(known), actor(null)],
  );
  return new Map(rows.map(({ slot, id }) => [slot, id]));
}

function rowOfBooking(
  { deliverOn, tracking, outcome, outcomeAt, reason, at, by }: HistoryBooking,
  found: {
    readonly moveId: number;
    readonly slot: number | null;
    readonly place: number | null;
    readonly laptop: number | null;
  },
  actor: ResolvedNames['actor'],
): object {
  const isOpen = outcome === 'booked';
  return {
    move_id: found.moveId,
    slot_id: found.slot,
    place: found.place,
    deliver_on: deliverOn,
    tracking: found.slot === null ? tracking : null,
    state: outcome,
    laptop_id: found.laptop,
    booked_by: actor(by),
    created_at: at,
    ended_by: isOpen ? null : actor(null),
    ended_at: outcomeAt,
    end_reason: isOpen ? null : reason,
  };
}

const INSERT_BOOKINGS = `
  with numbered as materialized (
    select row.*, nextval(pg_get_serial_sequence('booking', 'id'))::integer as id
    from jsonb_to_recordset($1::jsonb) as row(index integer, move_id integer, slot_id integer, place integer,
      deliver_on date, tracking text, state text, laptop_id integer, booked_by text, created_at timestamptz, ended_by text,
      ended_at timestamptz, end_reason text)
  ), inserted as (
    insert into booking (id, move_id, slot_id, slot_capacity, slot_state, place, deliver_on, tracking, state, laptop_id,
      laptop_put_aside, booked_by, created_at, ended_by, ended_at, end_reason)
    overriding system value
    select numbered.id, numbered.move_id, slot.id, slot.capacity, slot.state, numbered.place, numbered.deliver_on,
           numbered.tracking, numbered.state, numbered.laptop_id,
           numbered.state = 'booked' and numbered.laptop_id is not null, numbered.booked_by, numbered.created_at,
           numbered.ended_by, numbered.ended_at, numbered.end_reason
    from numbered left join slot on slot.id = numbered.slot_id
  )
  select numbered.id, coalesce(slot.starts_at, (numbered.deliver_on + $2::time) at time zone 'Europe/London') as starts_at
  from numbered left join slot on slot.id = numbered.slot_id order by numbered.index`;

/** Where the names that go with an answer are kept, by its question. */
const LISTED: Readonly<Record<string, string>> = { 'usual-sites': 'sites', applications: 'applications' };

/** Writes what people and their managers have answered. */
export async function insertAnswers(
  tx: EntityManager,
  history: ProgrammeHistory,
  { move, actor }: Pick<ResolvedNames, 'actor'> & { readonly move: (person: string) => number | undefined },
): Promise<void> {
  const rows = history.answers.flatMap(({ person, question, answer, listed, by, at }) => {
    const moveId = move(person);
    const key = LISTED[question];
    const details = key === undefined || listed.length === 0 ? {} : { [key]: listed };
    return moveId === undefined ? [] : [{ move_id: moveId, question, answer, details, actor: actor(by), at }];
  });
  await tx.query(
    `insert into move_answer (move_id, question, answer, details, actor, at)
     select move_id, question, answer, details, actor, at
     from jsonb_to_recordset($1::jsonb) as row(move_id integer, question text, answer text, details jsonb, actor text,
       at timestamptz) order by at`,
    [JSON.stringify(rows)],
  );
}
