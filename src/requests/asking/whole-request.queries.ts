import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { ProductKind } from '../domain/product-words.js';
import type { Delivery, LineState, RequestEventName, RequestState } from '../domain/request-words.js';
import type { RequestSight } from './request-access.queries.js';

/** Somebody whom a request names; the number is null when the directory does not have them. */
export interface PersonOfRequest {
  readonly id: number | null;
  readonly entraId: string;
  readonly displayName: string | null;
}

/** Something that was taken from the shelf for a line. */
export interface PickOfLine {
  readonly id: number;
  readonly state: string;
  readonly quantity: number;
  readonly place: string;
  readonly machine: { readonly id: number; readonly name: string | null; readonly serialNumber: string | null } | null;
  readonly tracking: string | null;
  readonly pickedAt: string;
  readonly dispatchedAt: string | null;
  readonly handedOverAt: string | null;
  readonly receivedAt: string | null;
  /** Whether the person confirmed it, or their first sign-in was observed. */
  readonly receivedHow: 'confirmed' | 'observed' | null;
}

/** A line of a request with everything behind it. */
export interface LineOfRequest {
  readonly id: number;
  readonly revision: number;
  readonly beneficiary: PersonOfRequest;
  readonly product: { readonly id: number; readonly name: string; readonly kind: ProductKind };
  readonly bundle: { readonly id: number; readonly name: string } | null;
  readonly quantity: number;
  readonly pricePence: number;
  readonly exceptionReason: string | null;
  /** Null to everybody who may not read it, and where there is none. */
  readonly privateReason: string | null;
  readonly replaces: { readonly id: number; readonly name: string | null } | null;
  readonly state: LineState;
  readonly reserved: number;
  readonly picked: number;
  readonly cancelled: number;
  readonly waitingSince: string | null;
  readonly reservations: readonly { readonly place: string; readonly quantity: number; readonly expiresAt: string }[];
  readonly picks: readonly PickOfLine[];
}

/** A decision that a revision needs, and what was decided. */
export interface StepOfRequest {
  readonly revision: number;
  readonly step: number;
  readonly kind: string;
  readonly approver: PersonOfRequest | null;
  readonly queue: string | null;
  readonly queueReason: string | null;
  readonly openedAt: string | null;
  readonly dueAt: string | null;
  readonly decision: {
    readonly outcome: 'approved' | 'rejected' | 'returned';
    readonly reason: string | null;
    readonly decidedBy: PersonOfRequest;
    readonly onBehalfOf: PersonOfRequest | null;
    readonly decidedAt: string;
  } | null;
}

/** A version of what is asked for. */
export interface RevisionOfRequest {
  readonly revision: number;
  readonly neededBy: string | null;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly reason: string | null;
  readonly costCentreCode: string | null;
  readonly costCentreName: string | null;
  readonly submittedAt: string | null;
  readonly totalPence: number;
}

/** Something that happened. */
export interface EventOfRequest {
  readonly at: string;
  readonly event: RequestEventName;
  readonly actor: string;
  readonly revision: number;
  readonly lineId: number | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A request as one reader may see it. */
export interface WholeRequest {
  readonly id: number;
  readonly state: RequestState;
  readonly version: string;
  readonly requester: PersonOfRequest;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly endedAt: string | null;
  /** The revision that is shown. */
  readonly revision: number;
  /** Those that were submitted, and the draft of whoever makes it; only the shown one to who sees some lines only. */
  readonly revisions: readonly RevisionOfRequest[];
  /** Lines of these revisions, without those of others where only some may be seen. */
  readonly lines: readonly LineOfRequest[];
  readonly steps: readonly StepOfRequest[];
  readonly history: readonly EventOfRequest[];
}

/** Reads one request with everything behind it. */
@Injectable()
export class WholeRequestQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The request as far as somebody may see it. */
  async one(sight: RequestSight, personEntraId: string | null): Promise<WholeRequest> {
    const [row] = await this.dataSource.query<{ item: WholeRequest }[]>(WHOLE, [
      sight.id,
      sight.revision,
      sight.people,
      sight.seesPrivate,
      personEntraId,
    ]);
    if (!row) throw new Error('The request that was looked at is not there.');
    return row.item;
  }
}

const PERSON = (entraId: string): string =>
  `(select json_build_object('id', (select id from person where person.entra_id = named.entra_id), 'entraId', named.entra_id,
     'displayName', (select display_name from person where person.entra_id = named.entra_id))
    from (select ${entraId} as entra_id) as named where named.entra_id is not null)`;

const RESERVATIONS = `(
  select coalesce(json_agg(json_build_object('place', place.name, 'quantity', reservation.quantity - reservation.picked,
           'expiresAt', ${utc('reservation.expires_at')}) order by reservation.id), '[]')
  from reservation join stock_place as place on place.id = reservation.place_id
  where reservation.request_line_id = line.id and reservation.state = 'active')`;

