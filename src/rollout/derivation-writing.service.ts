import type { EntityManager } from 'typeorm';
import type { DesktopStanding } from './domain/derive-desktop.js';
import { factsThatCount } from './domain/facts-that-count.js';
import type { MoveFact } from './domain/move-fact.js';
import type { MoveStanding } from './domain/move-standing.js';

/** What of a move a figure counts; a stretch of its history holds all of it. */
const COUNTED = `state, scope_reason, readiness, at_risk, work_style, directorate, team, site, manager_entra_id, wave_id,
  oldest_desktop_at`;
const COUNTED_OF_DESKTOP = 'state, scope_reason, work_style, directorate, team, site, enrolled_at';

const of = (table: string, columns: string): string =>
  columns
    .split(',')
    .map((column) => `${table}.${column.trim()}`)
    .join(', ');

/**
 * Brings moves to what their facts say, and where they belong to what the directory says; rows that differ in nothing are
 * left alone.
 * @returns how many were not as they are now
 */
export async function writeMoves(
  tx: EntityManager,
  standings: ReadonlyMap<number, MoveStanding>,
  now: Date,
): Promise<number> {
  if (standings.size === 0) return 0;
  const rows = [...standings].map(([id, standing]) => rowOfMove(id, standing));
  const [changed] = await tx.query<[unknown[], number]>(UPDATE_MOVES, [JSON.stringify(rows), now]);
  const ids = [...standings.keys()];
  await tx.query(
    `update move_state as stretch set until_at = greatest($2::timestamptz, stretch.from_at + interval '1 millisecond')
     from move where move.id = any($1::integer[]) and stretch.move_id = move.id and stretch.until_at is null
       and (${of('stretch', COUNTED)}) is distinct from (${of('move', COUNTED)})`,
    [ids, now],
  );
  await tx.query(
    `insert into move_state (move_id, from_at, ${COUNTED})
     select move.id, greatest($2::timestamptz, (select max(until_at) from move_state where move_id = move.id)),
            ${of('move', COUNTED)}
     from move where move.id = any($1::integer[])
       and not exists (select from move_state as stretch where stretch.move_id = move.id and stretch.until_at is null)`,
    [ids, now],
  );
  return changed.length;
}

function rowOfMove(id: number, standing: MoveStanding): object {
  return {
    id,
    state: standing.state,
    state_since: standing.stateSince,
    scope_reason: standing.scopeReason,
    readiness: standing.readiness,
    at_risk: standing.atRisk,
    work_style: standing.workStyle,
    work_style_confirmed: standing.workStyleConfirmed,
    laptop_id: standing.laptopId,
    laptop_since: standing.laptopSince,
    desktop_count: standing.desktopCount,
    recovered_count: standing.recoveredCount,
    wiped_count: standing.wipedCount,
    desktops: standing.desktops.filter(({ counts }) => counts).map(({ deviceId }) => deviceId),
    booking_id: standing.bookingId,
    appointment_at: standing.appointmentAt,
    missed_count: standing.missedCount,
    deferred_until: standing.deferredUntil,
    doubts: standing.doubts,
    next_check_at: standing.nextCheckAt,
  };
}

const DERIVED = `state, state_since, scope_reason, readiness, at_risk, work_style, work_style_confirmed, laptop_id,
  laptop_since, desktop_count, recovered_count, wiped_count, booking_id, appointment_at, missed_count, deferred_until,
  doubts, next_check_at`;
const WRITTEN = `${DERIVED}, directorate, team, site, manager_entra_id, oldest_desktop_at`;

/** Somebody whom the directory does not show any more stays where they were. */
const UPDATE_MOVES = `
  update move set (${WRITTEN}, derived_at, version) =
    (select ${of('fresh', WRITTEN)}, $2::timestamptz, nextval('rollout_version_sequence'))
  from (
    select row.*, before.id as move_id,
           case when person.id is null then before.directorate else person.division end as directorate,
           case when person.id is null then before.team else person.department end as team,
           case when person.id is null then before.site else person.office_location end as site,
           case when person.id is null then before.manager_entra_id else person.manager_entra_id end as manager_entra_id,
           (select min(device.enrolled_at) from device where device.id = any(row.desktops)) as oldest_desktop_at
    from jsonb_to_recordset($1::jsonb) as row(id integer, state text, state_since timestamptz, scope_reason text,
      readiness text, at_risk boolean, work_style text, work_style_confirmed boolean, laptop_id integer,
      laptop_since timestamptz, desktop_count integer, recovered_count integer, wiped_count integer, desktops integer[],
      booking_id integer, appointment_at timestamptz, missed_count integer, deferred_until date, doubts jsonb,
      next_check_at timestamptz)
    join move as before on before.id = row.id
    left join person on person.entra_id = before.person_entra_id
  ) as fresh
  where move.id = fresh.move_id and (${of('move', WRITTEN)}) is distinct from (${of('fresh', WRITTEN)})
  returning move.id`;

