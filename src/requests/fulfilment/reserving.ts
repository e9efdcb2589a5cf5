import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import type { Transaction } from '../../database/transactor.js';
import { recordRequestEvent, type RequestHappening } from '../asking/request-rows.queries.js';
import { allot, type Allotment } from '../domain/allotment.js';
import type { RequestActor } from '../request-actor.js';
import { cancelMissing, lockLines, settleLines, type LockedLine, type SettledLine } from './line-standing.js';
import { picksOnTheWay } from './pick-rows.queries.js';
import { FOLLOWING, putPicksBack } from './putting-back.js';
import { endReservations, lockLevels, reserve } from './reservation-rows.queries.js';

/** Lines that wait which one round of serving looks at; the rest is for the next. */
const SERVED_AT_ONCE = 200;

/** What was reserved, and what waits for stock. */
export interface Reserved {
  /** Lines of which everything that was missing is reserved now. */
  readonly reserved: readonly number[];
  /** Lines that wait for stock, for all or part. */
  readonly waiting: readonly number[];
}

/**
 * Reserves stock for the lines of a revision that was just approved, in the transaction of its last approval; the request is
 * locked. What stock does not give waits, in the order of approval. Whoever was approved before and waits for the same
 * product is served first.
 * @param approved.at when it was approved, if not now
 */
export async function reserveApproved(
  tx: Transaction,
  { requestId, revision, at }: { readonly requestId: number; readonly revision: number; readonly at?: Date },
  actor: Actor,
): Promise<Reserved> {
  const rows = await tx.query<{ id: number }[]>(
    `select id from request_line where (request_id, revision) = ($1, $2) and state = 'open'`,
    [requestId, revision],
  );
  const lines = await lockLines(
    tx,
    rows.map(({ id }) => id),
  );
  if (lines.length === 0) return { reserved: [], waiting: [] };
  const productIds = productsOf(lines);
  const levels = await lockLevels(tx, productIds);
  const awaited = await tx.query<{ productId: number }[]>(
    `select distinct product_id as "productId" from request_line
     where product_id = any($1::integer[]) and waiting_since is not null`,
    [productIds],
  );
  const isAwaited = new Set(awaited.map(({ productId }) => productId));
  const allotments = allot(wantingOf(lines.filter(({ productId }) => !isAwaited.has(productId))), levels);
  await reserve(tx, allotments);
  const settled = await settleLines(
    tx,
    lines.map(({ id }) => id),
  );
  const happenings = happeningsOf(lines, allotments, settled, actor);
  await recordRequestEvent(tx, at === undefined ? happenings : happenings.map((each) => ({ ...each, at })));
  const turned = new Set<number>();
  for (const productId of productIds) {
    if (!isAwaited.has(productId) || !levels.some((level) => level.productId === productId && level.free > 0)) continue;
    for (const id of await serveBackOrders(tx, { productId, placeId: null }, actor)) turned.add(id);
  }
  const waiting = settled.filter(({ id, state }) => state === 'back_ordered' && !turned.has(id)).map(({ id }) => id);
  return { reserved: settled.map(({ id }) => id).filter((id) => !waiting.includes(id)), waiting };
}

/**
 * Gives free stock of a product to those who wait for it, in the order of approval. It never waits for a request that
 * somebody else works on, so that it can be called with stock already locked: it stops at the first of those, for nobody is
 * overtaken, and the next round goes on from there.
 * @param stock.placeId where stock came, or null for everywhere; others of the product at other places are given too
 * @param except lines that are passed over this time
 * @returns the lines that have all they wanted
 */
export async function serveBackOrders(
  tx: Transaction,
  { productId }: { readonly productId: number; readonly placeId: number | null },
  actor: Actor,
  except: readonly number[] = [],
): Promise<number[]> {
  const [stock] = await tx.query<{ free: number }[]>(
    'select coalesce(sum(on_hand - reserved), 0)::integer as free from stock_level where product_id = $1',
    [productId],
  );
  if (!stock || stock.free === 0) return [];
  const queue = await tx.query<{ id: number; requestId: number }[]>(
    `select id, request_id as "requestId" from request_line
     where product_id = $1 and waiting_since is not null and id <> all($2::integer[])
     order by waiting_since, id limit ${SERVED_AT_ONCE}`,
    [productId, except],
  );
  const requestIds = [...new Set(queue.map(({ requestId }) => requestId))];
  const locked = await tx.query<{ id: number; state: string; revision: number }[]>(
    `select id, state, revision from equipment_request where id = any($1::integer[]) order by id
     for no key update skip locked`,
    [requestIds],
  );
  const free = new Map(locked.map((request) => [request.id, request]));
  const isLive = ({ requestId, revision, state }: LockedLine): boolean => {
    const request = free.get(requestId);
    return state === 'back_ordered' && request?.state === 'approved' && request.revision === revision;
  };
  const busy = queue.findIndex(({ requestId }) => !free.has(requestId));
  const turn = (busy === -1 ? queue : queue.slice(0, busy)).map(({ id }) => id);
  const lines = (await lockLines(tx, turn)).filter(isLive);
  if (lines.length === 0) return [];
  const inTurn = lines.sort((a, b) => turn.indexOf(a.id) - turn.indexOf(b.id));
  const served = await reserveMissing(tx, inTurn, actor);
  return served.filter(({ state }) => state !== 'back_ordered').map(({ id }) => id);
}

