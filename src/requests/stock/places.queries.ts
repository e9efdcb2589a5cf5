import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';

/** A place where stock is kept. */
export interface StockPlaceView {
  readonly id: number;
  readonly name: string;
  /** Products of which some are on hand. */
  readonly products: number;
  readonly onHand: number;
  readonly reserved: number;
  /** Machines, of these. */
  readonly machines: number;
  /** When it was counted last; null when never. */
  readonly countedAt: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

const ITEM = `json_build_object('id', place.id, 'name', place.name,
  'products', coalesce(level.products, 0), 'onHand', coalesce(level.on_hand, 0), 'reserved', coalesce(level.reserved, 0),
  'machines', (select count(*) from stock_machine where place_id = place.id),
  'countedAt', (select ${utc('max(closed_at)')} from stock_count where place_id = place.id and not abandoned),
  'changedBy', place.changed_by, 'changedAt', ${utc('place.changed_at')}, 'version', place.version::text)`;

const FROM = `from stock_place as place
  left join (select place_id, (count(*) filter (where on_hand > 0))::integer as products, sum(on_hand)::integer as on_hand,
               sum(reserved)::integer as reserved
             from stock_level group by place_id) as level on level.place_id = place.id`;

/** Reads the places where stock is kept. */
@Injectable()
export class PlacesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** All places, by name. */
  async all(): Promise<StockPlaceView[]> {
    const rows = await this.dataSource.query<{ item: StockPlaceView }[]>(
      `select ${ITEM} as item ${FROM} order by lower(place.name)`,
    );
    return rows.map(({ item }) => item);
  }

  /** One place; null when there is none. */
  async one(id: number): Promise<StockPlaceView | null> {
    const [row] = await this.dataSource.query<{ item: StockPlaceView }[]>(
      `select ${ITEM} as item ${FROM} where place.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** Names of all places, to choose from. */
  names(): Promise<{ readonly id: number; readonly name: string }[]> {
    return this.dataSource.query('select id, name from stock_place order by lower(name)');
  }

  /** Places at which custody has machines in stock and that are not entered, those with the most machines first. */
  notEntered(): Promise<{ readonly name: string; readonly machines: number }[]> {
    return this.dataSource.query(
      `select min(btrim(custody.place)) as name, count(*)::integer as machines from device_custody as custody
       where custody.state = 'in_stock' and custody.set_aside_at is null and btrim(custody.place) <> ''
         and not exists (select from stock_place where lower(name) = lower(btrim(custody.place)))
       group by lower(btrim(custody.place)) order by 2 desc, 1 limit 20`,
    );
  }
}
