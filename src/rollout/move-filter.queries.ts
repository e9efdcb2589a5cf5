import { SqlConditions, beginningWith } from '../database/sql-conditions.js';
import type { MoveDoubtKind } from './domain/move-doubt.js';
import type { MoveState, ReadinessOutcome, WorkStyle } from './domain/move-words.js';
import type { ReadinessRule, ReasonCode } from './domain/readiness/rules.js';
import type { FixKind } from './domain/network/fix-words.js';
import { LINE_LEVELS } from './move-circle.queries.js';
import { WAITING_LIST } from './readiness/readiness-facts.queries.js';

/** What a list of moves may be narrowed to; texts are compared without regard to case. */
export interface MoveFilter {
  /** Beginning of the person's name, surname, user principal name or mail address. */
  readonly search?: string | undefined;
  readonly state?: MoveState | undefined;
  readonly readiness?: ReadinessOutcome | 'not_asked' | undefined;
  readonly directorate?: string | undefined;
  readonly team?: string | undefined;
  readonly site?: string | undefined;
  readonly workStyle?: WorkStyle | undefined;
  readonly workStyleConfirmed?: boolean | undefined;
  readonly waveId?: number | undefined;
  /** Beginning of the name or user principal name of the line manager. */
  readonly manager?: string | undefined;
  readonly doubt?: MoveDoubtKind | 'any' | undefined;
  readonly atRisk?: boolean | undefined;
  /** At least as many appointments missed. */
  readonly missed?: number | undefined;
  /** Only people below this one in the line (object id in Entra ID), and with `direct` only those who report to them. */
  readonly line?: string | undefined;
  readonly direct?: boolean | undefined;
  /** Only people who wait and in whose way this rule stands, for this reason and about this site or application. */
  readonly blockedBy?: ReadinessRule | undefined;
  readonly blockedReason?: ReasonCode | undefined;
  readonly blockedSubject?: string | undefined;
  /** Whoever is to clear it: `self`, `person:` and an object id, a role or queue. */
  readonly blockedOwner?: string | undefined;
  /** Only people for whom this is to be put right in a network; without a number what is not there yet, or their homes. */
  readonly blockedCause?: FixKind | undefined;
  readonly blockedCauseId?: number | undefined;
  /** Only those in whose way nothing else stands. */
  readonly onlyBlocker?: boolean | undefined;
}

/** SQL of who is to clear a result; what everybody clears for themselves has one name. */
export const RESULT_OWNER = `case when result.owner = 'person:' || move.person_entra_id then 'self' else result.owner end`;

/** What stands in somebody's way while they wait, over `move`. */
function addBlocker(conditions: SqlConditions, filter: MoveFilter): void {
  const named = [
    ['result.rule', filter.blockedBy],
    ['result.reason', filter.blockedReason],
    ['result.subject', filter.blockedSubject],
    [RESULT_OWNER, filter.blockedOwner],
  ] as const;
  const wanted = named.flatMap(([expression, value]) =>
    value === undefined ? [] : [`and ${expression} = ${conditions.parameter(value)}`],
  );
  if (filter.blockedCause !== undefined) {
    const cause = { kind: filter.blockedCause, id: filter.blockedCauseId ?? null };
    wanted.push(`and result.evidence -> 'causes' @> ${conditions.parameter(JSON.stringify([cause]))}::jsonb`);
    if (filter.onlyBlocker === true) wanted.push(`and jsonb_array_length(result.evidence -> 'causes') = 1`);
  }
  if (wanted.length === 0 && filter.onlyBlocker !== true) return;
  conditions.always(`move.state in ${WAITING_LIST} and exists (
    select from readiness_result as result where result.move_id = move.id and result.blocks ${wanted.join(' ')})`);
  if (filter.onlyBlocker === true) {
    conditions.always(
      '(select count(*) from readiness_result as result where result.move_id = move.id and result.blocks) = 1',
    );
  }
}

/** Everybody below somebody in the line; a circle in the directory ends at the last level. */
const belowInLine = (head: string): string => `move.person_entra_id in (
  with recursive below(entra_id, level) as (
    select person.entra_id, 1 from person where person.manager_entra_id = ${head} and person.presence <> 'gone'
    union
    select person.entra_id, below.level + 1 from below join person on person.manager_entra_id = below.entra_id
    where person.presence <> 'gone' and below.level < ${LINE_LEVELS}
  )
  select entra_id from below where entra_id <> ${head})`;

const NAMES = ['display_name', 'surname', 'user_principal_name', 'mail'];

/** What the moves of a list must be like, over `move`. */
export function moveConditions(programmeId: number, filter: MoveFilter): SqlConditions {
  const conditions = new SqlConditions()
    .add(programmeId, (value) => `move.programme_id = ${value}`)
    .addGiven(filter.state, (value) => `move.state = ${value}`)
    .addGiven(filter.directorate, (value) => `lower(move.directorate) = lower(${value}::text)`)
    .addGiven(filter.team, (value) => `lower(move.team) = lower(${value}::text)`)
    .addGiven(filter.site, (value) => `lower(move.site) = lower(${value}::text)`)
    .addGiven(filter.workStyle, (value) => `move.work_style = ${value}`)
    .addGiven(filter.workStyleConfirmed, (value) => `move.work_style_confirmed = ${value}`)
    .addGiven(filter.waveId, (value) => `move.wave_id = ${value}`)
    .addGiven(filter.atRisk, (value) => `move.at_risk = ${value}`)
    .addGiven(filter.missed, (value) => `move.missed_count >= ${value}`);
  addBlocker(conditions, filter);
  const { readiness, doubt, line, search, manager } = filter;
  if (readiness === 'not_asked') conditions.always('move.readiness is null');
  else conditions.addGiven(readiness, (value) => `move.readiness = ${value}`);
  // Says once more what the index of doubts is made of, so that it answers.
  if (doubt !== undefined) conditions.always(`move.doubts <> '[]'`);
  if (doubt !== undefined && doubt !== 'any')
    conditions.add(JSON.stringify([{ kind: doubt }]), (value) => `move.doubts @> ${value}::jsonb`);
  if (line !== undefined && filter.direct === true)
    conditions.add(line, (value) => `move.manager_entra_id = ${value}::text`);
  else conditions.addGiven(line, (value) => belowInLine(`${value}::text`));
  if (search !== undefined) {
    conditions.add(
      beginningWith(search),
      (pattern) => `move.person_entra_id in (select person.entra_id from person where
        ${NAMES.map((column) => `lower(person.${column}) like lower(${pattern}::text)`).join(' or ')})`,
    );
  }
  if (manager !== undefined) {
    conditions.add(
      beginningWith(manager),
      (pattern) => `move.manager_entra_id in (select manager.entra_id from person as manager
        where lower(manager.display_name) like lower(${pattern}::text)
           or lower(manager.user_principal_name) like lower(${pattern}::text))`,
    );
  }
  return conditions;
}
