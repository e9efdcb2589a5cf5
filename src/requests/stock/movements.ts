import type { Actor } from '../../audit/actor.js';
import { orConflictOf } from '../../database/constraint-conflicts.js';
import type { Transaction } from '../../database/transactor.js';
import type { MovementKind } from '../domain/stock-words.js';

/** Something that changes how many of a product are on hand at a place. */
export interface Movement {
  readonly productId: number;
  readonly placeId: number;
  readonly kind: MovementKind;
  /** Below zero for what leaves; never zero. */
  readonly quantity: number;
  readonly actor: Actor;
  readonly custodyId?: number | null;
  readonly pickId?: number | null;
  readonly receiptId?: number | null;
  readonly transferId?: number | null;
  readonly countId?: number | null;
  readonly reason?: string | null;
}

/** What is told when stock does not give what is asked of it, by the constraint that says so. */
export const STOCK_SENTENCES: Readonly<Record<string, string>> = {
  stock_level_on_hand_check:
    'There are not so many on hand at this place. Look at the level as it is now, take fewer, or count the place.',
  stock_level_reserved_check:
    'What is on hand at this place is promised to requests. Take what is free, or what lies at another place.',
};

/**
 * Writes movements of stock: the only way in which `on_hand` changes. They are written in the order of product and place,
 * in which levels are locked everywhere.
 * @returns the numbers of the movements, in the order in which they were given
 * @throws ConflictError when fewer are on hand, or free of promises, than leave
 */
export async function moveStock(tx: Transaction, movements: readonly Movement[]): Promise<readonly string[]> {
  if (movements.length === 0) return [];
  const rows = movements
    .map((movement, place) => ({ ...movement, place }))
    .sort((a, b) => a.productId - b.productId || a.placeId - b.placeId || a.place - b.place);
  const written = await tx
    .query<{ id: string }[]>(
      `insert into stock_movement (product_id, place_id, kind, quantity, actor, custody_id, pick_id, receipt_id, transfer_id,
         count_id, reason)
       select "productId", "placeId", kind, quantity, actor, "custodyId", "pickId", "receiptId", "transferId", "countId", reason
       from jsonb_to_recordset($1::jsonb) as movement("productId" integer, "placeId" integer, kind text, quantity integer,
         actor text, "custodyId" integer, "pickId" integer, "receiptId" integer, "transferId" integer, "countId" integer,
         reason text)
       returning id::text`,
      [JSON.stringify(rows)],
    )
    .catch(orConflictOf(STOCK_SENTENCES));
  const idOf = new Map(rows.map(({ place }, index) => [place, written[index]?.id ?? '']));
  return movements.map((_movement, place) => idOf.get(place) ?? '');
}
