import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import { stepWithin } from '../../devices/lifecycle/custody.service.js';
import { lockRequest, recordRequestEvent } from '../asking/request-rows.queries.js';
import type { PickState } from '../domain/pick-words.js';
import type { RequestActor } from '../request-actor.js';
import { moveStock } from '../stock/movements.js';
import { lockLines, settleLines } from './line-standing.js';
import { lockFreeMachine } from './machine-of-serial.queries.js';
import { NOTHING_SAID } from './putting-back.js';

/** What is taken from the shelf: one machine by its serial number, or so many of what is counted. */
export interface PickOrder {
  readonly reservationId: number;
  /** As it was scanned or typed; null for what is counted. */
  readonly serial: string | null;
  /** Null for a machine, and for all that is reserved of what is counted. */
  readonly quantity: number | null;
  readonly idempotencyKey: string | null;
}

/** What a command about a pick came to. */
export interface PickOutcome {
  readonly pickId: number;
  readonly requestId: number;
  readonly lineId: number;
  readonly state: PickState;
  readonly version: string;
}

/** A reservation with what is needed to pick from it. */
interface PickableReservation {
  readonly id: number;
  readonly lineId: number;
  readonly requestId: number;
  readonly productId: number;
  readonly placeId: number;
  readonly serialised: boolean;
  readonly left: number;
  readonly state: string;
}

/** Takes from the shelf what is reserved: from here on a line has serial numbers. Each command is one transaction. */
@Injectable()
export class PickingService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Picks from a reservation. A machine is put aside in custody for the person; of any number who pick one machine, or the
   * last of a product, at the same moment, the first has it.
   * @throws NotFoundError for an unknown reservation; InputError for a serial number or quantity that cannot be picked;
   * ConflictError when nothing is left of the reservation or the machine is not free; ForbiddenError for oneself
   */
  pick(order: PickOrder, by: RequestActor): Promise<PickOutcome> {
    const { reservationId, serial, quantity, idempotencyKey } = order;
    return this.transactor.run((tx) =>
      onceForKey(
        tx,
        { actor: by.actor, key: idempotencyKey, request: { pick: { reservationId, serial, quantity } } },
        () => pickWithin(tx, order, by),
      ),
    );
  }
}

const RESERVATION = `
  select reservation.id, reservation.request_line_id as "lineId", line.request_id as "requestId",
    reservation.product_id as "productId", reservation.place_id as "placeId", product.serialised,
    reservation.quantity - reservation.picked as left, reservation.state
  from reservation join request_line as line on line.id = reservation.request_line_id
  join product on product.id = reservation.product_id where reservation.id = $1`;

const GONE =
  'It is not reserved any more: the request was cancelled or changed, or all of it is picked. Look at the list again.';

async function pickWithin(tx: EntityManager, order: PickOrder, by: RequestActor): Promise<PickOutcome> {
  if (!by.permissions.has('stock:write')) {
    throw new ForbiddenError('This needs the permission stock:write, which you do not have.');
  }
  const [found] = await tx.query<PickableReservation[]>(RESERVATION, [order.reservationId]);
  if (!found) throw new NotFoundError('There is no such reservation.');
  await lockRequest(tx, found.requestId);
  const [line] = await lockLines(tx, [found.lineId]);
  if (!line) throw new Error('A reservation has no line.');
  await refuseForOneself(tx, line.beneficiaryEntraId, by);
  const machine = found.serialised ? await lockFreeMachine(tx, serialOf(order), found) : null;
  const [reservation] = await tx.query<PickableReservation[]>(`${RESERVATION} for no key update of reservation`, [
    found.id,
  ]);
  if (reservation?.state !== 'active') throw new ConflictError(GONE);
  const quantity = machine === null ? countOf(order, reservation.left) : 1;
  await tx.query(
    `update reservation set picked = picked + $2, state = case when picked + $2 = quantity then 'picked' else state end,
       ended_at = case when picked + $2 = quantity then now() end where id = $1 and state = 'active'`,
    [found.id, quantity],
  );
  const [pick] = await tx
    .query<{ id: number; version: string }[]>(
      `insert into pick (reservation_id, request_line_id, product_id, place_id, device_id, quantity, picked_by)
       values ($1, $2, $3, $4, $5, $6, $7) returning id, version::text`,
      [found.id, line.id, found.productId, found.placeId, machine?.deviceId ?? null, quantity, by.actor],
    )
    .catch(
      orConflictOf({
        pick_machine_key:
          'The machine is noted as picked for another request. Put it back there first, or wait a minute if it just came back.',
      }),
    );
  if (!pick) throw new Error('The pick was not stored.');
  const entries: AuditEntry[] = [];
  if (machine === null) {
    const { productId, placeId } = found;
    await moveStock(tx, [
      { productId, placeId, kind: 'picked', quantity: -quantity, pickId: pick.id, actor: by.actor },
    ]);
  } else {
    const { entry } = await stepWithin(tx, {
      command: 'allocate',
      input: { ...NOTHING_SAID, holder: line.beneficiaryEntraId, reference: `Request ${line.requestId}` },
      targets: [{ deviceId: machine.deviceId }],
      by,
    });
    entries.push(entry);
  }
  await settleLines(tx, [line.id]);
  const about = { requestId: line.requestId, revision: line.revision, lineId: line.id };
  await recordRequestEvent(tx, { ...about, event: 'picked', actor: by.actor, details: { pick: pick.id, quantity } });
  await appendToAudit(tx, [
    ...entries,
    {
      event: 'request.picked',
      actor: by.actor,
      subject: { kind: 'request', id: line.requestId },
      details: { line: line.id, pick: pick.id, quantity, device: machine?.deviceId ?? null },
    },
  ]);
  return { pickId: pick.id, requestId: line.requestId, lineId: line.id, state: 'picked', version: pick.version };
}

/**
 * Nobody picks, hands over or takes back for themselves, under whichever of their accounts.
 * @throws ForbiddenError
 */
export async function refuseForOneself(
  tx: EntityManager,
  beneficiaryEntraId: string,
  { personEntraId }: RequestActor,
): Promise<void> {
  if (personEntraId === null) return;
  const [row] = await tx.query<{ same: boolean }[]>('select person_behind($1) = person_behind($2) as same', [
    beneficiaryEntraId,
    personEntraId,
  ]);
  if (row?.same) throw new ForbiddenError('Nobody does this for themselves. Ask a colleague to do it.');
}

function serialOf({ serial, quantity }: PickOrder): string {
  if (serial === null || serial.trim() === '') {
    throw new InputError('Scan the serial number.', [{ field: 'serial', message: 'Scan or enter the serial number' }]);
  }
  if (quantity === null || quantity === 1) return serial;
  throw new InputError('Machines are picked one by one.', [
    { field: 'quantity', message: 'Leave this out for a machine' },
  ]);
}

function countOf({ serial, quantity }: PickOrder, left: number): number {
  if (serial !== null) {
    throw new InputError('It is counted, and has no serial number.', [
      { field: 'serial', message: 'Leave this empty' },
    ]);
  }
  if (quantity === null) return left;
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw new InputError('Enter how many.', [{ field: 'quantity', message: 'Enter a whole number from 1' }]);
  }
  if (quantity <= left) return quantity;
  throw new ConflictError(`Only ${left} of it ${left === 1 ? 'is' : 'are'} reserved and not picked. Pick fewer.`);
}
