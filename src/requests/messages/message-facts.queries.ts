import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LowStockFacts } from '../domain/messages/request-wording.js';
import type { RequestMessageFacts, ThingCounts, ThingForThem } from '../domain/messages/message-facts.js';
import type { AboutRequest } from '../domain/messages/request-templates.js';
import type { RequestState } from '../domain/request-words.js';
import { DECIDERS, STOCK_HOLDERS } from './request-messages.js';

/** What a message is about. */
export interface MessageSubject {
  readonly requestId: number;
  readonly revision: number;
  /** The step that it asks to decide; null for any other message. */
  readonly step: number | null;
}

interface FactsRow {
  readonly firstName: string | null;
  readonly state: RequestState;
  readonly isCurrent: boolean;
  readonly isRequester: boolean;
  readonly people: number;
  readonly things: number;
  readonly totalPence: number;
  readonly neededBy: string | null;
  readonly decideBy: Date | null;
  readonly counts: ThingCounts;
  readonly theirs: readonly ThingForThem[];
  readonly toReturn: number;
}

/** Something to show a message with. */
export interface MessageExample extends MessageSubject {
  readonly recipient: string;
}

/** Stock that is to be ordered: what is free and what is on order, together below the threshold. */
const TO_ORDER = `
  select product.name as product, place.name as place,
         level.threshold - (level.on_hand - level.reserved) - coalesce(ordered.quantity, 0) as missing
  from stock_level as level join product on product.id = level.product_id join stock_place as place on place.id = level.place_id
  left join lateral (
    select sum(line.quantity - line.received)::integer as quantity
    from purchase_order_line as line join purchase_order on purchase_order.id = line.order_id and purchase_order.state = 'open'
    where (line.product_id, line.place_id) = (level.product_id, level.place_id) and line.received < line.quantity
  ) as ordered on true
  where product.offered and level.on_hand - level.reserved + coalesce(ordered.quantity, 0) < level.threshold`;

const SUBMITTED = `select request.id as "requestId", request.revision, null::integer as step,
    request.requester_entra_id as recipient from equipment_request as request`;
const inState = (state: string): string =>
  `${SUBMITTED} where request.state = '${state}' order by request.id desc limit 1`;
const withLine = (state: string): string => `${SUBMITTED} where request.state = 'approved' and exists (
  select from request_line as line where line.request_id = request.id and line.revision = request.revision
    and line.state = '${state}') order by request.id desc limit 1`;
const withPick = (condition: string): string => `
  select line.request_id as "requestId", line.revision, null::integer as step, line.beneficiary_entra_id as recipient
  from pick join request_line as line on line.id = pick.request_line_id where ${condition} order by pick.id desc limit 1`;
const OPEN_STEP = `
  select given.*, told.recipient from (
    select step.request_id as "requestId", step.revision, step.step from approval_step as step
    join equipment_request as request on request.id = step.request_id and request.revision = step.revision and request.state = 'submitted'
    where step.opened_at is not null and not exists (select from decision
      where (decision.request_id, decision.revision, decision.step) = (step.request_id, step.revision, step.step))
    order by step.request_id desc limit 20
  ) as given cross join lateral (${DECIDERS}) as told order by given."requestId" desc limit 1`;

const EXAMPLES: Readonly<Record<AboutRequest, string>> = {
  'request-submitted': inState('submitted'),
  'decision-wanted': OPEN_STEP,
  'decision-reminder': OPEN_STEP,
  'request-approved': inState('approved'),
  'request-returned': inState('returned'),
  'request-rejected': inState('rejected'),
  'request-waiting': withLine('back_ordered'),
  'request-kept': withLine('reserved'),
  'reservation-expired': withLine('back_ordered'),
  'request-ready': withPick(`pick.state = 'picked'`),
  'request-sent': withPick(`pick.state = 'dispatched'`),
  'confirm-receipt': withPick(`pick.state = 'handed_over'`),
  'receipt-observed': withPick(`pick.state = 'received' and pick.received_how = 'observed'`),
  'return-replaced':
    withPick(`exists (select from device_custody as custody where custody.device_id = line.replaces_device_id
    and custody.set_aside_at is null and custody.state = 'return_due' and custody.holder_entra_id = line.beneficiary_entra_id)`),
  'request-cancelled': inState('cancelled'),
};

