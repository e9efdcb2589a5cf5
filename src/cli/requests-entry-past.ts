import type { RequestsStory, StoryAsk } from '../demo/tenant/requests-records.js';
import type { EnteredCatalogue } from './requests-entry-catalogue.js';
import { DEMONSTRATION, insertRows, type Transaction } from './requests-entry-rows.js';

/** A line with the places in the story by which other records name it. */
interface NumberedLine {
  readonly request: number;
  readonly line: number;
  readonly id: number;
}

/**
 * Enters requests that are over, each with its decisions and what was given, at the times when it happened. Nobody is told:
 * it is long ago.
 * @returns numbers of picks, by the place of their request and line in the story
 */
export async function enterPast(
  tx: Transaction,
  { past }: RequestsStory,
  catalogue: EnteredCatalogue,
): Promise<ReadonlyMap<string, number>> {
  const ids = await enterAsks(
    tx,
    past.map((ask) => ({ ...ask, at: ask.submittedAt })),
  );
  const lines = await enterLines(tx, past, ids, catalogue, (ask) => {
    return ask.cancelledAt !== null ? 'cancelled' : ask.given === null ? 'open' : 'received';
  });
  await submitAll(
    tx,
    ids,
    past.map(({ submittedAt }) => submittedAt),
  );
  await enterDecisions(tx, past, ids);
  const picks = await enterPicks(tx, past, lines, catalogue);
  await endAll(tx, past, ids);
  await tx.query(HISTORY, [JSON.stringify(past.map((request, index) => ({ ...request, id: ids[index] })))]);
  return picks;
}

/** Enters requests with their first revision, not submitted yet. @returns their numbers */
export async function enterAsks(
  tx: Transaction,
  asks: readonly (StoryAsk & { readonly at: string })[],
): Promise<readonly number[]> {
  const ids = await insertRows(
    tx,
    `insert into equipment_request (requester_entra_id, created_at, changed_at)
     select value ->> 'requester', (value ->> 'at')::timestamptz, (value ->> 'at')::timestamptz
     from jsonb_array_elements($1::jsonb) with ordinality as given(value, place) order by place returning id`,
    asks.map(({ requester, at }) => ({ requester, at })),
  );
  await tx.query(
    `insert into request_revision (request_id, revision, needed_by, delivery, site, reason, cost_centre_code)
     select given.id, 1, "neededBy", delivery, site, reason, cost_centre.code
     from jsonb_to_recordset($1::jsonb) as given(id integer, "neededBy" date, delivery text, site text, reason text, "costCentre" text)
     left join cost_centre on cost_centre.code = "costCentre"`,
    [JSON.stringify(asks.map(({ lines, ...ask }, index) => ({ ...ask, lines: lines.length, id: ids[index] })))],
  );
  return ids;
}

/** Enters the lines of requests. @param stateOf in which they are from the start */
export async function enterLines<Ask extends StoryAsk>(
  tx: Transaction,
  asks: readonly Ask[],
  ids: readonly number[],
  { products, bundles }: Pick<EnteredCatalogue, 'products' | 'bundles'>,
  stateOf: (ask: Ask) => 'open' | 'received' | 'cancelled',
): Promise<readonly NumberedLine[]> {
  const lines = asks.flatMap((ask, request) =>
    ask.lines.map((each, line) => ({
      ...each,
      ...{ request, line, state: stateOf(ask), requestId: ids[request] },
      product: products.get(each.product),
      bundle: bundles.get(each.bundle ?? '') ?? null,
    })),
  );
  const lineIds = await insertRows(
    tx,
    `insert into request_line (request_id, revision, beneficiary_entra_id, product_id, bundle_id, quantity, price_pence,
       exception_reason, private_reason, state, cancelled)
     select "requestId", 1, "for", product.id, bundle, quantity, product.price_pence, "exceptionReason", "privateReason", state,
            case state when 'cancelled' then quantity else 0 end
     from rows from (jsonb_to_recordset($1::jsonb) as ("requestId" integer, "for" text, product integer, bundle integer,
       quantity integer, "exceptionReason" text, "privateReason" text, state text)) with ordinality
       as given("requestId", "for", product_id, bundle, quantity, "exceptionReason", "privateReason", state, place)
     join product on product.id = product_id order by place returning id`,
    lines,
  );
  return lines.map(({ request, line }, index) => ({ request, line, id: lineIds[index] ?? 0 }));
}

