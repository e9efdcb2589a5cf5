import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, DEFAULT_LIMIT, encodeCursor, type Page, type PageRequest } from '../../common/paging.js';
import type { Confidence } from '../../network/domain/judgement.js';
import { serves, type NetworkVerdict } from '../../network/domain/network-words.js';
import { sharedAtSite, sharedWords, tightest, usedPercent } from '../domain/network/capacity-words.js';
import { findingSentences } from '../domain/network/fix-words.js';
import { findingsInTheWay } from '../domain/network/network-evidence.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { WAITING_LIST } from '../readiness/readiness-facts.queries.js';
import { NetworkStandingQueries, type SiteStanding } from './network-standing.queries.js';

/** A site, or an office that nobody has entered, with what its network carries and whom it stops. */
export interface SiteOverview {
  readonly name: string;
  /** Null for an office of the directory that nobody has entered. */
  readonly siteId: number | null;
  readonly verdict: NetworkVerdict;
  /** Whether that is what is needed at sites. */
  readonly serves: boolean;
  readonly confidence: Confidence;
  /** When what decided was measured (ISO 8601, UTC). */
  readonly measuredAt: string | null;
  /** People who wait and whom it stops. */
  readonly blocks: number;
  /** People who are there with a laptop now, and once everybody has moved. */
  readonly peopleNow: number;
  readonly peopleInTheEnd: number;
  /** Share that is used of what is shared most, in percent, once everybody has moved; null where it is not known. */
  readonly usedPercent: number | null;
  /** What that is, in words. */
  readonly used: string | null;
  /** The first wave for which it is too small; null when there is none. */
  readonly tooSmallFrom: string | null;
  /** What is not met or not known of what is needed, as sentences. */
  readonly inTheWay: readonly string[];
}

export interface SiteOverviewFilter {
  /** Beginning of the name, in any case. */
  readonly search?: string | undefined;
  readonly verdict?: NetworkVerdict | undefined;
  /** Only offices that nobody has entered, or only the others. */
  readonly entered?: boolean | undefined;
}

/** How many of the people who wait have which network at home. */
export type HomesByVerdict = Readonly<Record<NetworkVerdict, number>> & {
  /** Those whose move waits for their home, or for remote access. */
  readonly blocked: number;
};

const SORT = 'blocks';
/** Once everybody has moved who is in no wave. */
const IN_THE_END = 'Everybody';

const PLACES = `
  with place as (
    select name, id from network_site
    union all
    select min(btrim(office_location)), null from person
    where presence <> 'gone' and btrim(office_location) <> ''
      and not exists (select from network_site where lower(name) = lower(btrim(office_location)))
    group by lower(btrim(office_location)))
  select place.name, coalesce(waiting.people, 0) as blocks
  from place left join (
    select lower(result.subject) as site, count(*)::integer as people
    from readiness_result as result join move on move.id = result.move_id
    where result.rule = 'network-site' and result.blocks and move.programme_id = $1 and move.state in ${WAITING_LIST}
    group by 1) as waiting on waiting.site = lower(place.name)
  order by blocks desc, lower(place.name)`;

const HOMES = `
  select coalesce(result.evidence ->> 'verdict', 'unknown') as verdict, count(*)::integer as people,
         (count(*) filter (where result.blocks))::integer as blocked
  from readiness_result as result join move on move.id = result.move_id
  where result.rule = 'network-home' and move.programme_id = $1 and move.state in ${WAITING_LIST}
  group by 1`;

