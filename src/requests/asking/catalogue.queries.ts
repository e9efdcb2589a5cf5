import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ProductKind } from '../domain/product-words.js';
import { availabilityOf } from '../stock/levels.queries.js';

/** Hand-overs from which the usual waiting time of a product is taken: its latest ones. */
const LATEST_HAND_OVERS = 50;

/** A product as people who ask see it. */
export interface CatalogueProduct {
  readonly id: number;
  readonly name: string;
  readonly kind: ProductKind;
  readonly description: string | null;
  readonly pricePence: number;
  readonly mostEach: number | null;
  readonly reasonNeeded: boolean;
  /** Whether whoever gets it gives back the machine that it replaces. */
  readonly replacesKind: boolean;
  /** In stock at all places together and promised to nobody, without what approved requests wait for. */
  readonly available: number;
  /** Ordered and not received yet. */
  readonly onOrder: number;
  /** The earliest day from today on which more are expected; null when no order says, or all of them are late. */
  readonly expectedOn: string | null;
  /** Median of days from submission to hand-over of the latest ones; null while there are none. */
  readonly usualDays: number | null;
  readonly alternatives: readonly { readonly productId: number; readonly note: string | null }[];
}

/** A bundle as people who ask see it. */
export interface CatalogueBundle {
  readonly id: number;
  readonly name: string;
  readonly workStyle: string | null;
  readonly description: string | null;
  readonly pricePence: number;
  readonly items: readonly { readonly productId: number; readonly quantity: number }[];
}

/** Everything that can be asked for. */
export interface Catalogue {
  readonly products: readonly CatalogueProduct[];
  readonly bundles: readonly CatalogueBundle[];
}

/** Reads the catalogue with what is in stock and on its way. */
@Injectable()
export class CatalogueQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Products and bundles that are offered; a bundle with a product that is not offered any more is not. */
  async offered(tx: EntityManager = this.dataSource.manager): Promise<Catalogue> {
    const availability = await availabilityOf(tx);
    const rows = await tx.query<Omit<CatalogueProduct, 'available' | 'onOrder'>[]>(PRODUCTS, [LATEST_HAND_OVERS]);
    const products = rows.map((product) => {
      const { free = 0, waiting = 0, onOrder = 0 } = availability.get(product.id) ?? {};
      return { ...product, available: Math.max(free - waiting, 0), onOrder };
    });
    return { products, bundles: await tx.query<CatalogueBundle[]>(BUNDLES) };
  }
}

const PRODUCTS = `
  select product.id, product.name, product.kind, product.description, product.price_pence as "pricePence",
    product.most_each as "mostEach", product.reason_needed as "reasonNeeded", product.replaces_kind as "replacesKind",
    ordered.expected_on::text as "expectedOn", usual.days as "usualDays",
    (select coalesce(json_agg(json_build_object('productId', alternative.alternative_id, 'note', alternative.note)
                              order by alternative.alternative_id), '[]')
     from product_alternative as alternative join product as other on other.id = alternative.alternative_id and other.offered
     where alternative.product_id = product.id) as alternatives
  from product
  left join lateral (
    select min(purchase_order.expected_on) as expected_on
    from purchase_order_line as line join purchase_order on purchase_order.id = line.order_id and purchase_order.state = 'open'
    where line.product_id = product.id and line.received < line.quantity
      and purchase_order.expected_on >= (now() at time zone 'Europe/London')::date) as ordered on true
  left join lateral (
    select percentile_cont(0.5) within group (order by extract(epoch from latest.handed_over_at - revision.submitted_at) / 86400)::integer as days
    from (select request_line_id, handed_over_at from pick where pick.product_id = product.id and handed_over_at is not null
          order by handed_over_at desc limit $1) as latest
    join request_line as line on line.id = latest.request_line_id
    join request_revision as revision on revision.request_id = line.request_id and revision.revision = line.revision) as usual on true
  where product.offered
  order by array_position(array['laptop', 'desktop', 'dock', 'screen', 'headset', 'keyboard', 'mouse', 'bag', 'assistive_technology', 'other'],
    product.kind), lower(product.name)`;

const BUNDLES = `
  select bundle.id, bundle.name, bundle.work_style as "workStyle", bundle.description,
    sum(product.price_pence * line.quantity)::integer as "pricePence",
    json_agg(json_build_object('productId', line.product_id, 'quantity', line.quantity) order by line.product_id) as items
  from bundle join bundle_line as line on line.bundle_id = bundle.id join product on product.id = line.product_id
  where bundle.offered
  group by bundle.id having bool_and(product.offered)
  order by lower(bundle.name)`;
