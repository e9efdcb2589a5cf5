import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { WorkStyle } from '../../rollout/domain/move-words.js';

/** A bundle of the catalogue as it is entered. */
export interface BundleView {
  readonly id: number;
  readonly name: string;
  readonly workStyle: WorkStyle | null;
  readonly description: string | null;
  readonly offered: boolean;
  readonly lines: readonly { readonly productId: number; readonly product: string; readonly quantity: number }[];
  /** Of everything in it. */
  readonly pricePence: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

const ITEM = `json_build_object('id', bundle.id, 'name', bundle.name, 'workStyle', bundle.work_style,
  'description', bundle.description, 'offered', bundle.offered,
  'lines', coalesce((select json_agg(json_build_object('productId', product.id, 'product', product.name, 'quantity', line.quantity)
      order by lower(product.name)) from bundle_line as line join product on product.id = line.product_id
    where line.bundle_id = bundle.id), '[]'),
  'pricePence', (select coalesce(sum(line.quantity * product.price_pence), 0)::integer
    from bundle_line as line join product on product.id = line.product_id where line.bundle_id = bundle.id),
  'changedBy', bundle.changed_by, 'changedAt', ${utc('bundle.changed_at')}, 'version', bundle.version::text)`;

/** Reads the bundles of the catalogue. */
@Injectable()
export class BundlesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** All bundles, those that are offered first. */
  async all(): Promise<BundleView[]> {
    const rows = await this.dataSource.query<{ item: BundleView }[]>(
      `select ${ITEM} as item from bundle order by offered desc, lower(name)`,
    );
    return rows.map(({ item }) => item);
  }

  /** One bundle; null when there is none. */
  async one(id: number): Promise<BundleView | null> {
    const [row] = await this.dataSource.query<{ item: BundleView }[]>(
      `select ${ITEM} as item from bundle where bundle.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }
}
