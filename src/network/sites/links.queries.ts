import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';

/** A line as it is entered; days such as `2026-11-23`. */
export interface NetworkLinkView {
  readonly id: number;
  readonly siteId: number;
  readonly site: string;
  readonly name: string;
  readonly provider: string | null;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  readonly contract: string | null;
  readonly contractEndsOn: string | null;
  readonly liveFrom: string | null;
  /** Last day on which it carries traffic; null without end. */
  readonly liveUntil: string | null;
  readonly endReason: string | null;
  /** Whether it carries traffic today. */
  readonly live: boolean;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

export interface NetworkLinkFilter {
  readonly siteId?: number | undefined;
}

const TODAY = `(now() at time zone 'Europe/London')::date`;

const ITEM = `json_build_object('id', network_link.id, 'siteId', network_link.site_id, 'site', site.name,
  'name', network_link.name, 'provider', network_link.provider, 'downloadKbps', network_link.download_kbps,
  'uploadKbps', network_link.upload_kbps, 'contract', network_link.contract,
  'contractEndsOn', network_link.contract_ends_on, 'liveFrom', network_link.live_from,
  'liveUntil', network_link.live_until, 'endReason', network_link.end_reason,
  'live', coalesce(network_link.live_from <= ${TODAY}, true) and coalesce(network_link.live_until >= ${TODAY}, true),
  'changedBy', network_link.changed_by, 'changedAt', ${utc('network_link.changed_at')},
  'version', network_link.version::text)`;

const JOINS = 'join network_site as site on site.id = network_link.site_id';

/** Reads the lines that connect sites. */
@Injectable()
export class LinksQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the lines that match, in the order in which they were entered. */
  page({ siteId }: NetworkLinkFilter, request: PageRequest): Promise<Page<NetworkLinkView>> {
    const conditions = new SqlConditions().addGiven(siteId, (value) => `network_link.site_id = ${value}`);
    return keysetPage<NetworkLinkView>(
      this.dataSource,
      { table: 'network_link', conditions, item: ITEM, joins: JOINS, sources: [] },
      { name: 'id', by: { expression: 'network_link.id', type: 'bigint' } },
      request,
    );
  }

  /** The lines of a site, those that carry traffic first. */
  async ofSite(siteId: number): Promise<NetworkLinkView[]> {
    const rows = await this.dataSource.query<{ item: NetworkLinkView }[]>(
      `select ${ITEM} as item from network_link ${JOINS} where network_link.site_id = $1
       order by coalesce(live_until >= ${TODAY}, true) desc, lower(network_link.name), network_link.id`,
      [siteId],
    );
    return rows.map(({ item }) => item);
  }

  /** One line; null when there is none. */
  async one(id: number): Promise<NetworkLinkView | null> {
    const [row] = await this.dataSource.query<{ item: NetworkLinkView }[]>(
      `select ${ITEM} as item from network_link ${JOINS} where network_link.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }
}