/** Reads what messages about requests and stock are made of, as it is at this moment. */
@Injectable()
export class RequestMessageFactsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Null when there is no such revision. @param recipient object id of whoever gets it */
  async of({ requestId, revision, step }: MessageSubject, recipient: string): Promise<RequestMessageFacts | null> {
    const [row] = await this.dataSource.query<FactsRow[]>(FACTS, [requestId, revision, recipient, step]);
    return row === undefined ? null : { requestId, ...row };
  }

  /** What is to be ordered, and whether somebody looks after stock. */
  async lowStock(recipient: string): Promise<LowStockFacts & { readonly isHolder: boolean }> {
    const [things, [person]] = await Promise.all([
      this.dataSource.query<LowStockFacts['things'][number][]>(`${TO_ORDER} order by missing desc, product, place`),
      this.dataSource.query<{ firstName: string | null; isHolder: boolean }[]>(
        `select (select coalesce(given_name, display_name) from person where entra_id = $1) as "firstName",
                exists (select from (${STOCK_HOLDERS}) as holder where holder.recipient = $1) as "isHolder"`,
        [recipient],
      ),
    ]);
    return { things, firstName: person?.firstName ?? null, isHolder: person?.isHolder ?? false };
  }

  /** Something that shows what a template looks like; null when there is nothing. */
  async example(template: AboutRequest): Promise<MessageExample | null> {
    const [row] = await this.dataSource.query<MessageExample[]>(EXAMPLES[template]);
    return row ?? null;
  }

  /** Who would get a message about this request, were there one now; null when there is no such request. */
  async exampleOf(template: AboutRequest, requestId: number): Promise<MessageExample | null> {
    const isForThem = FOR_BENEFICIARIES.has(template);
    const wanted =
      template === 'decision-wanted' || template === 'decision-reminder' ? 'decider' : isForThem ? 'line' : '';
    const [row] = await this.dataSource.query<MessageExample[]>(
      `select request.id as "requestId", request.revision, waiting.step,
              coalesce(case $2 when 'decider' then waiting.recipient when 'line' then theirs.recipient end,
                       request.requester_entra_id) as recipient
       from equipment_request as request
       left join lateral (
         select given.step, told.recipient from (
           select step.request_id as "requestId", step.revision, step.step from approval_step as step
           where (step.request_id, step.revision) = (request.id, request.revision) and step.opened_at is not null
           order by step.step desc limit 1) as given
         cross join lateral (${DECIDERS}) as told limit 1
       ) as waiting on $2 = 'decider'
       left join lateral (
         select line.beneficiary_entra_id as recipient from request_line as line left join pick on pick.request_line_id = line.id
         where (line.request_id, line.revision) = (request.id, request.revision)
         order by pick.id desc nulls last, line.id limit 1
       ) as theirs on $2 = 'line'
       where request.id = $1`,
      [requestId, wanted],
    );
    return row ?? null;
  }
}

const FOR_BENEFICIARIES: ReadonlySet<AboutRequest> = new Set<AboutRequest>([
  'request-ready',
  'request-sent',
  'confirm-receipt',
  'receipt-observed',
  'return-replaced',
]);

/** SQL of whether anything is to be ordered. */
export const ANYTHING_TO_ORDER = `select exists (${TO_ORDER}) as "isLow"`;

const FACTS = `
  select request.state, revision.revision = request.revision as "isCurrent", request.requester_entra_id = $3 as "isRequester",
    (select coalesce(given_name, display_name) from person where entra_id = $3) as "firstName",
    revision.total_pence::float8 as "totalPence", revision.needed_by::text as "neededBy",
    lines.people, lines.things, lines.counts, coalesce(theirs.list, '[]') as theirs, back.count as "toReturn",
    (select step.due_at from approval_step as step
     cross join lateral (select request.id as "requestId", revision.revision, $4::integer as step) as given
     where request.state = 'submitted' and revision.revision = request.revision and step.opened_at is not null
       and (step.request_id, step.revision, step.step) = (request.id, revision.revision, $4::integer)
       and not exists (select from decision
         where (decision.request_id, decision.revision, decision.step) = (step.request_id, step.revision, step.step))
       and exists (select from (${DECIDERS}) as decides where decides.recipient = $3)) as "decideBy"
  from equipment_request as request
  join request_revision as revision on revision.request_id = request.id and revision.revision = $2
  cross join lateral (
    select count(distinct line.beneficiary_entra_id)::integer as people, coalesce(sum(line.quantity), 0)::integer as things,
      (select coalesce(json_object_agg(counted.state, counted.lines), '{}') from (
         select state, count(*)::integer as lines from request_line
         where (request_id, revision) = (request.id, revision.revision) group by state) as counted) as counts
    from request_line as line where (line.request_id, line.revision) = (request.id, revision.revision)
  ) as lines
  cross join lateral (
    select json_agg(json_build_object('name', product.name, 'isPrivate', product.kind = 'assistive_technology',
        'quantity', pick.quantity, 'state', pick.state, 'isObserved', pick.received_how is not distinct from 'observed',
        'place', place.name, 'tracking', pick.tracking) order by pick.id) as list
    from request_line as line join pick on pick.request_line_id = line.id join product on product.id = pick.product_id
    join stock_place as place on place.id = pick.place_id
    where line.request_id = request.id and line.beneficiary_entra_id = $3
  ) as theirs
  cross join lateral (
    select count(distinct custody.device_id)::integer as count
    from request_line as line join device_custody as custody on custody.device_id = line.replaces_device_id
      and custody.set_aside_at is null and custody.state = 'return_due' and custody.holder_entra_id = $3
    where line.request_id = request.id and line.beneficiary_entra_id = $3
  ) as back
  where request.id = $1`;
