import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { SurveyResult } from '../domain/network-words.js';

/** A site as it is entered. */
export interface NetworkSiteView {
  readonly id: number;
  readonly name: string;
  readonly desks: number | null;
  readonly docks: number | null;
  readonly wiredPorts: number | null;
  /** Links that carry traffic today. */
  readonly liveLinks: number;
  /** kbit/s of these together. */
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  /** Of the latest survey that counts; null without one. */
  readonly surveyedOn: string | null;
  readonly surveyResult: SurveyResult | null;
  /** Ranges of addresses that belong to it. */
  readonly ranges: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

export interface NetworkSiteFilter {
  /** Beginning of the name. */
  readonly search?: string | undefined;
}

/** An office of the directory of which no network is known. */
export interface Office {
  readonly name: string;
  readonly people: number;
}

export const SITE_SORTS = ['name', '-name', 'id'] as const;
export type SiteSort = (typeof SITE_SORTS)[number];

const SORTS: Readonly<Record<SiteSort, SortOrder>> = {
  name: { expression: 'lower(network_site.name)', type: 'text' },
  '-name': { expression: 'lower(network_site.name)', type: 'text', descending: true },
  id: { expression: 'network_site.id', type: 'bigint' },
};

/** Today in the UK. */
const TODAY = `(now() at time zone 'Europe/London')::date`;

const ITEM = `json_build_object('id', network_site.id, 'name', network_site.name, 'desks', network_site.desks,
  'docks', network_site.docks, 'wiredPorts', network_site.wired_ports, 'liveLinks', live.links,
  'downloadKbps', live.download_kbps, 'uploadKbps', live.upload_kbps, 'surveyedOn', survey.surveyed_on,
  'surveyResult', survey.result,
  'ranges', (select count(*)::integer from network_range where network_range.site_id = network_site.id),
  'changedBy', network_site.changed_by, 'changedAt', ${utc('network_site.changed_at')},
  'version', network_site.version::text)`;

const JOINS = `
  cross join lateral (
    select count(*)::integer as links, coalesce(sum(download_kbps), 0) as download_kbps,
           coalesce(sum(upload_kbps), 0) as upload_kbps
    from network_link where site_id = network_site.id and coalesce(live_from <= ${TODAY}, true)
      and coalesce(live_until >= ${TODAY}, true)) as live
  left join lateral (
    select surveyed_on, result from wifi_survey where site_id = network_site.id and withdrawn_at is null
    order by surveyed_on desc, id desc limit 1) as survey on true`;

/** Offices that are offered at once. */
const MOST_OFFICES = 500;
const MOST_NAMES = 2_000;

/** Reads sites as they are entered. */
@Injectable()
export class SitesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the sites that match. */
  page(filter: NetworkSiteFilter, request: PageRequest, sort: SiteSort = 'name'): Promise<Page<NetworkSiteView>> {
    return keysetPage<NetworkSiteView>(
      this.dataSource,
      { table: 'network_site', conditions: matching(filter), item: ITEM, joins: JOINS, sources: [] },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** How many match. */
  count(filter: NetworkSiteFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'network_site', matching(filter));
  }

  /** One site; null when there is none. */
  async one(id: number): Promise<NetworkSiteView | null> {
    const [row] = await this.dataSource.query<{ item: NetworkSiteView }[]>(
      `select ${ITEM} as item from network_site ${JOINS} where network_site.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** All sites to choose from, by name. */
  names(): Promise<{ readonly id: number; readonly name: string }[]> {
    return this.dataSource.query<{ id: number; name: string }[]>(
      `select id, name from network_site order by lower(name) limit ${MOST_NAMES}`,
    );
  }

  /** Offices where people of the directory are and of which no network is entered, those with most people first. */
  officesNotEntered(): Promise<Office[]> {
    return this.dataSource.query<Office[]>(
      `select min(office_location) as name, count(*)::integer as people from person
       where presence = 'present' and btrim(office_location) = office_location and length(office_location) between 1 and 200
         and not exists (select from network_site where lower(name) = lower(office_location))
       group by lower(office_location) order by people desc, name limit ${MOST_OFFICES}`,
    );
  }
}

function matching({ search }: NetworkSiteFilter): SqlConditions {
  return new SqlConditions().addGiven(
    search === undefined ? undefined : beginningWith(search),
    (pattern) => `lower(network_site.name) like lower(${pattern}::text)`,
  );
}
