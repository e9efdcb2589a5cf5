import type { EntityManager } from 'typeorm';
import type { NetworkRooms } from '../domain/readiness/facts.js';
import { EVALUATED_STATES } from './readiness-facts.queries.js';

/** Whose readiness is to be worked out anew: these moves, all of the programme, or those that something touches. */
export type MovesToEvaluate =
  | readonly number[]
  | 'all'
  | { readonly site: string }
  | { readonly team: string }
  | { readonly application: string }
  | { readonly device: number }
  | { readonly changedSince: Date };

/** Whoever works at a site by their own word or the directory's, also where their network was looked at before. */
const AT_SITE = `
  select id from move where programme_id = $1 and site = $2
  union select move.id from move join person on person.entra_id = move.person_entra_id
    where move.programme_id = $1 and person.office_location = $2
  union select move_id from readiness_result where rule = 'network-site' and subject = $2
  union select answer.move_id from move_answer as answer
    where answer.question = 'usual-sites' and answer.details -> 'sites' ? $2`;
const IN_TEAM = 'select id from move where programme_id = $1 and team = $2';
const WITH_APPLICATION = `
  select result.move_id as id from readiness_result as result
  where result.rule = 'applications' and result.subject <> '' and lower(result.subject) = lower($2)`;
const WITH_DEVICE = `
  select move.id from move join device_custody as custody on custody.holder_entra_id = move.person_entra_id
    where move.programme_id = $1 and custody.device_id = $2
  union select id from move where programme_id = $1 and laptop_id = $2
  union select move_id from readiness_result
    where rule = 'laptop' and evidence ->> 'deviceId' = $2::integer::text`;
/** Everything that the rules look at and that says when it was changed. */
const CHANGED_SINCE = `
  select move.id from move left join readiness_evaluation as evaluation on evaluation.move_id = move.id
    where move.programme_id = $1 and (evaluation.outcome is null or move.derived_at > $2)
  union select move.id from move join person on person.entra_id = move.person_entra_id
    where move.programme_id = $1 and person.changed_at > $2
  union select move.id from move join device on device.id = move.laptop_id
    where move.programme_id = $1 and device.changed_at > $2
  union select move.id from device join device_custody as custody on custody.device_id = device.id
      join move on move.person_entra_id = custody.holder_entra_id
    where move.programme_id = $1 and (device.changed_at > $2 or custody.changed_at > $2)
  union select move.id from device_custody as custody
      join custody_event as event on event.device_id = custody.device_id and event.at > $2
      join move on move.person_entra_id = event.holder_before
    where move.programme_id = $1 and custody.changed_at > $2
  union select move_id from move_answer where at > $2
  union select result.move_id from rollout_application as application
      join readiness_result as result on result.rule = 'applications' and result.subject <> ''
        and lower(result.subject) = lower(application.name)
    where application.programme_id = $1 and application.changed_at > $2
  union select move_id from readiness_result where rule = 'network-site' and subject <> '' and lower(subject) in (
      select subject from network_change where kind = 'site' and changed_at > $2)
  union select move.id from network_change as change join move on move.person_entra_id = change.subject
    where change.kind = 'home' and change.changed_at > $2 and move.programme_id = $1
  union select id from move where programme_id = $1 and exists (
      select from network_change where kind = 'everything' and changed_at > $2)`;

/**
 * Whoever is stopped by a network that is large enough for them now, or is not stopped by one that is too small: waves and
 * those in them decide for everybody else, too, when a network is full. Parameters: programme; for each site and each gateway
 * its rule, its site (null for gateways), and the room as `NetworkRoom` has it.
 */
const OTHER_ROOM = `
  select distinct result.move_id as id
  from jsonb_to_recordset($2::jsonb) as room(rule text, site text, cause jsonb, "shortAfter" jsonb, "shortInTheEnd" boolean)
  join readiness_result as result on result.rule = room.rule and (room.site is null or lower(result.subject) = room.site)
  join move on move.id = result.move_id and move.programme_id = $1 and move.state in ${statesList()}
  left join wave on wave.id = move.wave_id
  where coalesce(result.evidence -> 'causes' @> room.cause, false)
    <> case when wave.id is null then room."shortInTheEnd" else room."shortAfter" @> to_jsonb(wave.ends_on::text) end
  order by 1`;

/** The numbers of the moves that other networks stop than those that are too small for them, in ascending order. */
export async function movesOfOtherRoom(
  tx: EntityManager,
  programmeId: number,
  { sites, remoteAccess }: NetworkRooms,
): Promise<readonly number[]> {
  const rooms = [
    ...[...sites].map(([site, { cause, ...room }]) => ({ rule: 'network-site', site, cause: [cause], ...room })),
    ...remoteAccess.map(({ cause, ...room }) => ({ rule: 'network-home', site: null, cause: [cause], ...room })),
  ];
  if (rooms.length === 0) return [];
  const rows = await tx.query<{ id: number }[]>(OTHER_ROOM, [programmeId, JSON.stringify(rooms)]);
  return rows.map(({ id }) => id);
}

/** The numbers of the moves that are meant and whose readiness matters, in ascending order. */
export async function movesMeant(
  tx: EntityManager,
  programmeId: number,
  which: MovesToEvaluate,
): Promise<readonly number[]> {
  const { condition, values } = meant(which);
  const rows = await tx.query<{ id: number }[]>(
    `select move.id from move where move.programme_id = $1 and move.state in ${statesList()} and ${condition} order by move.id`,
    [programmeId, ...values],
  );
  return rows.map(({ id }) => id);
}

function meant(which: MovesToEvaluate): { readonly condition: string; readonly values: readonly unknown[] } {
  if (which === 'all') return { condition: 'true', values: [] };
  if (isNumbers(which)) return { condition: 'move.id = any($2::integer[])', values: [which] };
  const among = (found: string, value: unknown) => ({ condition: `move.id in (${found})`, values: [value] });
  if ('site' in which) return among(AT_SITE, which.site);
  if ('team' in which) return among(IN_TEAM, which.team);
  if ('application' in which) return among(WITH_APPLICATION, which.application);
  if ('device' in which) return among(WITH_DEVICE, which.device);
  return among(CHANGED_SINCE, which.changedSince);
}

function statesList(): string {
  return `('${EVALUATED_STATES.join(`', '`)}')`;
}

function isNumbers(which: object): which is readonly number[] {
  return Array.isArray(which);
}
