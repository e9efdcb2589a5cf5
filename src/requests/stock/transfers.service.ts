import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { moveStock } from './movements.js';
import { serveArrivals } from './stock-arrivals.js';

/** Accessories to be sent. */
export interface TransferInput {
  readonly productId: number;
  readonly fromPlaceId: number;
  readonly toPlaceId: number;
  readonly quantity: number;
  /** The carrier's number; null when colleagues take them along. */
  readonly tracking: string | null;
}

/** A transfer whose row is locked. */
export interface LockedTransfer {
  readonly productId: number;
  readonly toPlaceId: number;
  readonly toPlace: string;
  readonly serialised: boolean;
  /** Neither arrived nor lost. */
  readonly open: number;
}

const TRANSFER = { table: 'stock_transfer', called: 'transfer' };
const SENTENCES = {
  stock_transfer_places_check: 'Choose two different places.',
  stock_transfer_from_fkey: 'There is no such place. Look at the list of places.',
  stock_transfer_to_fkey: 'There is no such place. Look at the list of places.',
};

/** Sends accessories from one place to another, and records what arrives, in parts if need be, and what is lost. */
@Injectable()
export class TransfersService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Takes accessories from the shelf of one place, on their way to another.
   * @param key the same key is done once
   * @throws InputError for a product with serial numbers; ConflictError when fewer are free, and for wrong places
   */
  send(input: TransferInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    const { productId, fromPlaceId, toPlaceId, quantity, tracking } = input;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { send: 'stock', ...input } }, async () => {
        await checkCounted(tx, productId);
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, tracking, sent_by)
             values ($1, $2, $3, $4, $5, $6) returning id`,
            [productId, fromPlaceId, toPlaceId, quantity, tracking, actor],
          )
          .catch(orConflictOf(SENTENCES));
        const id = row?.id ?? 0;
        await moveStock(tx, [
          { productId, placeId: fromPlaceId, kind: 'sent', quantity: -quantity, transferId: id, actor },
        ]);
        await noted(tx, 'stock-transfer.sent', id, { quantity }, actor);
        return { id };
      }),
    );
  }

  /**
   * Records that some of a transfer arrived. Requests that wait for them get them, in the order of approval.
   * @param version of the transfer that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when fewer are on their way
   */
  arrive(id: number, quantity: number, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const { productId, toPlaceId: placeId } = await lockCounted(tx, id, quantity, version);
      await endPart(tx, id, { arrived: quantity });
      await moveStock(tx, [{ productId, placeId, kind: 'arrived', quantity, transferId: id, actor }]);
      await serveArrivals(tx, [{ productId, placeId }], actor);
      await noted(tx, 'stock-transfer.arrived', id, { quantity }, actor);
    });
  }

  /**
   * Records that some of a transfer will not arrive.
   * @param version of the transfer that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when fewer are on their way
   */
  lose(id: number, quantity: number, reason: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockCounted(tx, id, quantity, version);
      await endPart(tx, id, { lost: quantity, reason });
      await noted(tx, 'stock-transfer.lost', id, { quantity }, actor);
    });
  }
}

/**
 * Locks a transfer until the end of the transaction.
 * @throws NotFoundError; ChangedMeanwhileError; ConflictError when fewer than `wanted` are on their way
 */
export async function lockTransfer(
  tx: EntityManager,
  id: number,
  wanted: number,
  version: string,
): Promise<LockedTransfer> {
  await lockRecord(tx, TRANSFER, id, version);
  const [transfer] = await tx.query<LockedTransfer[]>(
    `select transfer.product_id as "productId", transfer.to_place_id as "toPlaceId", place.name as "toPlace",
            product.serialised, transfer.quantity - transfer.arrived - transfer.lost as open
     from stock_transfer as transfer
     join product on product.id = transfer.product_id
     join stock_place as place on place.id = transfer.to_place_id
     where transfer.id = $1`,
    [id],
  );
  if (!transfer) throw new Error('The transfer that was locked is not there.');
  if (wanted > transfer.open) {
    throw new ConflictError(
      transfer.open === 0
        ? 'Nothing of this transfer is on its way any more.'
        : `Only ${transfer.open} of this transfer are on their way. If more arrived, count the place.`,
    );
  }
  return transfer;
}

/** Ends part of a locked transfer; all of it when nothing is left on its way. */
export async function endPart(
  tx: EntityManager,
  id: number,
  { arrived = 0, lost = 0, reason = null }: { arrived?: number; lost?: number; reason?: string | null },
): Promise<void> {
  await tx.query(
    `update stock_transfer set arrived = arrived + $2, lost = lost + $3,
       lost_reason = case when $4::text is null then lost_reason else concat_ws(E'\\n', lost_reason, $4::text) end,
       ended_at = case when arrived + lost + $2 + $3 = quantity then now() end,
       version = nextval('equipment_version_sequence')
     where id = $1`,
    [id, arrived, lost, reason],
  );
}

/** Puts what became of a transfer on the trail. */
export function noted(
  tx: EntityManager,
  event: 'stock-transfer.sent' | 'stock-transfer.arrived' | 'stock-transfer.lost',
  id: number,
  details: { readonly quantity: number },
  actor: Actor,
): Promise<void> {
  return appendToAudit(tx, { event, actor, subject: { kind: 'stock-transfer', id }, details });
}

async function lockCounted(tx: EntityManager, id: number, quantity: number, version: string): Promise<LockedTransfer> {
  const transfer = await lockTransfer(tx, id, quantity, version);
  if (!transfer.serialised) return transfer;
  throw new ConflictError('This is a transfer of machines. Say which of them it is about.');
}

async function checkCounted(tx: EntityManager, productId: number): Promise<void> {
  const [product] = await tx.query<{ serialised: boolean }[]>('select serialised from product where id = $1', [
    productId,
  ]);
  if (product?.serialised === false) return;
  const message = product
    ? 'Each of these has a serial number. Send machines by their serial numbers.'
    : 'There is no such product. Look at the list of products.';
  throw new InputError(message, [{ field: 'productId', message }]);
}
