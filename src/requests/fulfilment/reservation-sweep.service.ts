import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { Transactor } from '../../database/transactor.js';
import { lockRequest, recordRequestEvent } from '../asking/request-rows.queries.js';
import { tellAboutRequests, type ToldHappening } from '../messages/request-messages.js';
import { closeIfDone } from './closing.js';
import { lockLines, settleLines } from './line-standing.js';
import { FOLLOWING } from './putting-back.js';
import { endReservations, lockLevels } from './reservation-rows.queries.js';
import { serveBackOrders } from './reserving.js';

/** Requests or products that one round looks at; the rest is for the next. */
const AT_ONCE = 200;

/** Lines whose time is over before anybody began to pick them, by their request. */
const EXPIRED = `
  select line.request_id as "requestId", array_agg(distinct line.id) as "lineIds"
  from reservation join request_line as line on line.id = reservation.request_line_id
  where reservation.state = 'active' and reservation.expires_at <= $1 and line.picked = 0
  group by line.request_id order by line.request_id limit ${AT_ONCE}`;

const STILL_EXPIRED = `
  select distinct line.id from reservation join request_line as line on line.id = reservation.request_line_id
  where line.id = any($1::integer[]) and reservation.state = 'active' and reservation.expires_at <= $2 and line.picked = 0`;

/** Products that somebody waits for although some are free. */
const SERVABLE = `
  select product_id as "productId" from stock_level
  where exists (select from request_line as line where line.product_id = stock_level.product_id and line.waiting_since is not null)
  group by product_id having sum(on_hand - reserved) > 0 order by product_id limit ${AT_ONCE}`;

const FINISHED = `
  select id from equipment_request as request where state = 'approved'
    and exists (select from request_line as line where line.request_id = request.id)
    and not exists (select from request_line as line where line.request_id = request.id
                    and line.state not in ('received', 'cancelled', 'superseded'))
  order by id limit ${AT_ONCE}`;

/** Promises that the database let wait again when custody lost their machine: it notes that, and tells nobody. */
const NOTED_BY_CUSTODY = `
  select id::integer, at, request_id as "requestId", revision, line_id as "lineId", event, details
  from request_event where actor = 'system:custody' and at > $1 order by at`;
/** Longer than any transaction and any break of the jobs: what is noted bears the time at which its transaction began. */
const TOLD_WITHIN = 2 * 86_400_000;

/** Looks after reservations by the clock: they end, others begin, and requests of which nothing more comes are closed. */
@Injectable()
export class ReservationSweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactor: Transactor,
  ) {}

  /**
   * Ends reservations that nobody began to pick in time. What they kept goes to whoever else waits for it, in the order of
   * approval; their lines wait again, and keep their places for what comes next.
   * @returns how many lines lost what was reserved
   */
  async expire(now = new Date()): Promise<number> {
    const found = await this.dataSource.query<{ requestId: number; lineIds: number[] }[]>(EXPIRED, [now]);
    let expired = 0;
    for (const { requestId, lineIds } of found) expired += await this.#expire(requestId, lineIds, now);
    return expired;
  }

  /** Gives free stock to whoever waits for it. @returns how many lines have all they wanted now */
  async serve(): Promise<number> {
    const products = await this.dataSource.query<{ productId: number }[]>(SERVABLE);
    let served = 0;
    for (const { productId } of products) {
      served += await this.transactor.run(async (tx) => {
        const lineIds = await serveBackOrders(tx, { productId, placeId: null }, FOLLOWING.actor);
        if (lineIds.length > 0) await appendToAudit(tx, servedEntry(productId, lineIds));
        return lineIds.length;
      });
    }
    return served;
  }

  /** Tells those whose promise waits again because its machine is missing, or is one with another; each once. */
  async tell(now = new Date()): Promise<void> {
    const since = new Date(now.getTime() - TOLD_WITHIN);
    const noted = await this.dataSource.query<ToldHappening[]>(NOTED_BY_CUSTODY, [since]);
    if (noted.length > 0) await this.transactor.run((tx) => tellAboutRequests(tx, noted));
  }

  /** Closes requests of which nothing more comes. @returns how many */
  async close(): Promise<number> {
    let closed = 0;
    for (const { id } of await this.dataSource.query<{ id: number }[]>(FINISHED)) {
      closed += await this.transactor.run(async (tx) => {
        const request = await lockRequest(tx, id);
        const entries = request === null ? [] : await closeIfDone(tx, request, FOLLOWING.actor);
        if (entries.length > 0) await appendToAudit(tx, entries);
        return entries.length;
      });
    }
    return closed;
  }

  #expire(requestId: number, lineIds: readonly number[], now: Date): Promise<number> {
    const { actor } = FOLLOWING;
    return this.transactor.run(async (tx) => {
      await lockRequest(tx, requestId);
      const locked = await lockLines(tx, lineIds);
      const still = await tx.query<{ id: number }[]>(STILL_EXPIRED, [lineIds, now]);
      const lines = locked.filter((line) => still.some(({ id }) => id === line.id));
      if (lines.length === 0) return 0;
      const ids = lines.map(({ id }) => id);
      const productIds = [...new Set(lines.map(({ productId }) => productId))].sort((a, b) => a - b);
      await lockLevels(tx, productIds);
      const lost = await endReservations(tx, ids, 'expired');
      await settleLines(tx, ids);
      await recordRequestEvent(
        tx,
        lines.map(({ id, revision }) => ({
          requestId,
          revision,
          lineId: id,
          event: 'reservation-expired' as const,
          actor,
          details: { quantity: lost.get(id) ?? 0 },
        })),
      );
      const entries: AuditEntry[] = [
        {
          event: 'request.reservation-expired',
          actor,
          subject: { kind: 'request', id: requestId },
          details: { lines: ids },
        },
      ];
      for (const productId of productIds) {
        const served = await serveBackOrders(tx, { productId, placeId: null }, actor, ids);
        if (served.length > 0) entries.push(servedEntry(productId, served));
      }
      await appendToAudit(tx, entries);
      return ids.length;
    });
  }
}

function servedEntry(productId: number, lineIds: readonly number[]): AuditEntry {
  return {
    event: 'request.back-order-served',
    actor: FOLLOWING.actor,
    subject: { kind: 'product', id: productId },
    details: { lines: lineIds },
  };
}
