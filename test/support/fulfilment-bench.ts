import type { DataSource } from 'typeorm';
import { Transactor } from '../../src/database/transactor.js';
import { HandoverService } from '../../src/requests/fulfilment/handover.service.js';
import { PickSweep } from '../../src/requests/fulfilment/pick-sweep.service.js';
import { PickingService, type PickOutcome } from '../../src/requests/fulfilment/picking.service.js';
import { ReceiptService } from '../../src/requests/fulfilment/receipt.service.js';
import { ReservationSweep } from '../../src/requests/fulfilment/reservation-sweep.service.js';
import { reserveApproved } from '../../src/requests/fulfilment/reserving.js';
import { emptyCustody, personId } from './custody-fixture.js';
import {
  approveRequest,
  draftRequest,
  requestActor,
  stockEquipment,
  submitRequest,
  type AskedLine,
  type Equipment,
  type EquipmentOptions,
  type StoredRequest,
} from './request-fixture.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Picks, sends and puts back. */
export const HOLDER = requestActor(personId(8_001), ['stock-holder']);
/** Hands over and takes back. */
export const ENGINEER = requestActor(personId(8_002), ['engineer']);

/** Everything of fulfilment over a database of its own, with what specs ask of it again and again. */
export class FulfilmentBench {
  readonly transactor: Transactor;
  readonly picking: PickingService;
  readonly handover: HandoverService;
  readonly receipts: ReceiptService;
  readonly reservations: ReservationSweep;
  readonly picks: PickSweep;

  private constructor(
    private readonly database: TestDatabase,
    public all: Equipment,
  ) {
    this.transactor = new Transactor(database.dataSource);
    this.picking = new PickingService(this.transactor);
    this.handover = new HandoverService(this.transactor);
    this.receipts = new ReceiptService(this.transactor);
    this.reservations = new ReservationSweep(database.dataSource, this.transactor);
    this.picks = new PickSweep(database.dataSource, this.transactor);
  }

  static async start(): Promise<FulfilmentBench> {
    const database = await createTestDatabase();
    return new FulfilmentBench(database, await stockEquipment(database.dataSource));
  }

  get dataSource(): DataSource {
    return this.database.dataSource;
  }

  drop(): Promise<void> {
    return this.database.drop();
  }

  /** Begins anew with other people and stock. */
  async restock(options: EquipmentOptions): Promise<void> {
    await emptyCustody(this.dataSource);
    await this.query(
      'truncate product, stock_place, bundle, cost_centre, equipment_request, linked_account, purchase_order restart identity cascade',
    );
    this.all = await stockEquipment(this.dataSource, options);
  }

  query<T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.dataSource.query<T[]>(sql, values);
  }

  ann(): string {
    return this.all.team[0] ?? '';
  }

  bob(): string {
    return this.all.team[1] ?? '';
  }

  /** A request of the manager that was approved, with what stock gave it. */
  async approved(lines: readonly AskedLine[]): Promise<StoredRequest> {
    const request = await draftRequest(this.dataSource, this.all.manager, lines);
    await submitRequest(this.dataSource, request);
    await this.transactor.run(async (tx) => {
      await approveRequest(tx, request);
      await reserveApproved(tx, { requestId: request.id, revision: 1 }, 'system:test');
    });
    return request;
  }

  async lineOf(id: number | undefined): Promise<Record<string, unknown>> {
    const [row] = await this.query(
      'select state, reserved, picked, cancelled, waiting_since from request_line where id = $1',
      [id],
    );
    return row ?? {};
  }

  async level(productId: number, placeId = this.all.places.stores): Promise<unknown> {
    const [row] = await this.query(
      'select on_hand, reserved from stock_level where product_id = $1 and place_id = $2',
      [productId, placeId],
    );
    return row;
  }

  async reservationOf(lineId: number | undefined): Promise<number> {
    const [row] = await this.query<{ id: number }>(
      `select id from reservation where request_line_id = $1 and state = 'active'`,
      [lineId],
    );
    return row?.id ?? 0;
  }

  async pickLaptop(lineId: number | undefined, serial = this.all.serials[0] ?? null): Promise<PickOutcome> {
    const reservationId = await this.reservationOf(lineId);
    return this.picking.pick({ reservationId, serial, quantity: null, idempotencyKey: null }, HOLDER);
  }

  custody(deviceId: number | undefined): Promise<Record<string, unknown>[]> {
    return this.query(
      'select state, substate, holder_entra_id as holder, place from device_custody where device_id = $1',
      [deviceId],
    );
  }

  async events(requestId: number): Promise<string[]> {
    const rows = await this.query<{ event: string }>(
      'select event from request_event where request_id = $1 order by id',
      [requestId],
    );
    return rows.map(({ event }) => event);
  }
}

/** A pick, whatever version it has. */
export const of = (pickId: number): { pickId: number; version: null; idempotencyKey: null } => ({
  pickId,
  version: null,
  idempotencyKey: null,
});
