import type pg from 'pg';
import {
  approveRequest,
  decide,
  draftRequest,
  pickReserved,
  reserveLine,
  stockEquipment,
  submitRequest,
  type Equipment,
  type Sql,
  type StoredRequest,
} from '../support/request-fixture.js';

/** What stands in the database before anything is tried. */
export interface Stand {
  readonly equipment: Equipment;
  /** A draft of two headsets. */
  readonly draft: StoredRequest;
  /** Waits for the head, then for the queue of IT: a laptop for the first of the team. */
  readonly waiting: StoredRequest;
  /** Approved, a laptop and three headsets reserved at "Stores" for the second of the team. */
  readonly approved: StoredRequest;
  readonly reservations: { readonly laptop: number; readonly headsets: number };
  /** Approved, and the first machine picked for the third of the team. */
  readonly picked: StoredRequest;
  readonly pick: number;
  readonly transfer: number;
  readonly count: number;
  readonly orderLine: number;
}

/** Fills a database with the stand. */
export async function standFor(sql: Sql): Promise<Stand> {
  const equipment = await stockEquipment(sql);
  const { manager, head, team, products, places, machines } = equipment;
  const [first = '', second = '', third = ''] = team;
  const draft = await draftRequest(sql, manager, [{ for: first, product: products.headset, quantity: 2 }]);
  const waiting = await draftRequest(sql, manager, [{ for: first, product: products.laptop }]);
  await submitRequest(sql, waiting, [{ approver: head }, { queue: 'it' }]);
  const approved = await draftRequest(sql, manager, [
    { for: second, product: products.laptop },
    { for: second, product: products.headset, quantity: 3 },
  ]);
  await submitRequest(sql, approved);
  await approveRequest(sql, approved);
  const laptop = await reserveLine(sql, approved.lines[0] ?? 0, places.stores);
  const headsets = await reserveLine(sql, approved.lines[1] ?? 0, places.stores, 3);
  const picked = await draftRequest(sql, manager, [{ for: third, product: products.laptop }]);
  await submitRequest(sql, picked);
  await approveRequest(sql, picked);
  const pick = await pickReserved(sql, await reserveLine(sql, picked.lines[0] ?? 0, places.stores), {
    machine: machines[0] ?? 0,
  });
  const numbers = await sql.query<{ transfer: number; count: number; line: number }[]>(
    `with sent as (insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, sent_by)
       values ($1, $2, $3, 2, 'system:test') returning id),
     counted as (insert into stock_count (place_id, opened_by) values ($2, 'system:test') returning id),
     machine as (insert into stock_transfer_machine (transfer_id, device_id) select id, $4 from sent),
     line as (insert into stock_count_line (count_id, product_id, expected) select id, $1, 10 from counted),
     scan as (insert into stock_count_scan (count_id, serial_key) select id, 'ABC123' from counted)
     select sent.id as transfer, counted.id as count, (select min(id) from purchase_order_line) as line from sent, counted`,
    [products.dock, places.stores, places.annexe, machines[2]],
  );
  const [{ transfer, count, line: orderLine } = { transfer: 0, count: 0, line: 0 }] = numbers;
  const reservations = { laptop, headsets };
  return { equipment, draft, waiting, approved, reservations, picked, pick, transfer, count, orderLine };
}

/** One guard, and what is lost without it. */
export interface GuardProof {
  /** Name of the constraint, unique index or trigger, or of what a clause of a trigger's function refuses with. */
  readonly guard: string;
  readonly keeps: string;
  /** What the refusal names: the guard, unless said otherwise. */
  readonly by?: string;
  /** Guards that refuse the same when this one is gone. */
  readonly backedBy?: readonly string[];
  /** Tries it: what refused it, null when nothing did. An effect that the guard has counts as the guard's name. */
  readonly attempt: (trial: Trial) => Promise<string | null>;
}

/** A guard that refuses a statement, written with the numbers of the stand. */
export function refuses(
  guard: string,
  keeps: string,
  statement: (stand: Stand) => string,
  more: Pick<GuardProof, 'by' | 'backedBy'> = {},
): GuardProof {
  return { guard, keeps, ...more, attempt: (trial) => trial.refusal(statement(trial.stand)) };
}

/** A guard that does something by itself. @param query answers whether what it does was done, as `done` */
export function does(
  guard: string,
  keeps: string,
  statement: (stand: Stand) => string,
  query: (stand: Stand) => string,
): GuardProof {
  return {
    guard,
    keeps,
    attempt: async ({ sql, stand }) => {
      await sql.query(statement(stand));
      const [row] = await sql.query<{ done: boolean }[]>(query(stand));
      return row?.done === true ? guard : null;
    },
  };
}

/** One try, in a transaction that is rolled back. */
export class Trial {
  readonly sql: Sql;
  constructor(
    client: Pick<pg.ClientBase, 'query'>,
    readonly stand: Stand,
  ) {
    this.sql = rowsOf(client);
  }

  /** @returns the constraint, or else the SQL state, that refused the statement; null when nothing did */
  refusal(statement: string, values: readonly unknown[] = []): Promise<string | null> {
    return this.refusalOf(() => this.sql.query(statement, [...values]));
  }

  async refusalOf(work: () => Promise<unknown>): Promise<string | null> {
    await this.sql.query('savepoint attempt');
    try {
      await work();
      return null;
    } catch (error) {
      await this.sql.query('rollback to savepoint attempt');
      return nameOf(error);
    }
  }

  decide(request: StoredRequest, by: string, step = 1): Promise<string | null> {
    return this.refusalOf(() => decide(this.sql, { id: request.id, step, by }));
  }
}

/** A client as the fixture sends SQL. */
export function rowsOf(client: Pick<pg.ClientBase, 'query'>): Sql {
  return {
    query: async (statement: string, values?: unknown[]) => {
      const { rows } = await client.query<object>(statement, values);
      return rows;
    },
  } as Sql;
}

/** What an error of Postgres names: the constraint, or else the SQL state. */
export function nameOf(error: unknown): string {
  const { constraint, code } = error as { constraint?: string; code?: string };
  return constraint ?? code ?? String(error);
}
