import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions } from '../../database/sql-conditions.js';
import type { ProductKind } from '../domain/product-words.js';

/** How much of a product there is, everywhere together. */
export interface Availability {
  readonly productId: number;
  readonly onHand: number;
  /** Of these, promised to requests. */
  readonly reserved: number;
  /** On hand and promised to nobody. */
  readonly free: number;
  /** Ordered and not received. */
  readonly onOrder: number;
  /** Approved, and waiting for stock. */
  readonly waiting: number;
}

/**
 * How much there is of products, for the catalogue; a product of which nothing ever moved has zeros.
 * @param productIds all products without it
 */
export async function availabilityOf(
  source: Pick<EntityManager, 'query'>,
  productIds?: readonly number[],
): Promise<ReadonlyMap<number, Availability>> {
  const rows = await source.query<Availability[]>(
    `select product.id as "productId", coalesce(level.on_hand, 0) as "onHand", coalesce(level.reserved, 0) as reserved,
            coalesce(level.on_hand - level.reserved, 0) as free, ${ON_ORDER('product.id')} as "onOrder",
            ${WAITING('product.id')} as waiting
     from product
     left join (select product_id, sum(on_hand)::integer as on_hand, sum(reserved)::integer as reserved
                from stock_level group by product_id) as level on level.product_id = product.id
     where $1::integer[] is null or product.id = any($1::integer[]) order by product.id`,
    [productIds ?? null],
  );
  return new Map(rows.map((row) => [row.productId, row]));
}

/** How many of a product are ordered and not received, at one place or everywhere. */
const ON_ORDER = (product: string, place?: string): string => `(
  select coalesce(sum(ordered.quantity - ordered.received), 0)::integer
  from purchase_order_line as ordered join purchase_order on purchase_order.id = ordered.order_id
  where ordered.product_id = ${product} and ordered.received < ordered.quantity and purchase_order.state = 'open'
    ${place === undefined ? '' : `and ordered.place_id = ${place}`})`;

/** How many of a product approved requests wait for. */
const WAITING = (product: string): string => `(
  select coalesce(sum(line.quantity - line.reserved - line.picked - line.cancelled), 0)::integer
  from request_line as line where line.product_id = ${product} and line.waiting_since is not null)`;

/** What there is of a product at a place. */
export interface StockLevelView {
  readonly id: number;
  readonly productId: number;
  readonly product: string;
  readonly kind: ProductKind;
  readonly serialised: boolean;
  readonly placeId: number;
  readonly place: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly free: number;
  /** Below which it is low; null when nobody watches it. */
  readonly threshold: number | null;
  readonly low: boolean;
  readonly onOrder: number;
  /** Of the threshold. */
  readonly version: string;
}

export interface StockLevelFilter {
  readonly productId?: number | undefined;
  readonly placeId?: number | undefined;
  /** True for what is below its threshold. */
  readonly low?: boolean | undefined;
}

const IS_LOW = 'coalesce(stock_level.on_hand - stock_level.reserved < stock_level.threshold, false)';

const ITEM = `json_build_object('id', stock_level.id, 'productId', product.id, 'product', product.name, 'kind', product.kind,
  'serialised', product.serialised, 'placeId', place.id, 'place', place.name, 'onHand', stock_level.on_hand,
  'reserved', stock_level.reserved, 'free', stock_level.on_hand - stock_level.reserved,
  'threshold', stock_level.threshold, 'low', ${IS_LOW},
  'onOrder', ${ON_ORDER('stock_level.product_id', 'stock_level.place_id')},
  'version', stock_level.version::text)`;

const JOINS = `join product on product.id = stock_level.product_id join stock_place as place on place.id = stock_level.place_id`;

/** What is low first, then by the name of the product. */
const LOW_FIRST = `case when ${IS_LOW} then '0 ' else '1 ' end
  || (select lower(named.name) from product as named where named.id = stock_level.product_id)`;

/** Reads levels of stock. */
@Injectable()
export class LevelsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the levels that match; what is below its threshold comes first. */
  page({ productId, placeId, low }: StockLevelFilter, request: PageRequest): Promise<Page<StockLevelView>> {
    const conditions = new SqlConditions()
      .addGiven(productId, (value) => `stock_level.product_id = ${value}`)
      .addGiven(placeId, (value) => `stock_level.place_id = ${value}`)
      .addGiven(low, (value) => `${IS_LOW} = ${value}::boolean`);
    return keysetPage<StockLevelView>(
      this.dataSource,
      { table: 'stock_level', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: 'low', by: { expression: LOW_FIRST, type: 'text' } },
      request,
    );
  }

  /** One level; null when there is none. */
  async one(id: number): Promise<StockLevelView | null> {
    const [row] = await this.dataSource.query<{ item: StockLevelView }[]>(
      `select ${ITEM} as item from stock_level ${JOINS} where stock_level.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** Levels of a product, or at a place, by name. */
  async of(filter: Pick<StockLevelFilter, 'productId' | 'placeId'>): Promise<StockLevelView[]> {
    const conditions = new SqlConditions()
      .addGiven(filter.productId, (value) => `stock_level.product_id = ${value}`)
      .addGiven(filter.placeId, (value) => `stock_level.place_id = ${value}`);
    const rows = await this.dataSource.query<{ item: StockLevelView }[]>(
      `select ${ITEM} as item from stock_level ${JOINS} where ${conditions.toSql()}
       order by lower(product.name), lower(place.name), stock_level.id`,
      conditions.parameters,
    );
    return rows.map(({ item }) => item);
  }
}
