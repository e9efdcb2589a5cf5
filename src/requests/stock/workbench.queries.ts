import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What waits for the people who keep stock, in figures. */
export interface StockWork {
  /** Lines of open orders that are not received in full, and how many of these are late. */
  readonly toReceive: number;
  readonly late: number;
  /** Things that are reserved and not picked. */
  readonly toPick: number;
  /** Transfers on their way. */
  readonly onTheWay: number;
  /** Counts that are not closed. */
  readonly counting: number;
  /** Levels below their threshold. */
  readonly low: number;
  /** Approved and waiting for stock. */
  readonly waiting: number;
  /** Places with stock that nobody has counted for a year, and that nobody is counting. */
  readonly uncounted: number;
}

/** Stock is counted at least once in a financial year; an assumption of this product. */
const COUNTED_EVERY = '1 year';

/** Reads what there is to do in stock. */
@Injectable()
export class WorkbenchQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Everything at all places together. */
  async work(): Promise<StockWork> {
    const [row] = await this.dataSource.query<StockWork[]>(
      `select to_receive::integer as "toReceive", late::integer as late,
              (select coalesce(sum(quantity - picked), 0)::integer from reservation where state = 'active') as "toPick",
              (select count(*)::integer from stock_transfer where ended_at is null) as "onTheWay",
              (select count(*)::integer from stock_count where closed_at is null) as counting,
              (select count(*)::integer from stock_level where on_hand - reserved < threshold) as low,
              (select coalesce(sum(quantity - reserved - picked - cancelled), 0)::integer from request_line
               where waiting_since is not null) as waiting,
              (select count(*)::integer from stock_place as place
               where exists (select from stock_level where place_id = place.id and on_hand > 0)
                 and not exists (select from stock_count as counting where counting.place_id = place.id
                                 and (closed_at is null or not abandoned and closed_at > now() - $1::interval))) as uncounted
       from (select count(*) as to_receive,
                    count(*) filter (where ordered.expected_on < (now() at time zone 'Europe/London')::date) as late
             from purchase_order_line as line join purchase_order as ordered on ordered.id = line.order_id
             where line.received < line.quantity and ordered.state = 'open') as orders`,
      [COUNTED_EVERY],
    );
    return row ?? { toReceive: 0, late: 0, toPick: 0, onTheWay: 0, counting: 0, low: 0, waiting: 0, uncounted: 0 };
  }
}
