import type { Transaction } from '../../database/transactor.js';
import type { LineState } from '../domain/request-words.js';

/** A line that is locked until the end of the transaction. */
export interface LockedLine {
  readonly id: number;
  readonly requestId: number;
  readonly revision: number;
  readonly productId: number;
  readonly beneficiaryEntraId: string;
  readonly state: LineState;
  readonly quantity: number;
  /** What was promised and is neither reserved nor picked nor cancelled. */
  readonly missing: number;
  /** What was cancelled of it: once something was, nothing more is promised. */
  readonly cancelled: number;
  /** Place of stock that is named as the site it goes to; null when there is none. */
  readonly nearPlaceId: number | null;
}

/** Locks lines in the order of their numbers; their requests are locked before. */
export function lockLines(tx: Transaction, lineIds: readonly number[]): Promise<LockedLine[]> {
  return tx.query<LockedLine[]>(
    `select line.id, line.request_id as "requestId", line.revision, line.product_id as "productId",
       line.beneficiary_entra_id as "beneficiaryEntraId", line.state, line.quantity,
       line.quantity - line.reserved - line.picked - line.cancelled as missing, line.cancelled,
       (select place.id from stock_place as place join request_revision as revision
          on lower(place.name) = lower(btrim(revision.site))
        where (revision.request_id, revision.revision) = (line.request_id, line.revision)) as "nearPlaceId"
     from request_line as line where line.id = any($1::integer[]) order by line.id for no key update of line`,
    [lineIds],
  );
}

/** What became of a line whose figures changed. */
export interface SettledLine {
  readonly id: number;
  readonly requestId: number;
  readonly revision: number;
  readonly before: LineState;
  readonly state: LineState;
}

/**
 * Brings the states of lines to what their figures and picks say. A line that waits for stock waits since its approval,
 * whatever it had in between, so that it keeps its place. Finished lines stay as they are.
 * @param released what a line becomes of which nothing is left: cancelled, or superseded by a later revision
 */
export async function settleLines(
  tx: Transaction,
  lineIds: readonly number[],
  released: 'cancelled' | 'superseded' = 'cancelled',
): Promise<SettledLine[]> {
  const [rows] = await tx.query<[SettledLine[], number]>(SETTLE, [lineIds, released]);
  return rows.sort((a, b) => a.id - b.id);
}

const SETTLE = `
  update request_line as line
  set state = settled.state, waiting_since = case when settled.state = 'back_ordered' then settled.approved_at end
  from (
    select figures.id, figures.state as before, figures.approved_at,
      case
        when figures.cancelled = figures.quantity then $2
        when figures.quantity > figures.reserved + figures.picked + figures.cancelled then 'back_ordered'
        when figures.picked = 0 then 'reserved'
        when figures.reserved > 0 or figures.on_the_way then 'picking'
        when figures.with_them then 'fulfilled'
        else 'received'
      end as state
    from (
      select line.*,
        exists (select from pick where pick.request_line_id = line.id and pick.state in ('picked', 'dispatched')) as on_the_way,
        exists (select from pick where pick.request_line_id = line.id and pick.state = 'handed_over') as with_them,
        coalesce(
          (select max(decided_at) from decision
           where (decision.request_id, decision.revision) = (line.request_id, line.revision) and outcome = 'approved'),
          (select submitted_at from request_revision as revision
           where (revision.request_id, revision.revision) = (line.request_id, line.revision)),
          now()) as approved_at
      from request_line as line
      where line.id = any($1::integer[]) and line.state not in ('received', 'cancelled', 'superseded')
    ) as figures
  ) as settled
  where line.id = settled.id
  returning line.id, line.request_id as "requestId", line.revision, settled.before, line.state`;

/** Cancels what is missing of lines: neither reserved nor picked for anybody. */
export async function cancelMissing(tx: Transaction, lineIds: readonly number[]): Promise<void> {
  await tx.query(
    `update request_line set cancelled = quantity - reserved - picked
     where id = any($1::integer[]) and state not in ('received', 'cancelled', 'superseded')`,
    [lineIds],
  );
}
