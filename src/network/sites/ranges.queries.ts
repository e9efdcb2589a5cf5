import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import type { RangeKind } from '../domain/network-words.js';

/** A range of addresses and what it stands for. */
export interface NetworkRangeView {
  readonly id: number;
  readonly network: string;
  readonly kind: RangeKind;
  readonly siteId: number | null;
  readonly site: string | null;
  readonly remoteAccessId: number | null;
  readonly remoteAccess: string | null;
  readonly note: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

export interface NetworkRangeFilter {
  /** A valid address: only ranges that contain it. */
  readonly contains?: string | undefined;
  readonly kind?: RangeKind | undefined;
  readonly siteId?: number | undefined;
}

/** A range or a gateway that was removed. */
export interface RemovedRecord {
  readonly id: number;
  readonly kind: 'range' | 'remote_access';
  /** The network of a range, the name of a gateway. */
  readonly title: string;
  readonly reason: string;
  readonly removedAt: string;
}

const ITEM = `json_build_object('id', network_range.id, 'network', network_range.network, 'kind', network_range.kind,
  'siteId', network_range.site_id, 'site', site.name, 'remoteAccessId', network_range.remote_access_id,
  'remoteAccess', gateway.name, 'note', network_range.note, 'changedBy', network_range.changed_by,
  'changedAt', ${utc('network_range.changed_at')}, 'version', network_range.version::text)`;

const JOINS = `left join network_site as site on site.id = network_range.site_id
  left join remote_access as gateway on gateway.id = network_range.remote_access_id`;

/** Reads ranges of addresses. */
@Injectable()
export class RangesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the ranges that match, in the order in which they were entered. */
  async page(filter: NetworkRangeFilter, request: PageRequest): Promise<Page<NetworkRangeView>> {
    return keysetPage<NetworkRangeView>(
      this.dataSource,
      { table: 'network_range', conditions: matching(filter), item: ITEM, joins: JOINS, sources: [] },
      { name: 'id', by: { expression: 'network_range.id', type: 'bigint' } },
      request,
    );
  }

  /** How many match. */
  async count(filter: NetworkRangeFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'network_range', matching(filter));
  }

  /** The ranges of a site, in the order of their addresses. */
  async ofSite(siteId: number): Promise<NetworkRangeView[]> {
    const rows = await this.dataSource.query<{ item: NetworkRangeView }[]>(
      `select ${ITEM} as item from network_range ${JOINS} where network_range.site_id = $1
       order by network_range.kind, network_range.network limit 1000`,
      [siteId],
    );
    return rows.map(({ item }) => item);
  }

  /** One range; null when there is none. */
  async one(id: number): Promise<NetworkRangeView | null> {
    const [row] = await this.dataSource.query<{ item: NetworkRangeView }[]>(
      `select ${ITEM} as item from network_range ${JOINS} where network_range.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** What was removed lately, the latest first. */
  removed(): Promise<RemovedRecord[]> {
    return this.dataSource.query<RemovedRecord[]>(
      `select id, kind, coalesce(record ->> 'network', record ->> 'name') as title, reason,
              ${utc('removed_at')} as "removedAt"
       from network_removal order by removed_at desc, id desc limit 20`,
    );
  }
}

function matching({ contains, kind, siteId }: NetworkRangeFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(contains, (value) => `network_range.network >>= ${value}::inet`)
    .addGiven(kind, (value) => `network_range.kind = ${value}`)
    .addGiven(siteId, (value) => `network_range.site_id = ${value}`);
}
