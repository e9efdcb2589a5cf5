import type { EntityManager } from 'typeorm';
import { ForbiddenError } from '../../common/errors.js';
import { queuesOf } from '../domain/decision-words.js';
import type { RequestActor } from '../request-actor.js';
import type { OpenStep } from './step-rows.queries.js';

/** As whom somebody decides a step. */
export interface DecisionRight {
  readonly decidedBy: string;
  /** Whom they stand in for, and by which delegation; both null when they decide themselves. */
  readonly onBehalfOf: string | null;
  readonly delegationId: number | null;
}

/** Delegations that hold today. */
export const HOLDS_TODAY = `given.ended_at is null
  and (now() at time zone 'Europe/London')::date between given.from_day and given.until_day`;

/** Whether one of two accounts, `$1` or `$2`, belongs to who asks for the request or gets something of its revision. */
const IS_PARTY = `
  select from (
    select requester_entra_id as party from equipment_request where id = $3
    union all select beneficiary_entra_id from request_line where (request_id, revision) = ($3, $4)
  ) as parties
  where person_behind(party) in (person_behind($1), person_behind($2))`;

/**
 * As whom somebody may decide a step: in person, for somebody who has named them for today, or for a queue that they work.
 * The database refuses what this allows wrongly.
 * @throws ForbiddenError for everybody else, for who asks or gets something, and for programs
 */
export async function decisionRight(tx: EntityManager, step: OpenStep, by: RequestActor): Promise<DecisionRight> {
  const person = decidingPerson(by);
  const right = await rightOf(tx, step, person, by.permissions);
  if (right === null) throw new ForbiddenError('Somebody else decides this step.');
  const parties = await tx.query<unknown[]>(IS_PARTY, [person, right.onBehalfOf, step.requestId, step.revision]);
  if (parties.length > 0) throw new ForbiddenError(NOT_FOR_ONESELF);
  return right;
}

export const NOT_FOR_ONESELF =
  'You ask for this or get something of it, so somebody else decides about it. That is so with each of your accounts, and for whomever you stand in.';

/** The person who decides. @throws ForbiddenError for a program, and a token that may nothing in its person's name */
export function decidingPerson({ personEntraId, permissions }: RequestActor): string {
  if (personEntraId !== null && permissions.has('own:read')) return personEntraId;
  throw new ForbiddenError('Only a person can decide. Sign in, or use a token of a person.');
}

async function rightOf(
  tx: EntityManager,
  step: OpenStep,
  person: string,
  permissions: ReadonlySet<string>,
): Promise<DecisionRight | null> {
  if (step.queue !== null) {
    return queuesOf(permissions).includes(step.queue)
      ? { decidedBy: person, onBehalfOf: null, delegationId: null }
      : null;
  }
  if (step.approver === person) return { decidedBy: person, onBehalfOf: null, delegationId: null };
  const [given] = await tx.query<{ id: number; from: string }[]>(
    `select given.id, given.from_entra_id as "from" from approval_delegation as given
     where given.from_entra_id = $1 and given.to_entra_id = $2 and ${HOLDS_TODAY} order by given.id limit 1`,
    [step.approver, person],
  );
  return given ? { decidedBy: person, onBehalfOf: given.from, delegationId: given.id } : null;
}
