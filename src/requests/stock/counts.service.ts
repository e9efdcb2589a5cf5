import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { constraintOf, orConflictOf } from '../../database/constraint-conflicts.js';
import { lockRecord } from '../../database/record-version.js';
import { Transactor } from '../../database/transactor.js';
import { yieldPromises } from '../fulfilment/yielding.js';
import { moveStock } from './movements.js';
import { machinesOfSerials } from './scanned-serials.js';
import { serveArrivals } from './stock-arrivals.js';
import { takeStockOfMachines } from './stock-machines.js';

/** What was counted of one product. */
export interface CountedProduct {
  readonly productId: number;
  /** Null takes back what was entered. */
  readonly counted: number | null;
  /** Why it is not what was expected; null as long as nobody knows. */
  readonly reason: string | null;
}

/** What became of serial numbers that were scanned. */
export interface ScanOutcome {
  /** Numbers that the count did not have yet. */
  readonly added: number;
  /** What was scanned and is no serial number, such as the barcode of a box. */
  readonly unreadable: readonly string[];
}

/** Serial numbers of one command at the most. */
export const MOST_SERIALS = 1_000;

const COUNT = { table: 'stock_count', called: 'count' };

/**
 * Counts what is really there. What is counted is compared with what was on hand when it was entered, so that things may be
 * picked and received while a place is counted.
 */
@Injectable()
export class CountsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Opens a count of a place: everything that is, or should be, there.
   * @param key the same key is done once
   * @throws NotFoundError; ConflictError while the place is being counted already
   */
  open(placeId: number, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { open: 'stock-count', placeId } }, async () => {
        await serveArrivals(tx, await takeStockOfMachines(tx, actor), actor);
        const [row] = await tx
          .query<{ id: number }[]>('insert into stock_count (place_id, opened_by) values ($1, $2) returning id', [
            placeId,
            actor,
          ])
          .catch((error: unknown) => {
            throw missingPlace(error);
          })
          .catch(orConflictOf({ stock_count_open_key: 'This place is being counted already. Go on with that count.' }));
        const id = row?.id ?? 0;
        await tx.query(
          `insert into stock_count_line (count_id, product_id, expected)
           select $1, product_id, on_hand from stock_level where place_id = $2 and (on_hand > 0 or threshold is not null)`,
          [id, placeId],
        );
        await noted(tx, 'stock-count.opened', id, actor, { place: placeId });
        return { id };
      }),
    );
  }

  /**
   * Enters how many were counted. Each is compared with what is on hand at this moment.
   * @param version of the count that was looked at
   * @param lines each product once
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it is closed; InputError for products with serial
   *   numbers, which are scanned, and for one that is there twice
   */
  enter(id: number, lines: readonly CountedProduct[], version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const placeId = await lockOpen(tx, id, version);
      const productIds = new Set(lines.map(({ productId }) => productId));
      if (productIds.size < lines.length) throw onLines('A product is there twice. Say once how many there are of it.');
      const products = await tx.query<{ id: number }[]>(
        'select id from product where id = any($1::integer[]) and not serialised',
        [[...productIds]],
      );
      if (products.length < productIds.size) {
        throw onLines('Only products of the catalogue without serial numbers are counted. Scan machines.');
      }
      await tx.query(
        `insert into stock_count_line (count_id, product_id, expected, counted, reason)
         select $1, line."productId", coalesce(level.on_hand, 0), line.counted, line.reason
         from jsonb_to_recordset($3::jsonb) as line("productId" integer, counted integer, reason text)
         left join stock_level as level on level.product_id = line."productId" and level.place_id = $2
         order by line."productId"
         on conflict on constraint stock_count_line_pkey do update
           set expected = case when stock_count_line.counted is distinct from excluded.counted then excluded.expected
                               else stock_count_line.expected end,
               counted = excluded.counted, reason = excluded.reason`,
        [id, placeId, JSON.stringify(lines)],
      );
      await touch(tx, id);
      await noted(tx, 'stock-count.entered', id, actor, { products: lines.length });
    });
  }

  /**
   * Takes serial numbers that were scanned; one that was scanned before is no matter. Several people may scan together.
   * @throws NotFoundError; ConflictError when the count is closed; InputError for too many at once
   */
  async scan(id: number, serials: readonly string[], actor: Actor): Promise<ScanOutcome> {
    if (serials.length === 0 || serials.length > MOST_SERIALS) {
      const message = `Scan 1 to ${MOST_SERIALS} serial numbers at once.`;
      throw new InputError(message, [{ field: 'serials', message }]);
    }
    return this.transactor.run(async (tx) => {
      await lockOpen(tx, id, null);
      const scanned = await machinesOfSerials(tx, serials);
      const readable = scanned.filter(({ key }) => key !== null);
      const rows = await tx.query<unknown[]>(
        `insert into stock_count_scan (count_id, serial_key, device_id)
         select distinct on (scan.key) $1::integer, scan.key, scan."deviceId"
         from jsonb_to_recordset($2::jsonb) as scan(key text, "deviceId" integer) order by scan.key
         on conflict on constraint stock_count_scan_pkey do nothing returning 1`,
        [id, JSON.stringify(readable)],
      );
      await noted(tx, 'stock-count.scanned', id, actor, { machines: rows.length });
      const unreadable = scanned.filter(({ key }) => key === null).map(({ text }) => text);
      return { added: rows.length, unreadable };
    });
  }

  /**
   * Closes a count: what was counted of accessories is on hand from now on, by movements with their reasons. Where fewer are
   * there than are promised, the latest promises wait again. Machines are corrected by their own custody; the count lists
   * which.
   * @param version of the count that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; InputError for a difference without a reason; ConflictError when it is
   *   closed, and when less is on hand by now than is missing
   */
  reconcile(id: number, version: string, actor: Actor): Promise<{ readonly corrected: number }> {
    return this.transactor.run(async (tx) => {
      const placeId = await lockOpen(tx, id, version);
      await noteMachines(tx, id, placeId);
      const lines = await tx.query<CountLine[]>(DIFFERENCES, [id]);
      const unexplained = lines.filter(({ reason }) => reason === null);
      if (unexplained.length > 0) {
        const names = unexplained.map(({ product }) => product).join(', ');
        throw onLines(`Say why there are not as many as expected: ${names}`);
      }
      await yieldPromises(
        tx,
        lines.map(({ productId, difference }) => ({ productId, placeId, missing: -difference })),
        actor,
      );
      await moveStock(
        tx,
        lines.map(({ productId, difference: quantity, reason }) => ({
          productId,
          placeId,
          kind: 'counted' as const,
          quantity,
          reason,
          countId: id,
          actor,
        })),
      );
      const risen = lines.filter(({ difference }) => difference > 0);
      await close(tx, id, false, actor);
      await serveArrivals(
        tx,
        risen.map(({ productId }) => ({ productId, placeId })),
        actor,
      );
      await noted(tx, 'stock-count.reconciled', id, actor, { corrected: lines.length });
      return { corrected: lines.length };
    });
  }

  /**
   * Closes a count without correcting anything.
   * @param version of the count that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when it is closed
   */
  abandon(id: number, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockOpen(tx, id, version);
      await close(tx, id, true, actor);
      await noted(tx, 'stock-count.abandoned', id, actor);
    });
  }
}