const PICKS = `(
  select coalesce(json_agg(json_build_object('id', pick.id, 'state', pick.state, 'quantity', pick.quantity, 'place', place.name,
           'machine', case when device.id is not null then json_build_object('id', device.id, 'name', device.name,
             'serialNumber', device.serial_number) end,
           'tracking', pick.tracking, 'pickedAt', ${utc('pick.picked_at')}, 'dispatchedAt', ${utc('pick.dispatched_at')},
           'handedOverAt', ${utc('pick.handed_over_at')}, 'receivedAt', ${utc('pick.received_at')},
           'receivedHow', pick.received_how) order by pick.id), '[]')
  from pick join stock_place as place on place.id = pick.place_id left join device on device.id = pick.device_id
  where pick.request_line_id = line.id)`;

/** Parameters: request, shown revision, whose lines (null: all), whether private reasons are seen, who reads. */
const LINES = `(
  select coalesce(json_agg(json_build_object('id', line.id, 'revision', line.revision,
           'beneficiary', json_build_object('id', beneficiary.id, 'entraId', line.beneficiary_entra_id,
                                            'displayName', beneficiary.display_name),
           'product', json_build_object('id', product.id, 'name', product.name, 'kind', product.kind),
           'bundle', case when bundle.id is not null then json_build_object('id', bundle.id, 'name', bundle.name) end,
           'quantity', line.quantity, 'pricePence', line.price_pence, 'exceptionReason', line.exception_reason,
           'privateReason', case when $4::boolean or line.beneficiary_entra_id = $5 then line.private_reason end,
           'replaces', case when replaced.id is not null
                            then json_build_object('id', replaced.id, 'name', coalesce(replaced.name, replaced.serial_number)) end,
           'state', line.state, 'reserved', line.reserved, 'picked', line.picked, 'cancelled', line.cancelled,
           'waitingSince', ${utc('line.waiting_since')}, 'reservations', ${RESERVATIONS}, 'picks', ${PICKS})
         order by lower(beneficiary.display_name), line.beneficiary_entra_id, line.id), '[]')
  from request_line as line
  join product on product.id = line.product_id
  left join bundle on bundle.id = line.bundle_id
  left join person as beneficiary on beneficiary.entra_id = line.beneficiary_entra_id
  left join device as replaced on replaced.id = line.replaces_device_id
  where line.request_id = request.id and line.revision <= $2
    and ($3::text[] is null or (line.beneficiary_entra_id = any($3::text[]) and line.revision = $2)))`;

const STEPS = `(
  select coalesce(json_agg(json_build_object('revision', step.revision, 'step', step.step, 'kind', step.kind,
           'approver', ${PERSON('step.approver_entra_id')}, 'queue', step.queue, 'queueReason', step.queue_reason,
           'openedAt', ${utc('step.opened_at')}, 'dueAt', ${utc('step.due_at')},
           'decision', case when decision.outcome is not null then json_build_object('outcome', decision.outcome,
             'reason', case when $3::text[] is null then decision.reason end, 'decidedBy', ${PERSON('decision.decided_by')},
             'onBehalfOf', ${PERSON('decision.on_behalf_of')}, 'decidedAt', ${utc('decision.decided_at')}) end)
         order by step.revision, step.step), '[]')
  from approval_step as step
  left join decision on (decision.request_id, decision.revision, decision.step) = (step.request_id, step.revision, step.step)
  where step.request_id = request.id and step.revision <= $2 and ($3::text[] is null or step.revision = $2))`;

const REVISIONS = `(
  select json_agg(json_build_object('revision', revision.revision, 'neededBy', revision.needed_by, 'delivery', revision.delivery,
           'site', revision.site, 'reason', case when $3::text[] is null then revision.reason end,
           'costCentreCode', case when $3::text[] is null then revision.cost_centre_code end,
           'costCentreName', case when $3::text[] is null then cost_centre.name end,
           'submittedAt', ${utc('revision.submitted_at')},
           'totalPence', case when $3::text[] is null then revision.total_pence else 0 end) order by revision.revision)
  from request_revision as revision left join cost_centre on cost_centre.code = revision.cost_centre_code
  where revision.request_id = request.id and revision.revision <= $2 and ($3::text[] is null or revision.revision = $2))`;

/** Whoever sees some lines only is not told details, which could be about the others. */
const HISTORY = `(
  select coalesce(json_agg(json_build_object('at', ${utc('event.at')}, 'event', event.event, 'actor', event.actor,
           'revision', event.revision, 'lineId', event.line_id,
           'details', case when $3::text[] is null then event.details else '{}' end) order by event.id desc), '[]')
  from request_event as event
  left join request_line as line on line.id = event.line_id
  where event.request_id = request.id and event.revision <= $2
    and ($3::text[] is null or line.beneficiary_entra_id = any($3::text[]) or line.id is null))`;

const WHOLE = `
  select json_build_object('id', request.id, 'state', request.state, 'version', request.version::text,
    'requester', ${PERSON('request.requester_entra_id')}, 'createdAt', ${utc('request.created_at')},
    'changedAt', ${utc('request.changed_at')}, 'endedAt', ${utc('request.ended_at')}, 'revision', $2::integer,
    'revisions', ${REVISIONS}, 'lines', ${LINES}, 'steps', ${STEPS}, 'history', ${HISTORY}) as item
  from equipment_request as request where request.id = $1`;
