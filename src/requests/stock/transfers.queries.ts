import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import { machinesOfSerials, type ScannedSerial } from './scanned-serials.js';

/** Things on their way from one place to another. */
export interface StockTransferView {
  readonly id: number;
  readonly productId: number;
  readonly product: string;
  readonly serialised: boolean;
  readonly fromPlaceId: number;
  readonly fromPlace: string;
  readonly toPlaceId: number;
  readonly toPlace: string;
  readonly quantity: number;
  readonly arrived: number;
  readonly lost: number;
  /** Neither arrived nor lost. */
  readonly open: number;
  readonly lostReason: string | null;
  readonly tracking: string | null;
  readonly sentBy: string;
  readonly sentAt: string;
  readonly endedAt: string | null;
  readonly version: string;
}

/** A machine of a transfer. */
export interface TransferredMachine {
  readonly deviceId: number;
  readonly label: string;
  readonly serialNumber: string | null;
  readonly state: 'sent' | 'arrived' | 'lost';
}

export interface StockTransferFilter {
  /** True for what is on its way, false for what arrived or was lost. */
  readonly open?: boolean | undefined;
  readonly productId?: number | undefined;
  readonly toPlaceId?: number | undefined;
}

const ITEM = `json_build_object('id', stock_transfer.id, 'productId', product.id, 'product', product.name,
  'serialised', product.serialised, 'fromPlaceId', source.id, 'fromPlace', source.name, 'toPlaceId', target.id,
  'toPlace', target.name, 'quantity', stock_transfer.quantity, 'arrived', stock_transfer.arrived,
  'lost', stock_transfer.lost, 'open', stock_transfer.quantity - stock_transfer.arrived - stock_transfer.lost,
  'lostReason', stock_transfer.lost_reason, 'tracking', stock_transfer.tracking, 'sentBy', stock_transfer.sent_by,
  'sentAt', ${utc('stock_transfer.sent_at')}, 'endedAt', ${utc('stock_transfer.ended_at')},
  'version', stock_transfer.version::text)`;

const JOINS = `join product on product.id = stock_transfer.product_id
  join stock_place as source on source.id = stock_transfer.from_place_id
  join stock_place as target on target.id = stock_transfer.to_place_id`;

/** Reads transfers of stock. */
@Injectable()
export class TransfersQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the transfers that match, the latest first. */
  page({ open, productId, toPlaceId }: StockTransferFilter, request: PageRequest): Promise<Page<StockTransferView>> {
    const conditions = new SqlConditions()
      .addGiven(open, (value) => `(stock_transfer.ended_at is null) = ${value}::boolean`)
      .addGiven(productId, (value) => `stock_transfer.product_id = ${value}`)
      .addGiven(toPlaceId, (value) => `stock_transfer.to_place_id = ${value}`);
    return keysetPage<StockTransferView>(
      this.dataSource,
      { table: 'stock_transfer', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: '-id', by: { expression: 'stock_transfer.id', type: 'bigint', descending: true } },
      request,
    );
  }

  /** One transfer; null when there is none. */
  async one(id: number): Promise<StockTransferView | null> {
    const [row] = await this.dataSource.query<{ item: StockTransferView }[]>(
      `select ${ITEM} as item from stock_transfer ${JOINS} where stock_transfer.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** The machines of serial numbers that were scanned, see `machinesOfSerials`. */
  scanned(texts: readonly string[]): Promise<readonly ScannedSerial[]> {
    return machinesOfSerials(this.dataSource, texts);
  }

  /** The machines of a transfer, those on their way first. */
  machines(id: number): Promise<TransferredMachine[]> {
    return this.dataSource.query(
      `select machine.device_id as "deviceId", machine.state, device.serial_number as "serialNumber",
              coalesce(device_model_name(device.manufacturer, device.model), 'Machine') as label
       from stock_transfer_machine as machine join device on device.id = machine.device_id
       where machine.transfer_id = $1 order by machine.state <> 'sent', machine.device_id`,
      [id],
    );
  }
}
