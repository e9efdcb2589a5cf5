import type { EntityManager } from 'typeorm';
import type { RequestEventName, RequestState } from '../domain/request-words.js';
import { tellAboutRequests, type ToldHappening } from '../messages/request-messages.js';

/** A request whose row is locked until the end of the transaction. */
export interface LockedRequest {
  readonly id: number;
  readonly state: RequestState;
  readonly revision: number;
  readonly requesterEntraId: string;
  readonly version: string;
}

/** Something that happened to a request, for its history. */
export interface RequestHappening {
  readonly requestId: number;
  readonly revision: number;
  /** Null for what concerns all of it. */
  readonly lineId?: number | null;
  readonly event: RequestEventName;
  readonly actor: string;
  /** References, figures and reasons that whoever decides may read; never a name, a serial number or a private reason. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** When it happened; now unless given. */
  readonly at?: Date;
}

/** Locks the row of a request, before anything of it: every command about it begins with this. Null when there is none. */
export async function lockRequest(tx: EntityManager, id: number): Promise<LockedRequest | null> {
  const [row] = await tx.query<LockedRequest[]>(
    `select id, state, revision, requester_entra_id as "requesterEntraId", version::text
     from equipment_request where id = $1 for no key update`,
    [id],
  );
  return row ?? null;
}

/** Adds to the history of requests, and tells whom it concerns: their messages are in the outbox of the same transaction. */
export async function recordRequestEvent(
  tx: EntityManager,
  happenings: RequestHappening | readonly RequestHappening[],
): Promise<void> {
  const list: readonly RequestHappening[] = 'event' in happenings ? [happenings] : happenings;
  if (list.length === 0) return;
  const told = await tx.query<ToldHappening[]>(
    `insert into request_event (request_id, revision, line_id, event, actor, details, at)
     select "requestId", revision, "lineId", event, actor, coalesce(details, '{}'), coalesce(at, now())
     from rows from (jsonb_to_recordset($1::jsonb) as ("requestId" integer, revision integer, "lineId" integer,
       event text, actor text, details jsonb, at timestamptz)) with ordinality as happening("requestId", revision, "lineId", event, actor, details, at, place)
     order by place
     returning id::integer, at, request_id as "requestId", revision, line_id as "lineId", event, details`,
    [JSON.stringify(list)],
  );
  await tellAboutRequests(tx, told);
}

/** Moves a locked request to another state, or to the same one when something else of it changed: its version is new then. */
export async function changeRequestState(
  tx: EntityManager,
  id: number,
  state: RequestState,
  revision: number,
): Promise<string> {
  const [[row]] = await tx.query<[{ version: string }[], number]>(
    `update equipment_request set state = $2, revision = $3, changed_at = now(), version = nextval('equipment_version_sequence'),
       ended_at = case when $2 in ('rejected', 'cancelled', 'closed') then now() end
     where id = $1 returning version::text`,
    [id, state, revision],
  );
  if (!row) throw new Error('The request that was locked is not there.');
  return row.version;
}
