import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { ProductKind } from '../domain/product-words.js';

/** A product of the catalogue as it is entered. */
export interface ProductView {
  readonly id: number;
  readonly name: string;
  readonly kind: ProductKind;
  readonly description: string | null;
  readonly serialised: boolean;
  readonly pricePence: number;
  readonly mostEach: number | null;
  readonly reasonNeeded: boolean;
  readonly replacesKind: boolean;
  readonly offered: boolean;
  readonly models: readonly string[];
  readonly alternatives: readonly {
    readonly productId: number;
    readonly name: string;
    readonly note: string | null;
  }[];
  /** At all places together. */
  readonly onHand: number;
  readonly reserved: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

export interface ProductFilter {
  readonly search?: string | undefined;
  readonly kind?: ProductKind | undefined;
  readonly offered?: boolean | undefined;
}

const SUM = (column: string): string =>
  `(select coalesce(sum(${column}), 0)::integer from stock_level where product_id = product.id)`;

const ITEM = `json_build_object('id', product.id, 'name', product.name, 'kind', product.kind,
  'description', product.description, 'serialised', product.serialised, 'pricePence', product.price_pence,
  'mostEach', product.most_each, 'reasonNeeded', product.reason_needed, 'replacesKind', product.replaces_kind,
  'offered', product.offered,
  'models', array(select model_name from product_model where product_id = product.id order by model_name),
  'alternatives', coalesce((select json_agg(json_build_object('productId', other.id, 'name', other.name, 'note', alternative.note)
      order by lower(other.name)) from product_alternative as alternative
    join product as other on other.id = alternative.alternative_id where alternative.product_id = product.id), '[]'),
  'onHand', ${SUM('on_hand')}, 'reserved', ${SUM('reserved')},
  'changedBy', product.changed_by, 'changedAt', ${utc('product.changed_at')}, 'version', product.version::text)`;

/** Reads the products of the catalogue. */
@Injectable()
export class ProductsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the products that match, by name. */
  page({ search, kind, offered }: ProductFilter, request: PageRequest): Promise<Page<ProductView>> {
    const conditions = new SqlConditions()
      .addGiven(
        search === undefined ? undefined : beginningWith(search),
        (value) => `lower(product.name) like lower(${value})`,
      )
      .addGiven(kind, (value) => `product.kind = ${value}`)
      .addGiven(offered, (value) => `product.offered = ${value}::boolean`);
    return keysetPage<ProductView>(
      this.dataSource,
      { table: 'product', conditions, item: ITEM, sources: [] },
      { name: 'name', by: { expression: 'lower(product.name)', type: 'text' } },
      request,
    );
  }

  /** One product; null when there is none. */
  async one(id: number): Promise<ProductView | null> {
    const [row] = await this.dataSource.query<{ item: ProductView }[]>(
      `select ${ITEM} as item from product where product.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** Names of all products, to choose from. @param serialised only those with serial numbers, or only the others */
  names(serialised?: boolean): Promise<{ readonly id: number; readonly name: string }[]> {
    return this.dataSource.query(
      'select id, name from product where $1::boolean is null or serialised = $1 order by lower(name)',
      [serialised ?? null],
    );
  }

  /** Models of machines in our stock that no product has: what is there and cannot be asked for. */
  modelsWithoutProduct(): Promise<{ readonly name: string; readonly machines: number }[]> {
    return this.dataSource.query(
      `select device_model_name(device.manufacturer, device.model) as name, count(*)::integer as machines
       from device_custody as custody join device on device.id = custody.device_id
       where custody.state = 'in_stock' and custody.substate = 'available' and custody.set_aside_at is null
         and device_model_name(device.manufacturer, device.model) is not null
         and not exists (select from product_model
                         where model_name = lower(device_model_name(device.manufacturer, device.model)))
       group by 1 order by 2 desc, 1 limit 20`,
    );
  }
}