/** Submits requests at the times given; null leaves one a draft. */
export async function submitAll(
  tx: Transaction,
  ids: readonly number[],
  at: readonly (string | null)[],
): Promise<void> {
  const rows = [JSON.stringify(ids.map((id, index) => ({ id, at: at[index] })))];
  await tx.query(
    `update request_revision as revision set submitted_at = given.at,
       total_pence = (select sum(quantity * price_pence) from request_line where request_line.request_id = given.id)
     from jsonb_to_recordset($1::jsonb) as given(id integer, at timestamptz)
     where revision.request_id = given.id and given.at is not null`,
    rows,
  );
  await tx.query(
    `update equipment_request set state = 'submitted' from jsonb_to_recordset($1::jsonb) as given(id integer, at timestamptz)
     where equipment_request.id = given.id and given.at is not null`,
    rows,
  );
}

async function enterDecisions(tx: Transaction, past: RequestsStory['past'], ids: readonly number[]): Promise<void> {
  const steps = JSON.stringify(
    past.flatMap((ask, index) => ask.steps.map((step, place) => ({ ...step, id: ids[index], step: place + 1 }))),
  );
  const given = `jsonb_to_recordset($1::jsonb) as given(id integer, step integer, kind text, approver text, queue text,
    "openedAt" timestamptz, "decidedAt" timestamptz, "by" text, outcome text, reason text)`;
  await tx.query(
    `insert into approval_step (request_id, revision, step, kind, approver_entra_id, queue, queue_reason, opened_at, due_at)
     select id, 1, step, kind, approver, queue, case queue when 'approvals' then 'missing' end, "openedAt", "openedAt" + interval '3 days'
     from ${given} order by id, step`,
    [steps],
  );
  await tx.query(
    `insert into decision (request_id, revision, step, outcome, reason, decided_by, decided_at)
     select id, 1, step, outcome, reason, "by", "decidedAt" from ${given} order by id, step`,
    [steps],
  );
}

/** Everything that was given: reserved, picked and received at its time. A machine that somebody has given back is returned. */
async function enterPicks(
  tx: Transaction,
  past: RequestsStory['past'],
  lines: readonly NumberedLine[],
  { products, places }: EnteredCatalogue,
): Promise<ReadonlyMap<string, number>> {
  const rows = lines.flatMap(({ request, line, id }) => {
    const ask = past[request];
    const each = ask?.lines[line];
    if (!ask?.given || !each) return [];
    const { given, steps } = ask;
    return [
      {
        ...given,
        ...{ id, request, line, quantity: each.quantity, device: each.intuneDeviceId, for: each.for },
        approvedAt: steps.at(-1)?.decidedAt,
        product: products.get(each.product),
        place: places.get(given.place),
      },
    ];
  });
  const reservations = await insertRows(
    tx,
    `insert into reservation (request_line_id, product_id, place_id, quantity, picked, state, created_at, expires_at, ended_at)
     select id, product, place, quantity, quantity, 'picked', "approvedAt", "approvedAt" + interval '14 days', "pickedAt"
     from rows from (jsonb_to_recordset($1::jsonb) as (id integer, product integer, place integer, quantity integer,
       "approvedAt" timestamptz, "pickedAt" timestamptz)) with ordinality
       as given(id, product, place, quantity, "approvedAt", "pickedAt", turn) order by turn returning id`,
    rows,
  );
  const picks = await insertRows(
    tx,
    PICKS,
    rows.map((row, index) => ({ ...row, reservation: reservations[index] })),
  );
  return new Map(rows.map(({ request, line }, index) => [`${request} ${line}`, picks[index] ?? 0]));
}

const PICKS = `
  insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, state, picked_by, picked_at, tracking,
    dispatched_at, handed_over_by, handed_over_at, received_how, received_at, ended_at)
  select given.reservation, given.id, given.product, given.place, record.device_id, given.quantity,
    case when is_back then 'returned' else 'received' end, 'person:' || "by", "pickedAt", given.tracking,
    case when given.tracking is not null then "pickedAt" end, 'person:' || "by", "handedOverAt",
    case when given.observed and given.device is not null then 'observed' else 'confirmed' end, "receivedAt", case when is_back then now() end
  from rows from (jsonb_to_recordset($1::jsonb) as (id integer, reservation integer, product integer, place integer, quantity integer,
    device text, "for" text, "by" text, "pickedAt" timestamptz, "handedOverAt" timestamptz, "receivedAt" timestamptz, observed boolean,
    tracking text)) with ordinality as given(id, reservation, product, place, quantity, device, "for", "by", "pickedAt",
    "handedOverAt", "receivedAt", observed, tracking, turn)
  left join device_record as record on record.source = 'managed-devices' and record.external_id = given.device
  left join device_custody as custody on custody.device_id = record.device_id and custody.set_aside_at is null
  cross join lateral (select given.device is not null and custody.holder_entra_id is distinct from given."for" as is_back) as back
  order by given.turn returning id`;

