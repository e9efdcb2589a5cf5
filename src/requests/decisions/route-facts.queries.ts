import type { EntityManager } from 'typeorm';
import type { RouteFacts, RoutePerson } from '../domain/approval-route.js';

/** Levels of managers that are read above everybody whom a route can begin with. */
const LEVELS = 10;

interface FactsRow {
  readonly requester: string;
  readonly parties: readonly string[];
  readonly totalPence: number;
  readonly isException: boolean;
  readonly budgetHolder: string | null;
  readonly people: readonly RoutePerson[];
  readonly linked: readonly { readonly entraId: string; readonly personEntraId: string }[];
}

/**
 * Reads what the route of a submitted revision follows from, as it is at this moment.
 * @param more others from whom the route could go on, such as whoever decides a step now
 */
export async function routeFacts(
  tx: EntityManager,
  { requestId, revision }: { readonly requestId: number; readonly revision: number },
  more: readonly string[] = [],
): Promise<RouteFacts> {
  const [row] = await tx.query<FactsRow[]>(FACTS, [requestId, revision, more, LEVELS]);
  if (!row) throw new Error('A request that is to be decided is not there.');
  const { people, linked, ...facts } = row;
  return {
    ...facts,
    people: new Map(people.map((person) => [person.entraId, person])),
    linked: new Map(linked.map(({ entraId, personEntraId }) => [entraId, personEntraId])),
  };
}

const FACTS = `
  with recursive request as materialized (
    select equipment_request.requester_entra_id as requester, request_revision.total_pence, cost_centre.budget_holder_entra_id as holder
    from equipment_request
    join request_revision on request_revision.request_id = equipment_request.id and request_revision.revision = $2
    left join cost_centre on cost_centre.code = request_revision.cost_centre_code
    where equipment_request.id = $1
  ), line as materialized (
    select beneficiary_entra_id as beneficiary, exception_reason from request_line where (request_id, revision) = ($1, $2)
  ), party as materialized (
    select requester as entra_id from request union select beneficiary from line
  ), above(entra_id, level) as (
    select entra_id, 0 from (select requester as entra_id from request union select holder from request
                             union select unnest($3::text[])) as first where entra_id is not null
    union
    select person.manager_entra_id, above.level + 1 from above join person on person.entra_id = above.entra_id
    where person.manager_entra_id is not null and above.level < $4
  ), stand_in as materialized (
    select distinct given.from_entra_id, given.to_entra_id from approval_delegation as given
    where given.from_entra_id in (select entra_id from above) and given.ended_at is null
      and (now() at time zone 'Europe/London')::date between given.from_day and given.until_day
  ), concerned as materialized (
    select entra_id from above union select to_entra_id from stand_in
  )
  select request.requester, (select array_agg(entra_id) from party) as parties, request.total_pence::float8 as "totalPence",
    exists (select from line where exception_reason is not null) as "isException", request.holder as "budgetHolder",
    (select coalesce(json_agg(json_build_object('entraId', person.entra_id, 'managerEntraId', person.manager_entra_id,
              'active', person.presence = 'present' and person.account_enabled is not false,
              'standIns', (select json_agg(to_entra_id order by to_entra_id) from stand_in where from_entra_id = person.entra_id))), '[]')
     from person where person.entra_id in (select entra_id from concerned)) as people,
    (select coalesce(json_agg(json_build_object('entraId', entra_id, 'personEntraId', person_entra_id)), '[]')
     from linked_account where entra_id in (select entra_id from concerned union select entra_id from party)) as linked
  from request`;