/**
 * Reserves what is missing of locked lines as far as stock gives it, in the order in which they are given. Only what
 * changes is told in the history.
 */
export async function reserveMissing(
  tx: Transaction,
  lines: readonly LockedLine[],
  actor: Actor,
): Promise<SettledLine[]> {
  const levels = await lockLevels(tx, productsOf(lines));
  const allotments = allot(wantingOf(lines), levels);
  await reserve(tx, allotments);
  const settled = await settleLines(
    tx,
    lines.map(({ id }) => id),
  );
  await recordRequestEvent(tx, happeningsOf(lines, allotments, settled, actor));
  return settled;
}

/** Lines that were released. */
export interface Released {
  /** Lines of which nothing is left. */
  readonly ended: readonly number[];
  /** Lines of which something was handed over, or is in the post: that stays, and goes on to its receipt. */
  readonly given: readonly number[];
}

const RELEASES = {
  cancelled: 'The request was cancelled',
  superseded: 'The request was changed after its approval',
} as const;

/**
 * Releases all that is kept for lines of a request that is locked: reservations end, what was picked and lies ready goes
 * back to its shelf, and whoever waits for it is served. What was handed over or is in the post stays.
 */
export async function releaseLines(
  tx: Transaction,
  { lineIds, why }: { readonly lineIds: readonly number[]; readonly why: 'cancelled' | 'superseded' },
  by: Pick<RequestActor, 'actor'>,
): Promise<Released> {
  const lines = await lockLines(tx, lineIds);
  const picks = (await picksOnTheWay(tx, lineIds)).filter(({ state }) => state === 'picked');
  const entries = await putPicksBack(tx, picks, { by: FOLLOWING, reason: RELEASES[why] });
  await lockLevels(tx, productsOf(lines));
  const lost = await endReservations(tx, lineIds, 'released');
  await cancelMissing(tx, lineIds);
  const settled = await settleLines(tx, lineIds, why);
  const about = new Map(
    lines.map(({ id, requestId, revision }) => [id, { requestId, revision, lineId: id, actor: by.actor }]),
  );
  await recordRequestEvent(
    tx,
    lines.flatMap(({ id }): RequestHappening[] => {
      const line = about.get(id);
      if (!line) return [];
      const back = picks.filter(({ lineId }) => lineId === id);
      const quantity = lost.get(id) ?? 0;
      return [
        ...back.map((pick): RequestHappening => ({
          ...line,
          event: 'put-back',
          details: { pick: pick.id, quantity: pick.quantity },
        })),
        ...(quantity > 0 ? [{ ...line, event: 'released' as const, details: { quantity } }] : []),
      ];
    }),
  );
  const freed = new Set(
    lines
      .filter(({ id }) => lost.has(id) || picks.some(({ lineId }) => lineId === id))
      .map(({ productId }) => productId),
  );
  for (const productId of [...freed].sort((a, b) => a - b)) {
    await serveBackOrders(tx, { productId, placeId: null }, by.actor);
  }
  if (entries.length > 0) await appendToAudit(tx, entries);
  const isEnded = (state: string): boolean => state === 'cancelled' || state === 'superseded';
  return {
    ended: settled.filter(({ state }) => isEnded(state)).map(({ id }) => id),
    given: settled.filter(({ state }) => !isEnded(state)).map(({ id }) => id),
  };
}

function productsOf(lines: readonly LockedLine[]): number[] {
  return [...new Set(lines.map(({ productId }) => productId))].sort((a, b) => a - b);
}

function wantingOf(
  lines: readonly LockedLine[],
): { lineId: number; productId: number; quantity: number; nearPlaceId: number | null }[] {
  return lines.map(({ id, productId, missing, nearPlaceId }) => ({
    lineId: id,
    productId,
    quantity: missing,
    nearPlaceId,
  }));
}

/** Reserved, for every line that got something; waiting, for every line that begins to. */
function happeningsOf(
  lines: readonly LockedLine[],
  allotments: readonly Allotment[],
  settled: readonly SettledLine[],
  actor: Actor,
): RequestHappening[] {
  const stateOf = new Map(settled.map(({ id, state }) => [id, state]));
  return lines.flatMap(({ id: lineId, requestId, revision, missing, state: before }) => {
    const got = allotments.filter((each) => each.lineId === lineId);
    const quantity = got.reduce((sum, each) => sum + each.quantity, 0);
    const about = { requestId, revision, lineId, actor };
    const places = got.map(({ placeId }) => placeId);
    const happenings: RequestHappening[] =
      quantity > 0 ? [{ ...about, event: 'reserved', details: { quantity, places } }] : [];
    if (before === 'back_ordered' || stateOf.get(lineId) !== 'back_ordered') return happenings;
    return [...happenings, { ...about, event: 'back-ordered', details: { quantity: missing - quantity } }];
  });
}
