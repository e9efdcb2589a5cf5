import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import type { CustodyState, Substate } from '../../devices/domain/lifecycle/standing.js';

/** A count of a place. */
export interface StockCountView {
  readonly id: number;
  readonly placeId: number;
  readonly place: string;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
  /** Closed without correcting anything. */
  readonly abandoned: boolean;
  /** Products of which a figure is entered, and of which there are not as many as expected. */
  readonly counted: number;
  readonly differences: number;
  /** Serial numbers that were scanned. */
  readonly scanned: number;
  readonly version: string;
}

/** What was expected of a product, and what was found. */
export interface StockCountLineView {
  readonly productId: number;
  readonly product: string;
  readonly serialised: boolean;
  readonly expected: number;
  readonly counted: number | null;
  readonly reason: string | null;
}

/** A machine that should be at the place, or that was scanned there. */
export interface CountedMachine {
  /** Null for a serial number that no machine has. */
  readonly deviceId: number | null;
  readonly label: string | null;
  readonly serialNumber: string;
  readonly product: string | null;
  /** Custody as it is now; null for none. */
  readonly state: CustodyState | null;
  readonly substate: Substate | null;
  readonly place: string | null;
}

/** Machines of a count. */
export interface CountedMachines {
  readonly found: number;
  /** In stock at the place, and not scanned. */
  readonly missing: readonly CountedMachine[];
  /** Scanned at the place, and not in stock there. */
  readonly unexpected: readonly CountedMachine[];
}

export interface StockCountFilter {
  readonly placeId?: number | undefined;
  /** True for counts that are not closed. */
  readonly open?: boolean | undefined;
}

const ITEM = `json_build_object('id', stock_count.id, 'placeId', place.id, 'place', place.name,
  'openedBy', stock_count.opened_by, 'openedAt', ${utc('stock_count.opened_at')},
  'closedBy', stock_count.closed_by, 'closedAt', ${utc('stock_count.closed_at')}, 'abandoned', stock_count.abandoned,
  'counted', (select count(*) from stock_count_line where count_id = stock_count.id and counted is not null),
  'differences', (select count(*) from stock_count_line where count_id = stock_count.id and counted <> expected),
  'scanned', (select count(*) from stock_count_scan where count_id = stock_count.id),
  'version', stock_count.version::text)`;

const JOINS = 'join stock_place as place on place.id = stock_count.place_id';

const MACHINE = `'deviceId', device.id, 'label', device_model_name(device.manufacturer, device.model),
  'state', custody.state, 'substate', custody.substate, 'place', custody.place`;

/** Machines that came while or after the place was counted are not missed. */
const MISSING = `
  select json_build_object(${MACHINE}, 'serialNumber', coalesce(device.serial_number, ''), 'product', product.name) as item
  from stock_machine as machine
  join device_custody as custody on custody.id = machine.custody_id
  join device on device.id = custody.device_id
  join product on product.id = machine.product_id
  join stock_count as counting on counting.id = $1 and counting.place_id = machine.place_id
  where custody.since < counting.opened_at
    and exists (select from stock_count_scan where count_id = $1)
    and not exists (select from stock_count_scan as scan where scan.count_id = $1 and scan.device_id = device.id)
  order by product.name, device.id limit 500`;

const UNEXPECTED = `
  select json_build_object(${MACHINE}, 'serialNumber', scan.serial_key, 'product', null) as item
  from stock_count_scan as scan
  join stock_count as counting on counting.id = scan.count_id
  left join device on device.id = scan.device_id
  left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
  where scan.count_id = $1
    and not exists (select from stock_machine as machine
                    where machine.custody_id = custody.id and machine.place_id = counting.place_id)
  order by scan.serial_key limit 500`;

/** Reads counts of stock. */
@Injectable()
export class CountsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the counts that match, the latest first. */
  page({ placeId, open }: StockCountFilter, request: PageRequest): Promise<Page<StockCountView>> {
    const conditions = new SqlConditions()
      .addGiven(placeId, (value) => `stock_count.place_id = ${value}`)
      .addGiven(open, (value) => `(stock_count.closed_at is null) = ${value}::boolean`);
    return keysetPage<StockCountView>(
      this.dataSource,
      { table: 'stock_count', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: '-id', by: { expression: 'stock_count.id', type: 'bigint', descending: true } },
      request,
    );
  }

  /** One count; null when there is none. */
  async one(id: number): Promise<StockCountView | null> {
    const [row] = await this.dataSource.query<{ item: StockCountView }[]>(
      `select ${ITEM} as item from stock_count ${JOINS} where stock_count.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** What was expected and counted, by the name of the product. */
  lines(id: number): Promise<StockCountLineView[]> {
    return this.dataSource.query(
      `select product.id as "productId", product.name as product, product.serialised, line.expected, line.counted, line.reason
       from stock_count_line as line join product on product.id = line.product_id
       where line.count_id = $1 order by lower(product.name)`,
      [id],
    );
  }

  /** Scanned machines compared with those that are in stock at the place; nothing is missed while none was scanned. */
  async machines(id: number): Promise<CountedMachines> {
    const [missing, unexpected, [found]] = await Promise.all([
      this.dataSource.query<{ item: CountedMachine }[]>(MISSING, [id]),
      this.dataSource.query<{ item: CountedMachine }[]>(UNEXPECTED, [id]),
      this.dataSource.query<{ found: number }[]>(
        `select count(distinct machine.custody_id)::integer as found
         from stock_count_scan as scan
         join stock_count as counting on counting.id = scan.count_id
         join device_custody as custody on custody.device_id = scan.device_id and custody.set_aside_at is null
         join stock_machine as machine on machine.custody_id = custody.id and machine.place_id = counting.place_id
         where scan.count_id = $1`,
        [id],
      ),
    ]);
    return {
      found: found?.found ?? 0,
      missing: missing.map(({ item }) => item),
      unexpected: unexpected.map(({ item }) => item),
    };
  }
}
