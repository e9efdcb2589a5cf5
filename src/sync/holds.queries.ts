import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
} from '../common/paging.js';
import type { SourceName } from '../config/sources.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage } from '../database/keyset-page.js';
import { SqlConditions, utc } from '../database/sql-conditions.js';
import type { SyncHold } from './sync.queries.js';

export const HOLD_STATES = ['held', 'released', 'expired'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** How records of a hold would go. */
export const REMOVALS = ['absent', 'changed', 'deleted'] as const;
export type Removal = (typeof REMOVALS)[number];

/** A hold, open or closed. */
export interface HoldView extends SyncHold {
  readonly state: HoldState;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly closeReason: string | null;
}

/** What the list of holds may be narrowed to. */
export interface HoldFilter {
  /** Those that wait for a person unless asked for others. */
  readonly state?: HoldState | 'all' | undefined;
  readonly source?: SourceName | undefined;
}

/** One record of a hold. */
export interface HoldItem {
  /** Id of the record in its source. */
  readonly externalId: string;
  readonly removal: Removal;
  /** What the record is called here; null where it is not stored. */
  readonly name: string | null;
  /** The person or the machine that it is; null where it is neither. */
  readonly personId: number | null;
  readonly deviceId: number | null;
}

const HOLD = `json_build_object('id', sync_hold.id, 'source', sync_hold.source, 'kind', sync_hold.kind,
  'runId', sync_hold.run_id, 'reason', sync_hold.reason, 'openedAt', ${utc('sync_hold.opened_at')},
  'records', (select count(*) from sync_hold_item as item where item.hold_id = sync_hold.id),
  'state', sync_hold.state, 'closedAt', ${utc('sync_hold.closed_at')}, 'closedBy', sync_hold.closed_by,
  'closeReason', sync_hold.close_reason)`;

/** Name of the order of a hold's records, as cursors have it. */
const ITEM_ORDER = 'externalId';

/** Reads what waits for a person, and what waited. */
@Injectable()
export class HoldsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the holds, the latest first. */
  async list(filter: HoldFilter, request: PageRequest): Promise<Page<HoldView>> {
    const page = await keysetPage<HoldView>(
      this.dataSource,
      { table: 'sync_hold', conditions: holdsLike(filter), item: HOLD, sources: [] },
      { name: '-id', by: { expression: 'sync_hold.id', type: 'bigint', descending: true } },
      request,
    );
    // Our own record of what happened is never older than now.
    return { ...page, asOf: new Date().toISOString() };
  }

  /** How many holds match. */
  count(filter: HoldFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'sync_hold', holdsLike(filter));
  }

  /** One hold without its records; null when there is none with this id. */
  async one(id: number): Promise<HoldView | null> {
    const [row] = await this.dataSource.query<{ hold: HoldView }[]>(
      `select ${HOLD} as hold from sync_hold where id = $1`,
      [id],
    );
    return row?.hold ?? null;
  }

  /**
   * One page of the records of a hold, by their id in the source.
   * @throws InputError for a cursor of another list.
   */
  async items(holdId: number, removal: Removal | undefined, request: PageRequest): Promise<Page<HoldItem>> {
    const after = request.cursor === undefined ? null : decodeCursor(ITEM_ORDER, request.cursor).value;
    if (request.cursor !== undefined && after === null) throw invalidCursor();
    const conditions = itemsLike(holdId, removal).addGiven(after ?? undefined, (id) => `item.external_id > ${id}`);
    const size = request.limit ?? DEFAULT_LIMIT;
    const rows = await this.dataSource.query<HoldItem[]>(
      `select item.external_id as "externalId", item.removal,
         coalesce(person.display_name, sku.sku_part_number, record.name) as name,
         person.id as "personId", record.device_id as "deviceId"
       from (select * from sync_hold_item as item where ${conditions.toSql()}
             order by item.external_id limit ${size + 1}) as item
       join sync_hold as hold on hold.id = item.hold_id
       left join person on hold.source = 'users' and person.entra_id = item.external_id
       left join subscribed_sku as sku on hold.source = 'subscribed-skus' and sku.sku_id = item.external_id
       left join device_record as record on record.source = hold.source and record.external_id = item.external_id
       order by item.external_id`,
      conditions.parameters,
    );
    const items = rows.slice(0, size);
    const last = rows.length > size ? items.at(-1) : undefined;
    return {
      items,
      next: last === undefined ? null : encodeCursor(ITEM_ORDER, { value: last.externalId, id: 0 }),
      asOf: new Date().toISOString(),
    };
  }

  /** How many records of a hold match. */
  countItems(holdId: number, removal: Removal | undefined): Promise<Count> {
    return boundedCount(this.dataSource, 'sync_hold_item as item', itemsLike(holdId, removal));
  }
}

function holdsLike({ state = 'held', source }: HoldFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(state === 'all' ? undefined : state, (value) => `sync_hold.state = ${value}`)
    .addGiven(source, (value) => `sync_hold.source = ${value}`);
}

function itemsLike(holdId: number, removal: Removal | undefined): SqlConditions {
  return new SqlConditions()
    .add(holdId, (id) => `item.hold_id = ${id}`)
    .addGiven(removal, (value) => `item.removal = ${value}`);
}
