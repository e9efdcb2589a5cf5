import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Assumption } from '../domain/readiness/assumption.js';
import { WAITING_LIST } from './readiness-facts.queries.js';

/** How many people of one site, team or wave would turn. */
export interface TurnedGroup {
  readonly name: string;
  readonly becomeReady: number;
  readonly stopBeingReady: number;
}

/** Somebody whose readiness would turn. */
export interface TurnedPerson {
  readonly moveId: number;
  readonly displayName: string | null;
  readonly team: string | null;
  readonly site: string | null;
  readonly becomesReady: boolean;
}

/** What would come of some assumptions. */
export interface WhatIfAnswer {
  /** People who wait and whose rules have been asked. */
  readonly asked: number;
  readonly readyNow: number;
  readonly becomeReady: number;
  readonly stopBeingReady: number;
  readonly bySite: readonly TurnedGroup[];
  readonly byTeam: readonly TurnedGroup[];
  readonly byWave: readonly TurnedGroup[];
  /** The first of them, see `MOST_PEOPLE`. */
  readonly people: readonly TurnedPerson[];
}

/** People who are named at most; the numbers are of all. */
export const MOST_PEOPLE = 200;

const groups = (column: string): string => `(
  select coalesce(json_agg(json_build_object('name', name, 'becomeReady', become, 'stopBeingReady', stop)
                           order by become desc, stop desc, name), '[]')
  from (select coalesce(${column}, '') as name, (count(*) filter (where blocked_now))::integer as become,
               (count(*) filter (where not blocked_now))::integer as stop
        from turned group by 1) as counted)`;

/**
 * What is assumed of a result takes the place of what is stored; settings and waivers stay as they are. A laptop that is
 * assumed is assumed to be a good one: what follows from there being none is no obstacle of its own.
 */
const ASK = `
  with assumption as (
    select * from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
      as assumption(rule, outcome, kind, value, place)),
  result as (
    select move.id as move_id, result.blocks as blocks_now,
           case when assumed.outcome is null then result.blocks
                else result.gates and assumed.outcome <> 'ready' and not exists (
                  select from readiness_waiver as waiver
                  where waiver.move_id = move.id and waiver.rule = result.rule and waiver.ended_at is null) end as blocks_then
    from move
    join readiness_result as result on result.move_id = move.id
    left join lateral (
      select assumption.outcome from assumption
      where assumption.rule = result.rule and case assumption.kind
        when 'all' then true
        when 'site' then lower(case when result.rule = 'network-site' then result.subject else move.site end) = lower(assumption.value)
        when 'team' then lower(move.team) = lower(assumption.value)
        when 'directorate' then lower(move.directorate) = lower(assumption.value)
        when 'work-style' then move.work_style = assumption.value
        when 'application' then result.rule = 'applications' and lower(result.subject) = lower(assumption.value) end
      order by assumption.place desc limit 1) as assumed on true
    where move.programme_id = $1 and move.state in ${WAITING_LIST}),
  asked as (
    select move_id, bool_or(blocks_now) as blocked_now, bool_or(blocks_then) as blocked_then from result group by move_id),
  turned as materialized (
    select move.id, move.site, move.team, move.person_entra_id, wave.name as wave, asked.blocked_now
    from asked join move on move.id = asked.move_id left join wave on wave.id = move.wave_id
    where asked.blocked_now <> asked.blocked_then)
  select (select count(*)::integer from asked) as asked,
         (select count(*)::integer from asked where not blocked_now) as "readyNow",
         (select count(*)::integer from turned where blocked_now) as "becomeReady",
         (select count(*)::integer from turned where not blocked_now) as "stopBeingReady",
         ${groups('site')} as "bySite", ${groups('team')} as "byTeam", ${groups('wave')} as "byWave",
         (select coalesce(json_agg(json_build_object('moveId', person.id, 'displayName', person.display_name,
                   'team', person.team, 'site', person.site, 'becomesReady', person.blocked_now) order by person.id), '[]')
          from (select turned.*, person.display_name from turned
                left join person on person.entra_id = turned.person_entra_id
                order by turned.id limit ${MOST_PEOPLE}) as person) as people`;

/** Answers what would be if rules said something else, without storing anything. */
@Injectable()
export class WhatIfQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Who would become ready, and who would not be any more; in a transaction that can write nothing. */
  ask(programmeId: number, assumptions: readonly Assumption[]): Promise<WhatIfAnswer> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('set transaction read only');
      const rows = await tx.query<[WhatIfAnswer]>(ASK, [
        programmeId,
        assumptions.map(({ rule }) => rule),
        assumptions.map(({ outcome }) => outcome),
        assumptions.map((each) => each.for),
        assumptions.map(({ value }) => value),
      ]);
      return rows[0];
    });
  }
}
