import { PERMISSIONS_OF, ROLES, type Permission, type Role } from '../../auth/permissions.js';
import type { Transaction } from '../../database/transactor.js';
import { enqueueMessages, type NewMessage } from '../../notifications/outbox.service.js';
import {
  DAYS_OF_USE,
  gatheringOf,
  messagesAfter,
  type Audience,
  type FollowingMessage,
} from '../domain/messages/message-plan.js';
import type { RequestEventName } from '../domain/request-words.js';

/** Something that happened to a request and is in its history. */
export interface ToldHappening {
  /** Number of its entry in the history. */
  readonly id: number;
  readonly at: Date;
  readonly requestId: number;
  readonly revision: number;
  readonly lineId: number | null;
  readonly event: RequestEventName;
  readonly details: Readonly<Record<string, unknown>>;
}

const DAY = 86_400_000;

/**
 * Puts the messages that follow from what happened to requests into the outbox, in the same transaction: whatever is in the
 * history was told, and nothing else is. Each is told a person once, however often it is tried.
 */
export async function tellAboutRequests(tx: Transaction, happenings: readonly ToldHappening[]): Promise<void> {
  const planned = happenings.flatMap((happening) =>
    messagesAfter(happening.event, happening.details).map((following) => ({ ...happening, ...following })),
  );
  if (planned.length === 0) return;
  const messages = (await recipientsOf(tx, planned)).flatMap(({ place, recipient }) => {
    const about = planned[place];
    return about === undefined ? [] : [messageOf(about, recipient)];
  });
  const once = new Map(messages.map((message) => [`${message.event} ${message.recipient}`, message]));
  await enqueueMessages(tx, [...once.values()]);
}

type Planned = ToldHappening & FollowingMessage;

function messageOf({ template, isGathered, ...happening }: Planned, recipient: string): NewMessage {
  const { id, at, requestId, revision, details } = happening;
  const gathering = isGathered ? gatheringOf(at) : null;
  const plannedFor = gathering?.plannedFor ?? at;
  const step = typeof details['step'] === 'number' ? details['step'] : null;
  return {
    event:
      gathering === null
        ? `request:${requestId}:${template}:${id}`
        : `request:${requestId}:${template}:gathered:${gathering.number}`,
    recipient,
    template,
    reference: { requestId, revision, step },
    plannedFor,
    useBy: new Date(plannedFor.getTime() + DAYS_OF_USE[template] * DAY),
  };
}

async function recipientsOf(
  tx: Transaction,
  planned: readonly Planned[],
): Promise<{ readonly place: number; readonly recipient: string }[]> {
  const given = planned.map(({ id, requestId, revision, lineId, audience, details }, place) => {
    return { place, id, requestId, revision, lineId, audience, step: details['step'] ?? null };
  });
  const audiences = new Set(planned.map(({ audience }) => audience));
  const parts = [...audiences].map(
    (audience) => `select given.place, told.recipient from given cross join lateral (
    ${RECIPIENTS[audience]}) as told where given.audience = '${audience}'`,
  );
  return tx.query<{ place: number; recipient: string }[]>(
    `with given as materialized (
       select * from jsonb_to_recordset($1::jsonb) as given(place integer, id bigint, "requestId" integer, revision integer,
         "lineId" integer, audience text, step integer)
     ) ${parts.join(' union ')}`,
    [JSON.stringify(given)],
  );
}

/** The roles that give a permission, as a list of SQL. */
const rolesWith = (permission: Permission): string =>
  `array[${ROLES.filter((role: Role) => PERMISSIONS_OF[role].includes(permission))
    .map((role) => `'${role}'`)
    .join(', ')}]`;

const REQUESTER = 'select requester_entra_id as recipient from equipment_request where id = given."requestId"';
const LINE = 'from request_line as line where line.id = given."lineId"';

/** SQL of who decides a step: in person, in somebody's place as of today, or out of a queue; never who has a part in it. */
export const DECIDERS = `
  select decider.entra_id as recipient from approval_step as step
  cross join lateral (
    select step.approver_entra_id as entra_id where step.approver_entra_id is not null
    union select delegation.to_entra_id from approval_delegation as delegation
      where delegation.from_entra_id = step.approver_entra_id and delegation.ended_at is null
        and (now() at time zone 'Europe/London')::date between delegation.from_day and delegation.until_day
    union select account.object_id::text from account where account.object_id is not null and (
      step.queue = 'approvals' and account.roles && ${rolesWith('requests:decide')}
      or step.queue = 'it' and account.roles && ${rolesWith('requests:decide-exceptions')})
  ) as decider
  where (step.request_id, step.revision, step.step) = (given."requestId", given.revision, given.step)
    and not exists (
      select from (
        select requester_entra_id as party from equipment_request where id = step.request_id
        union all select beneficiary_entra_id from request_line
          where (request_id, revision) = (step.request_id, step.revision)
      ) as parties where person_behind(party) = person_behind(decider.entra_id))`;

/** SQL of who looks after stock. */
export const STOCK_HOLDERS = `select object_id::text as recipient from account
  where object_id is not null and roles && ${rolesWith('stock:write')}`;

const RECIPIENTS: Readonly<Record<Audience, string>> = {
  requester: REQUESTER,
  'requester-after-waiting': `${REQUESTER} and exists (
    select from request_event as before where before.request_id = given."requestId" and before.line_id = given."lineId"
      and before.event in ('back-ordered', 'reservation-expired') and before.id < given.id)`,
  beneficiary: `select line.beneficiary_entra_id as recipient ${LINE}`,
  collector: `select line.beneficiary_entra_id as recipient ${LINE} and exists (
    select from request_revision as revision where revision.request_id = line.request_id
      and revision.revision = line.revision and revision.delivery = 'site')`,
  expecting: `select line.beneficiary_entra_id as recipient from request_line as line
    join request_event as before on before.line_id = line.id and before.request_id = line.request_id and before.event = 'picked'
    where line.request_id = given."requestId"`,
  deciders: DECIDERS,
};