async function endAll(tx: Transaction, past: RequestsStory['past'], ids: readonly number[]): Promise<void> {
  const to = async (state: string, endedAt: (ask: RequestsStory['past'][number]) => string | null): Promise<void> => {
    const rows = past.flatMap((ask, index) => {
      const at = endedAt(ask);
      return at === null ? [] : [{ id: ids[index], at }];
    });
    await tx.query(
      `update equipment_request set state = $2::text, changed_at = at,
         ended_at = case when $2::text in ('rejected', 'cancelled', 'closed') then at end
       from jsonb_to_recordset($1::jsonb) as given(id integer, at timestamptz) where equipment_request.id = given.id`,
      [JSON.stringify(rows), state],
    );
  };
  await to('rejected', ({ given, cancelledAt, steps }) =>
    given === null && cancelledAt === null ? (steps.at(-1)?.decidedAt ?? null) : null,
  );
  await to('approved', ({ given, cancelledAt, steps }) =>
    given === null && cancelledAt === null ? null : (steps.at(-1)?.decidedAt ?? null),
  );
  await to('cancelled', ({ cancelledAt }) => cancelledAt);
  await to('closed', ({ given }) => given?.receivedAt ?? null);
}

/** The history of requests that are over, in the order of time. */
const HISTORY = `
  with ask as (
    select (value ->> 'id')::integer as id, value ->> 'requester' as requester, (value ->> 'submittedAt')::timestamptz as submitted,
      (value ->> 'cancelledAt')::timestamptz as cancelled, value -> 'steps' as steps
    from jsonb_array_elements($1::jsonb) as given(value)
  ), step as (
    select ask.id, n as step, jsonb_array_length(ask.steps) = n as is_last, value ->> 'kind' as kind, value ->> 'by' as decided_by,
      value ->> 'outcome' as outcome, (value ->> 'openedAt')::timestamptz as opened, (value ->> 'decidedAt')::timestamptz as decided,
      jsonb_strip_nulls(jsonb_build_object('approver', value -> 'approver', 'queue', value -> 'queue')) as asked
    from ask cross join lateral jsonb_array_elements(ask.steps) with ordinality as each(value, n)
  ), given as (
    select line.request_id, line.id as line, line.beneficiary_entra_id, reservation.created_at as reserved_at,
      pick.place_id, pick.quantity, picked_by, picked_at, dispatched_at, handed_over_by, handed_over_at, received_how, received_at,
      jsonb_build_object('pick', pick.id, 'quantity', pick.quantity) as picked
    from pick join request_line as line on line.id = pick.request_line_id join ask on ask.id = line.request_id
    join reservation on reservation.id = pick.reservation_id
  ), happened(request, line, event, actor, details, at, turn) as (
    select id, null::integer, 'begun', 'person:' || requester, '{}'::jsonb, submitted - interval '20 minutes', 1 from ask
    union all select id, null, 'submitted', 'person:' || requester, '{}', submitted, 2 from ask
    union all select id, null, 'step-opened', 'system:approvals', asked || jsonb_build_object('step', step, 'kind', kind), opened, 3 from step
    union all select id, null, case when not is_last then 'step-approved' else outcome end, 'person:' || decided_by,
      jsonb_build_object('step', step, 'kind', kind), decided, 4 from step
    union all select id, null, 'cancelled', 'person:' || requester, '{"rest": false}', cancelled, 9 from ask where cancelled is not null
    union all select request_id, line, 'reserved', 'system:approvals',
      jsonb_build_object('quantity', quantity, 'places', jsonb_build_array(place_id)), reserved_at, 5 from given
    union all select request_id, line, 'picked', picked_by, picked, picked_at, 6 from given
    union all select request_id, line, 'dispatched', picked_by, picked, dispatched_at, 7 from given where dispatched_at is not null
    union all select request_id, line, 'handed-over', handed_over_by, picked, handed_over_at, 8 from given
    union all select request_id, line, case received_how when 'observed' then 'receipt-observed' else 'received' end,
      case received_how when 'observed' then 'system:custody' else 'person:' || beneficiary_entra_id end, picked, received_at, 9 from given
    union all select request.id, null, 'closed', '${DEMONSTRATION}', '{}', request.ended_at, 10
      from ask join equipment_request as request on request.id = ask.id where request.state = 'closed'
  )
  insert into request_event (request_id, revision, line_id, event, actor, details, at)
  select request, 1, line, event, actor, details, at from happened order by request, at, turn, line`;
