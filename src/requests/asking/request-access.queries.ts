import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LINE_LEVELS } from '../../rollout/move-circle.queries.js';
import type { RequestState } from '../domain/request-words.js';
import type { RequestActor } from '../request-actor.js';

/** What somebody may see of a request. */
export interface RequestSight {
  readonly id: number;
  readonly state: RequestState;
  /** The revision that they see: whoever made it sees their draft, everybody else what was submitted last. */
  readonly revision: number;
  readonly isRequester: boolean;
  /** Object ids of the people whose lines they see; null for everybody’s. */
  readonly people: readonly string[] | null;
  /** Whether they see private reasons of everybody’s lines: as requester, or while they are to decide. */
  readonly seesPrivate: boolean;
  readonly mayCancel: boolean;
}

interface Standing {
  readonly state: RequestState;
  readonly revision: number;
  readonly submitted: number | null;
  readonly requester: string;
  readonly decides: boolean;
  readonly decidesNow: boolean;
  readonly people: readonly string[];
}

const CANCELLABLE: readonly RequestState[] = ['draft', 'submitted', 'returned', 'approved'];

/** Tells who sees what of a request. */
@Injectable()
export class RequestAccessQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** What somebody sees of a request; null when it is not there, or none of their business, which is not told apart. */
  async of(id: number, by: RequestActor): Promise<RequestSight | null> {
    const { personEntraId: person, permissions } = by;
    const queues = [
      ...(permissions.has('requests:decide') ? ['approvals'] : []),
      ...(permissions.has('requests:decide-exceptions') ? ['it'] : []),
    ];
    const own = permissions.has('own:read') ? person : null;
    const [row] = await this.dataSource.query<Standing[]>(SIGHT, [id, own, queues, LINE_LEVELS]);
    if (!row) return null;
    const isRequester = own !== null && row.requester === own;
    const revision = isRequester ? row.revision : row.submitted;
    if (revision === null) return null;
    const seesAll = isRequester || permissions.has('requests:read') || row.decides;
    if (!seesAll && row.people.length === 0) return null;
    return {
      id,
      state: row.state,
      revision,
      isRequester,
      people: seesAll ? null : row.people,
      seesPrivate: isRequester || row.decidesNow,
      mayCancel: (isRequester || permissions.has('requests:administer')) && CANCELLABLE.includes(row.state),
    };
  }
}

/** Whether a step is somebody’s to decide: in person, as a delegate of today, or in a queue that they work. */
const THEIRS = `(step.approver_entra_id = $2 or step.queue = any($3::text[]) or exists (
  select from approval_delegation as given where given.from_entra_id = step.approver_entra_id and given.to_entra_id = $2
    and given.ended_at is null and (now() at time zone 'Europe/London')::date between given.from_day and given.until_day))`;

const SIGHT = `
  with recursive request as materialized (
    select equipment_request.*,
      (select max(revision) from request_revision where request_id = equipment_request.id and submitted_at is not null) as submitted
    from equipment_request where id = $1
  ), line(beneficiary, entra_id, level) as (
    select distinct request_line.beneficiary_entra_id, request_line.beneficiary_entra_id, 0
    from request join request_line on request_line.request_id = request.id and request_line.revision = request.submitted
    union all
    select line.beneficiary, person.manager_entra_id, line.level + 1 from line join person on person.entra_id = line.entra_id
    where person.manager_entra_id is not null and person.presence <> 'gone' and line.level < $4
  )
  select request.state, request.revision, request.submitted, request.requester_entra_id as requester,
    exists (select from approval_step as step where step.request_id = request.id and ${THEIRS}) as decides,
    request.state = 'submitted' and exists (
      select from approval_step as step where step.request_id = request.id and step.revision = request.revision
        and step.opened_at is not null and ${THEIRS}
        and not exists (
          select from (select request.requester_entra_id as party union all
                       select beneficiary_entra_id from request_line
                       where request_id = request.id and request_line.revision = request.revision) as parties
          where person_behind(party) = person_behind($2))
        and not exists (select from decision where (decision.request_id, decision.revision, decision.step)
                        = (step.request_id, step.revision, step.step))) as "decidesNow",
    (select coalesce(array_agg(distinct line.beneficiary), '{}') from line where line.entra_id = $2) as people
  from request`;
