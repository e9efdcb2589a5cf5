import { permissionsOf, type Role } from '../auth/permissions.js';
import { ConflictError } from '../common/errors.js';
import type { Transactor } from '../database/transactor.js';
import type { RequestsStory, StoryPresentRequest } from '../demo/tenant/requests-records.js';
import { changeRequestState, recordRequestEvent } from '../requests/asking/request-rows.queries.js';
import { openApproval, openStep } from '../requests/decisions/approval.js';
import { openStepOf, stepsOf } from '../requests/decisions/step-rows.queries.js';
import { HandoverService } from '../requests/fulfilment/handover.service.js';
import { PickingService } from '../requests/fulfilment/picking.service.js';
import { ReceiptService } from '../requests/fulfilment/receipt.service.js';
import { reserveApproved } from '../requests/fulfilment/reserving.js';
import type { RequestActor } from '../requests/request-actor.js';
import type { EnteredCatalogue } from './requests-entry-catalogue.js';
import { enterAsks, enterLines, submitAll } from './requests-entry-past.js';
import type { Transaction } from './requests-entry-rows.js';

/** A request of which something is to be picked, and how far it is to come. */
export interface Fulfilment {
  readonly requestId: number;
  readonly to: StoryPresentRequest['fulfilled'];
}

const MINUTE = 60_000;
/** A request has at most that many steps. */
const MOST_STEPS = 9;

/**
 * Enters requests that are under way: routed by the rules, decided by whoever the rules name, and reserved, as commands do
 * it. Whoever has to know is told.
 */
export async function enterPresent(
  tx: Transaction,
  { present, approver, itApprover }: RequestsStory,
  catalogue: Pick<EnteredCatalogue, 'products' | 'bundles'>,
): Promise<readonly Fulfilment[]> {
  const now = new Date().toISOString();
  const ids = await enterAsks(
    tx,
    present.map((ask) => ({ ...ask, at: ask.submittedAt ?? now })),
  );
  await enterLines(tx, present, ids, catalogue, () => 'open');
  await tx.query(GIVEN_BACK, [ids.filter((_, index) => present[index]?.submittedAt !== null)]);
  await submitAll(
    tx,
    ids,
    present.map(({ submittedAt }) => submittedAt),
  );
  for (const [index, { requester, submittedAt }] of present.entries()) {
    const about = { requestId: ids[index] ?? 0, revision: 1, actor: `person:${requester}` };
    const begun = new Date(Date.parse(submittedAt ?? now) - 20 * MINUTE);
    await recordRequestEvent(tx, { ...about, event: 'begun', at: begun });
    if (submittedAt === null) continue;
    const at = new Date(submittedAt);
    await recordRequestEvent(tx, { ...about, event: 'submitted', at });
    await openApproval(tx, about, at);
  }
  const fulfilments: Fulfilment[] = [];
  const decided = present.map((ask, index) => ({ ask, requestId: ids[index] ?? 0 }));
  // Whoever was approved first is served first.
  decided.sort((a, b) => (a.ask.decidedAt ?? '').localeCompare(b.ask.decidedAt ?? ''));
  for (const { ask, requestId } of decided) {
    if (ask.decided === 'none') continue;
    const isApproved = await decideSteps(tx, requestId, ask, { approvals: approver, it: itApprover });
    if (isApproved && ask.fulfilled !== 'no') fulfilments.push({ requestId, to: ask.fulfilled });
  }
  return fulfilments;
}

/** Whoever gets a laptop gives back what they have: a desktop sooner than a laptop. */
const GIVEN_BACK = `
  with held as (
    select distinct on (found.person) found.person, device.id as device_id
    from (
      select holder_entra_id as person, device_id from device_custody where set_aside_at is null and state = 'in_use'
      union all
      select user_entra_id, id from device where presence = 'present' and merged_into_id is null
        and not exists (select from device_custody where device_id = device.id and set_aside_at is null)
    ) as found join device on device.id = found.device_id and device.form_factor_superclass in ('portable', 'fixed')
    order by found.person, device.form_factor_superclass = 'portable', device.id
  )
  update request_line as line set replaces_device_id = held.device_id
  from product, held where product.id = line.product_id and product.replaces_kind and line.exception_reason is null
    and held.person = line.beneficiary_entra_id and line.request_id = any($1::integer[])`;

