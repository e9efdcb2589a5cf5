import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { onDay, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { MovementKind } from '../domain/stock-words.js';

/** An entry of the stock ledger. */
export interface StockMovementView {
  readonly id: number;
  readonly at: string;
  readonly productId: number;
  readonly product: string;
  readonly placeId: number;
  readonly place: string;
  readonly kind: MovementKind;
  /** Below zero for what left. */
  readonly quantity: number;
  readonly onHandAfter: number;
  readonly deviceId: number | null;
  /** For whose request it was picked or brought back. */
  readonly requestId: number | null;
  readonly orderId: number | null;
  readonly transferId: number | null;
  readonly countId: number | null;
  readonly reason: string | null;
  readonly actor: string;
}

export interface StockMovementFilter {
  readonly productId?: number | undefined;
  readonly placeId?: number | undefined;
  readonly kind?: MovementKind | undefined;
  readonly transferId?: number | undefined;
  readonly countId?: number | undefined;
  /** Days in UK time, both of them included. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const ITEM = `json_build_object('id', stock_movement.id, 'at', ${utc('stock_movement.at')},
  'productId', product.id, 'product', product.name, 'placeId', place.id, 'place', place.name,
  'kind', stock_movement.kind, 'quantity', stock_movement.quantity, 'onHandAfter', stock_movement.on_hand_after,
  'deviceId', (select device_id from device_custody where id = stock_movement.custody_id),
  'requestId', (select line.request_id from pick join request_line as line on line.id = pick.request_line_id
                where pick.id = stock_movement.pick_id),
  'orderId', (select line.order_id from purchase_receipt as receipt
                join purchase_order_line as line on line.id = receipt.order_line_id where receipt.id = stock_movement.receipt_id),
  'transferId', stock_movement.transfer_id, 'countId', stock_movement.count_id,
  'reason', stock_movement.reason, 'actor', stock_movement.actor)`;

const JOINS = `join product on product.id = stock_movement.product_id
  join stock_place as place on place.id = stock_movement.place_id`;

/** Reads the stock ledger. */
@Injectable()
export class MovementsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the movements that match, the latest first. */
  page(filter: StockMovementFilter, request: PageRequest): Promise<Page<StockMovementView>> {
    const { productId, placeId, kind, transferId, countId, from, until } = filter;
    const conditions = new SqlConditions()
      .addGiven(productId, (value) => `stock_movement.product_id = ${value}`)
      .addGiven(placeId, (value) => `stock_movement.place_id = ${value}`)
      .addGiven(kind, (value) => `stock_movement.kind = ${value}`)
      .addGiven(transferId, (value) => `stock_movement.transfer_id = ${value}`)
      .addGiven(countId, (value) => `stock_movement.count_id = ${value}`)
      .addGiven(from, (value) => onDay.orLater('stock_movement.at', value))
      .addGiven(until, (value) => onDay.orEarlier('stock_movement.at', value));
    return keysetPage<StockMovementView>(
      this.dataSource,
      { table: 'stock_movement', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: '-id', by: { expression: 'stock_movement.id', type: 'bigint', descending: true } },
      request,
    );
  }
}