interface CountLine {
  readonly productId: number;
  readonly product: string;
  /** Found and not expected; below zero for what is missing. */
  readonly difference: number;
  readonly reason: string | null;
}

const DIFFERENCES = `
  select line.product_id as "productId", product.name as product, line.counted - line.expected as difference, line.reason
  from stock_count_line as line join product on product.id = line.product_id
  where line.count_id = $1 and not product.serialised and line.counted <> line.expected
  order by line.product_id`;

/** Locks a count that is open. @param version null to go by whatever it is @returns its place */
async function lockOpen(tx: EntityManager, id: number, version: string | null): Promise<number> {
  if (version !== null) await lockRecord(tx, COUNT, id, version);
  const [count] = await tx.query<{ placeId: number; closed: boolean }[]>(
    `select place_id as "placeId", closed_at is not null as closed from stock_count where id = $1 for update`,
    [id],
  );
  if (!count) throw new NotFoundError('There is no such count.');
  if (count.closed) throw new ConflictError('This count is closed. Open another one to count the place again.');
  return count.placeId;
}

/**
 * What the shelf has of machines when the count closes, and how many of these were scanned; nothing when none was. One that
 * came after the count was opened is expected only when it was scanned.
 */
function noteMachines(tx: EntityManager, id: number, placeId: number): Promise<unknown> {
  return tx.query(
    `insert into stock_count_line (count_id, product_id, expected, counted)
     select $1, machine.product_id, count(*)::integer, count(scan.device_id)::integer
     from stock_machine as machine
     join device_custody as custody on custody.id = machine.custody_id
     join stock_count as counting on counting.id = $1
     left join (select distinct device_id from stock_count_scan where count_id = $1) as scan
       on scan.device_id = custody.device_id
     where machine.place_id = $2 and exists (select from stock_count_scan where count_id = $1)
       and (custody.since < counting.opened_at or scan.device_id is not null)
     group by machine.product_id order by machine.product_id
     on conflict on constraint stock_count_line_pkey do update
       set expected = excluded.expected, counted = excluded.counted`,
    [id, placeId],
  );
}

function touch(tx: EntityManager, id: number): Promise<unknown> {
  return tx.query(`update stock_count set version = nextval('equipment_version_sequence') where id = $1`, [id]);
}

function close(tx: EntityManager, id: number, abandoned: boolean, actor: Actor): Promise<unknown> {
  return tx.query(
    `update stock_count set closed_by = $2, closed_at = now(), abandoned = $3,
       version = nextval('equipment_version_sequence')
     where id = $1`,
    [id, actor, abandoned],
  );
}

function noted(
  tx: EntityManager,
  event: AuditEventName,
  id: number,
  actor: Actor,
  details: Readonly<Record<string, number>> = {},
): Promise<void> {
  return appendToAudit(tx, { event, actor, subject: { kind: 'stock-count', id }, details });
}

function onLines(message: string): InputError {
  return new InputError(message, [{ field: 'lines', message }]);
}

function missingPlace(error: unknown): unknown {
  return constraintOf(error) === 'stock_count_place_fkey' ? new NotFoundError('There is no such place.') : error;
}
