import type { Actor } from '../../audit/actor.js';
import { ConflictError } from '../../common/errors.js';
import type { Transaction } from '../../database/transactor.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import { lockLines, settleLines } from './line-standing.js';
import { lockLevels } from './reservation-rows.queries.js';

/** A shelf on which other figures are found than the books say. */
export interface Shortage {
  readonly productId: number;
  readonly placeId: number;
  /** How many fewer; below zero for more, which takes its lock in order and gives nothing up. */
  readonly missing: number;
}

interface Yielding {
  readonly id: number;
  readonly lineId: number;
  readonly requestId: number;
  /** How many of the reservation are given up. */
  readonly yielded: number;
}

/** What has to be given up so that no more is promised than lies there: of the latest promises first. */
const YIELDING = `
  select id, "lineId", "requestId", least(held, short - before)::integer as yielded from (
    select reservation.id, line.id as "lineId", line.request_id as "requestId",
           reservation.quantity - reservation.picked as held, level.reserved - (level.on_hand - $3::integer) as short,
           coalesce(sum(reservation.quantity - reservation.picked) over (
             order by reservation.created_at desc, reservation.id desc
             rows between unbounded preceding and 1 preceding), 0) as before
    from stock_level as level
    join reservation on reservation.product_id = level.product_id and reservation.place_id = level.place_id
      and reservation.state = 'active'
    join request_line as line on line.id = reservation.request_line_id
    where level.product_id = $1 and level.place_id = $2
  ) as promised where before < short order by id`;

/**
 * Lets promises wait again that a shelf cannot keep, because less lies there than the books say: the latest first. Their
 * lines keep their places among those who wait, and are told.
 * @throws ConflictError when a request changes at this very moment; nothing is changed then
 */
export async function yieldPromises(tx: Transaction, shortages: readonly Shortage[], actor: Actor): Promise<void> {
  const expected = await yieldingOf(tx, shortages);
  if (expected.length === 0) return;
  const requestIds = [...new Set(expected.map(({ requestId }) => requestId))];
  await tx.query('select from equipment_request where id = any($1::integer[]) order by id for no key update', [
    requestIds,
  ]);
  const lineIds = [...new Set(expected.map(({ lineId }) => lineId))];
  const lines = new Map((await lockLines(tx, lineIds)).map((line) => [line.id, line]));
  await lockLevels(
    tx,
    shortages.map(({ productId }) => productId),
  );
  const yielding = await yieldingOf(tx, shortages);
  if (yielding.some(({ lineId }) => !lines.has(lineId))) {
    throw new ConflictError('Requests that are promised some of this stock change at this moment. Try it again.');
  }
  await tx.query(
    `update reservation as held set
       quantity = case when before.quantity > given.yielded then before.quantity - given.yielded else before.quantity end,
       state = case when before.quantity - before.picked > given.yielded then 'active'
                    when before.picked > 0 then 'picked' else 'released' end,
       ended_at = case when before.quantity - before.picked > given.yielded then null else now() end
     from jsonb_to_recordset($1::jsonb) as given(id integer, yielded integer) join reservation as before on before.id = given.id
     where held.id = before.id`,
    [JSON.stringify(yielding)],
  );
  await settleLines(
    tx,
    yielding.map(({ lineId }) => lineId),
  );
  await recordRequestEvent(
    tx,
    yielding.flatMap(({ lineId, yielded: quantity }) => {
      const line = lines.get(lineId);
      if (!line) return [];
      const { requestId, revision } = line;
      return [{ requestId, revision, lineId, event: 'back-ordered' as const, actor, details: { quantity } }];
    }),
  );
}

async function yieldingOf(tx: Transaction, shortages: readonly Shortage[]): Promise<readonly Yielding[]> {
  const rows: Yielding[] = [];
  for (const { productId, placeId, missing } of shortages) {
    rows.push(...(await tx.query<Yielding[]>(YIELDING, [productId, placeId, missing])));
  }
  return rows;
}