/** A desktop as it is to be written. */
export interface DesktopToWrite {
  readonly deviceId: number;
  /** Null for one that turned out to be another machine, which stands for it from now on. */
  readonly standing: DesktopStanding | null;
  /** Move of whoever had it first; null while nobody is known. */
  readonly firstUser: number | null;
}

/** Move of whoever had the desktop first. */
export function firstUserOf(facts: readonly MoveFact[]): number | null {
  return (
    factsThatCount(facts).find(({ kind, moveId }) => kind === 'desktop-assigned' && moveId !== null)?.moveId ?? null
  );
}

/** Brings desktops to what their facts say, see `writeMoves`. Call it when the moves of their users are written. */
export async function writeDesktops(
  tx: EntityManager,
  programmeId: number,
  desktops: readonly DesktopToWrite[],
  now: Date,
): Promise<void> {
  if (desktops.length === 0) return;
  const ids = desktops.map(({ deviceId }) => deviceId);
  await tx.query(UPDATE_DESKTOPS, [programmeId, JSON.stringify(desktops.map((desktop) => rowOfDesktop(desktop, now)))]);
  await tx.query(
    `update rollout_desktop_state as stretch
     set until_at = greatest($3::timestamptz, stretch.from_at + interval '1 millisecond')
     from rollout_desktop as desktop
     where desktop.programme_id = $1 and desktop.device_id = any($2::integer[])
       and stretch.programme_id = $1 and stretch.device_id = desktop.device_id and stretch.until_at is null
       and (${of('stretch', COUNTED_OF_DESKTOP)}) is distinct from (${of('desktop', COUNTED_OF_DESKTOP)})`,
    [programmeId, ids, now],
  );
  await tx.query(
    `insert into rollout_desktop_state (programme_id, device_id, from_at, ${COUNTED_OF_DESKTOP})
     select $1, desktop.device_id,
            greatest($3::timestamptz, (select max(until_at) from rollout_desktop_state as earlier
                                       where earlier.programme_id = $1 and earlier.device_id = desktop.device_id)),
            ${of('desktop', COUNTED_OF_DESKTOP)}
     from rollout_desktop as desktop
     where desktop.programme_id = $1 and desktop.device_id = any($2::integer[])
       and not exists (select from rollout_desktop_state as stretch where stretch.programme_id = $1
                       and stretch.device_id = desktop.device_id and stretch.until_at is null)`,
    [programmeId, ids, now],
  );
}

function rowOfDesktop({ deviceId, standing, firstUser }: DesktopToWrite, now: Date): object {
  return {
    device_id: deviceId,
    merged: standing === null,
    state: standing?.state ?? 'out_of_scope',
    state_since: standing?.since ?? now,
    scope_reason: standing?.scopeReason ?? 'reclassified',
    user_count: standing?.users.length ?? 0,
    first_user: firstUser,
    evidence: standing?.evidence ?? null,
    seen_after_recovery_at: standing?.seenAfterRecoveryAt ?? null,
  };
}

const WRITTEN_OF_DESKTOP = `state, state_since, scope_reason, user_count, work_style, directorate, team, site, model,
  enrolled_at, evidence, seen_after_recovery_at`;

/** Where nobody ever had it, the place counts that was known when the programme began, or that custody names. */
const UPDATE_DESKTOPS = `
  update rollout_desktop as desktop set (${WRITTEN_OF_DESKTOP}, version) =
    (select ${of('fresh', WRITTEN_OF_DESKTOP)}, nextval('rollout_version_sequence'))
  from (
    select row.device_id, row.state, row.scope_reason, row.user_count, row.evidence, row.seen_after_recovery_at,
           case when row.merged and before.state = 'out_of_scope' then before.state_since else row.state_since end
             as state_since,
           move.work_style, coalesce(move.directorate, baseline.directorate) as directorate,
           coalesce(move.team, baseline.team) as team,
           coalesce(move.site, baseline.site, custody.place) as site,
           coalesce(device.model, before.model) as model, coalesce(device.enrolled_at, before.enrolled_at) as enrolled_at
    from jsonb_to_recordset($2::jsonb) as row(device_id integer, merged boolean, state text, state_since timestamptz,
      scope_reason text, user_count integer, first_user integer, evidence text, seen_after_recovery_at timestamptz)
    join rollout_desktop as before on before.programme_id = $1 and before.device_id = row.device_id
    join device on device.id = row.device_id
    left join move on move.id = row.first_user
    left join baseline_desktop as baseline on baseline.programme_id = $1 and baseline.device_id = row.device_id
    left join device_custody as custody on custody.device_id = row.device_id and custody.set_aside_at is null
  ) as fresh
  where desktop.programme_id = $1 and desktop.device_id = fresh.device_id
    and (${of('desktop', WRITTEN_OF_DESKTOP)}) is distinct from (${of('fresh', WRITTEN_OF_DESKTOP)})`;
