import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SiteLink } from './domain/capacity.js';
import { NO_CALLS, NO_CHECKS, type CheckedLine } from './domain/home-readiness.js';
import type { MeasuredMedia } from './domain/media-findings.js';
import type { SiteFacts, SiteTests } from './domain/site-readiness.js';
import type { LatestSurvey } from './domain/survey-findings.js';
import type { CountingSince } from './home-facts.queries.js';
import { callMedia, checkedLine, siteTests } from './measured-sql.js';

type OfSite<T> = T & { readonly siteId: number };

const NO_TESTS: SiteTests = { ...NO_CHECKS, exchangeRoundTripMs: null, sharepointMegabytesPerSecond: null };

/** Reads what is known of sites’ networks, in one statement for each kind of fact. */
@Injectable()
export class SiteFactsQueries {
  /** Facts by name as asked; a site that nobody has entered has none. Upper and lower case are the same. */
  async of(tx: EntityManager, names: readonly string[], since: CountingSince): Promise<ReadonlyMap<string, SiteFacts>> {
    const ids = await this.idsOf(tx, names);
    const sites = [...new Set(ids.values())];
    const links = await this.links(tx, sites);
    const surveys = await this.surveys(tx, sites);
    const calls = bySite(
      await tx.query<OfSite<MeasuredMedia>[]>(
        `select site_id as "siteId", max(hour) as "measuredAt", ${callMedia('hour >= $2::timestamptz')}
         from call_quality_site_hour where site_id = any($1) group by site_id`,
        [sites, since.calls],
      ),
    );
    const tests = bySite(
      await tx.query<OfSite<SiteTests>[]>(
        `select site_id as "siteId", ${siteTests('$2')} from site_test where site_id = any($1) group by site_id`,
        [sites, since.siteTests],
      ),
    );
    // However often one person checks, it is one desk.
    const checks = bySite(
      await tx.query<OfSite<CheckedLine>[]>(
        `select site_id as "siteId", ${checkedLine('$2', 'distinct person_entra_id')} from connection_check
         where site_id = any($1) and connection <> 'mobile' group by site_id`,
        [sites, since.checks],
      ),
    );
    return new Map(
      names.map((name) => {
        const siteId = ids.get(name) ?? null;
        const key = siteId ?? 0;
        return [
          name,
          {
            ...{ siteId, links: links.get(key) ?? [], survey: surveys.get(key) ?? null },
            ...{ calls: calls.get(key) ?? NO_CALLS, tests: tests.get(key) ?? NO_TESTS },
            checks: checks.get(key) ?? NO_CHECKS,
          },
        ];
      }),
    );
  }

  /** What was entered of the lines and the Wi-Fi of sites, by name as asked. */
  async entered(
    tx: EntityManager,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Pick<SiteFacts, 'links' | 'survey'>>> {
    const ids = await this.idsOf(tx, names);
    const links = await this.links(tx, [...ids.values()]);
    const surveys = await this.surveys(tx, [...ids.values()]);
    return new Map(
      names.map((name) => {
        const key = ids.get(name) ?? 0;
        return [name, { links: links.get(key) ?? [], survey: surveys.get(key) ?? null }];
      }),
    );
  }

  private async idsOf(tx: EntityManager, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ name: string; id: number }[]>(
      `select asked.name, site.id from unnest($1::text[]) as asked (name)
       join network_site as site on lower(site.name) = lower(btrim(asked.name))`,
      [names],
    );
    return new Map(rows.map(({ name, id }) => [name, id]));
  }

  private async links(tx: EntityManager, sites: readonly number[]): Promise<ReadonlyMap<number, readonly SiteLink[]>> {
    const rows = await tx.query<OfSite<SiteLink>[]>(
      `select site_id as "siteId", id, name, download_kbps as "downloadKbps", upload_kbps as "uploadKbps",
         live_from::text as "liveFrom", live_until::text as "liveUntil", changed_at as "changedAt"
       from network_link where site_id = any($1) order by site_id, id`,
      [sites],
    );
    const links = new Map<number, SiteLink[]>();
    for (const { siteId, ...link } of rows) links.set(siteId, [...(links.get(siteId) ?? []), link]);
    return links;
  }

  private async surveys(tx: EntityManager, sites: readonly number[]): Promise<ReadonlyMap<number, LatestSurvey>> {
    return bySite(
      await tx.query<OfSite<LatestSurvey>[]>(
        `select distinct on (site_id) site_id as "siteId", id, surveyed_on::text as "surveyedOn", result, floors,
           clients_supported as "clientsSupported", expires_on::text as "expiresOn"
         from wifi_survey where site_id = any($1) and withdrawn_at is null
         order by site_id, surveyed_on desc, id desc`,
        [sites],
      ),
    );
  }
}

function bySite<T>(rows: readonly OfSite<T>[]): ReadonlyMap<number, T> {
  return new Map(rows.map((row) => [row.siteId, row]));
}
