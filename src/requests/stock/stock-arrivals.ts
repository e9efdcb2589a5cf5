import type { Actor } from '../../audit/actor.js';
import type { Transaction } from '../../database/transactor.js';
import { serveBackOrders } from '../fulfilment/reserving.js';

/** Lets what came to places go to the requests that wait for it, in the order of approval. */
export async function serveArrivals(
  tx: Transaction,
  arrivals: readonly { readonly productId: number; readonly placeId: number }[],
  actor: Actor,
): Promise<void> {
  for (const { productId, placeId } of arrivals) await serveBackOrders(tx, { productId, placeId }, actor);
}