/** Reads how all sites and homes stand. */
@Injectable()
export class NetworkOverviewQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly standing: NetworkStandingQueries,
  ) {}

  /** All sites and offices, those first that stop most people. */
  async sites(programme: CurrentProgramme | null, now: Date): Promise<readonly SiteOverview[]> {
    const places = await this.dataSource.query<{ name: string; blocks: number }[]>(PLACES, [programme?.id ?? null]);
    const { settings } = await this.standing.current();
    const names = places.map(({ name }) => name);
    const standing = new Map((await this.standing.sites(programme, names, now)).map((site) => [site.name, site]));
    return places.flatMap(({ name, blocks }) => {
      const site = standing.get(name);
      return site === undefined ? [] : [overviewOf(site, blocks, settings.neededAtSite)];
    });
  }

  /** One page of them that match. */
  async page(
    programme: CurrentProgramme | null,
    filter: SiteOverviewFilter,
    { limit = DEFAULT_LIMIT, cursor }: PageRequest,
    now: Date = new Date(),
  ): Promise<Page<SiteOverview>> {
    const matching = await this.#matching(programme, filter, now);
    const start = cursor === undefined ? 0 : startAfter(matching, decodeCursor(SORT, cursor));
    const items = matching.slice(start, start + limit);
    const last = items.at(-1);
    const isWhole = start + limit >= matching.length || last === undefined;
    return { items, next: isWhole ? null : encodeCursor(SORT, { value: last.name, id: last.blocks }), asOf: null };
  }

  /** How many match. */
  async count(programme: CurrentProgramme | null, filter: SiteOverviewFilter): Promise<{ rows: number; more: false }> {
    return { rows: (await this.#matching(programme, filter, new Date())).length, more: false };
  }

  /** Networks at home of those who wait. */
  async homes(programme: CurrentProgramme | null): Promise<HomesByVerdict> {
    const rows = await this.dataSource.query<{ verdict: NetworkVerdict; people: number; blocked: number }[]>(HOMES, [
      programme?.id ?? null,
    ]);
    const of = (verdict: NetworkVerdict): number => rows.find((row) => row.verdict === verdict)?.people ?? 0;
    return {
      video_safe: of('video_safe'),
      audio_safe: of('audio_safe'),
      not_ready: of('not_ready'),
      unknown: of('unknown'),
      blocked: rows.reduce((sum, { blocked }) => sum + blocked, 0),
    };
  }

  async #matching(
    programme: CurrentProgramme | null,
    { search, verdict, entered }: SiteOverviewFilter,
    now: Date,
  ): Promise<readonly SiteOverview[]> {
    const wanted = search?.toLowerCase() ?? '';
    return (await this.sites(programme, now)).filter(
      (site) =>
        site.name.toLowerCase().startsWith(wanted) &&
        (verdict === undefined || site.verdict === verdict) &&
        (entered === undefined || (site.siteId !== null) === entered),
    );
  }
}

/** Sites may have come and gone since the page before: the next one begins where the last one of it stood. */
function startAfter(
  sites: readonly SiteOverview[],
  { value, id }: { readonly value: string | null; readonly id: number },
): number {
  const at = sites.findIndex(({ name, blocks }) => name === value && blocks === id);
  if (at >= 0) return at + 1;
  const next = sites.findIndex(
    ({ name, blocks }) => blocks < id || (blocks === id && name.toLowerCase() > (value ?? '').toLowerCase()),
  );
  return next < 0 ? sites.length : next;
}

function overviewOf(
  { name, judgement, steps }: SiteStanding,
  blocks: number,
  needed: 'audio_safe' | 'video_safe',
): SiteOverview {
  const [first] = steps;
  const last = steps.at(-1);
  const most = last === undefined ? null : tightest(sharedAtSite(last.capacity, needed));
  const short = steps.find(({ isTooSmall }) => isTooSmall);
  return {
    name,
    siteId: judgement.siteId,
    verdict: judgement.verdict,
    serves: serves(judgement.verdict, needed),
    confidence: judgement.confidence,
    measuredAt: judgement.since?.toISOString() ?? null,
    blocks,
    peopleNow: first?.capacity.people ?? 0,
    peopleInTheEnd: last?.capacity.people ?? 0,
    usedPercent: most === null ? null : usedPercent(most),
    used: most === null ? null : sharedWords(most),
    tooSmallFrom: short === undefined ? null : stepWords(short.step.wave?.name ?? null, short === first),
    inTheWay: findingSentences(findingsInTheWay(judgement, needed)),
  };
}

/** What a step of the plan is called. */
export function stepWords(wave: string | null, isNow: boolean): string {
  if (wave !== null) return wave;
  return isNow ? 'Now' : IN_THE_END;
}