/** Decides as many steps as the story says, in the name of whoever decides each. @returns whether all approved it */
async function decideSteps(
  tx: Transaction,
  requestId: number,
  { decided, decidedAt, decisionReason, submittedAt }: StoryPresentRequest,
  queues: Readonly<Record<'approvals' | 'it', string>>,
): Promise<boolean> {
  const of = { requestId, revision: 1 };
  const last = Date.parse(decidedAt ?? submittedAt ?? '');
  for (let turn = 1; turn <= MOST_STEPS; turn++) {
    const step = await openStepOf(tx, requestId);
    if (step === null) return false;
    const by = step.approver ?? queues[step.queue ?? 'approvals'];
    const parties = await tx.query<unknown[]>(
      `select from request_line where request_id = $1 and beneficiary_entra_id = $2
       union all select from equipment_request where id = $1 and requester_entra_id = $2`,
      [requestId, by],
    );
    if (parties.length > 0) return false;
    const next = (await stepsOf(tx, requestId, 1)).find((each) => each.step > step.step);
    if (decided === 'first' && next === undefined) return false;
    const isRefusal = decided === 'rejected' || decided === 'returned';
    const outcome = isRefusal ? decided : 'approved';
    const at = new Date(last + turn * 7 * MINUTE);
    await tx.query(
      `insert into decision (request_id, revision, step, outcome, reason, decided_by, decided_at) values ($1, 1, $2, $3, $4, $5, $6)`,
      [requestId, step.step, outcome, isRefusal ? decisionReason : null, by, at],
    );
    const happening = { ...of, actor: `person:${by}`, details: { step: step.step, kind: step.kind }, at };
    if (outcome === 'approved' && next !== undefined) {
      await recordRequestEvent(tx, { ...happening, event: 'step-approved' });
      await openStep(tx, of, next.step, at);
      if (decided === 'first') return false;
      continue;
    }
    await changeRequestState(tx, requestId, outcome, 1);
    await recordRequestEvent(tx, { ...happening, event: outcome });
    if (outcome !== 'approved') return false;
    await reserveApproved(tx, { ...of, at }, `person:${by}`);
    await tx.query(
      `with since as (update request_line set waiting_since = $2 where request_id = $1 and waiting_since is not null)
       update reservation set created_at = $2, expires_at = $2 + (expires_at - created_at)
       from request_line as line where line.id = request_line_id and line.request_id = $1`,
      [requestId, at],
    );
    return true;
  }
  return false;
}

/** Picks what is reserved and brings it as far as the story says, as the stock holder does it. */
export async function fulfilPresent(
  transactor: Transactor,
  { stockHolder }: RequestsStory,
  fulfilments: readonly Fulfilment[],
): Promise<void> {
  const holder = actorOf(stockHolder, ['stock-holder']);
  const picking = new PickingService(transactor);
  const handover = new HandoverService(transactor);
  const receipts = new ReceiptService(transactor);
  const stages = new Map(fulfilments.map(({ requestId, to }) => [requestId, to]));
  for (const { requestId, reservationId, serial, quantity, beneficiary } of await reservedOf(transactor, [
    ...stages.keys(),
  ])) {
    if (beneficiary === stockHolder) continue;
    const to = stages.get(requestId);
    try {
      const { pickId } = await picking.pick({ reservationId, serial, quantity, idempotencyKey: null }, holder);
      const command = { pickId, version: null, idempotencyKey: null };
      const tracking = `PF7${String(pickId).padStart(8, '0')}GB`;
      if (to === 'sent') await handover.dispatch({ ...command, tracking }, holder);
      if (to === 'handed-over' || to === 'received') await handover.handOver(command, holder);
      if (to === 'received') await receipts.confirm(command, actorOf(beneficiary, []));
    } catch (error) {
      // Somebody else has taken it meanwhile: the demonstration runs already.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

interface ReservedThing {
  readonly requestId: number;
  readonly reservationId: number;
  readonly beneficiary: string;
  readonly serial: string | null;
  readonly quantity: number | null;
}

/** What is reserved for requests in their order, and one machine of those that lie there for each that is one. */
function reservedOf(transactor: Transactor, requestIds: readonly number[]): Promise<ReservedThing[]> {
  return transactor.run((tx) =>
    tx.query<ReservedThing[]>(
      `with wanted as (
         select line.request_id, line.beneficiary_entra_id, kept.id, kept.product_id, kept.place_id, kept.quantity, serialised,
           row_number() over (partition by kept.product_id, kept.place_id order by kept.id) as turn
         from reservation as kept join request_line as line on line.id = kept.request_line_id
         join product on product.id = kept.product_id
         where line.request_id = any($1::integer[]) and kept.state = 'active'
       ), shelf as (
         select machine.product_id, machine.place_id, device.serial_number as serial,
           row_number() over (partition by machine.product_id, machine.place_id order by machine.custody_id) as turn
         from stock_machine as machine join device_custody as custody on custody.id = machine.custody_id
         join device on device.id = custody.device_id where device.serial_number is not null
       )
       select wanted.request_id as "requestId", wanted.id as "reservationId", beneficiary_entra_id as beneficiary, shelf.serial,
              case when serialised then null else wanted.quantity end as quantity
       from wanted left join shelf on serialised
         and (shelf.product_id, shelf.place_id, shelf.turn) = (wanted.product_id, wanted.place_id, wanted.turn)
       where shelf.serial is not null or not serialised
       order by array_position($1::integer[], wanted.request_id), wanted.id`,
      [requestIds],
    ),
  );
}

function actorOf(person: string, roles: readonly Role[]): RequestActor {
  return { actor: `person:${person}`, personEntraId: person, permissions: permissionsOf(roles) };
}
