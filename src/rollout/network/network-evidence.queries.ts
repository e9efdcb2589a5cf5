import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '../../common/paging.js';
import type { Confidence, FigureSource, NetworkFinding, NetworkJudgement } from '../../network/domain/judgement.js';
import { serves, type NeededVerdict, type NetworkVerdict } from '../../network/domain/network-words.js';
import type { Threshold } from '../../network/domain/threshold.js';
import { NetworkReadinessQueries } from '../../network/network-readiness.queries.js';
import { findingsOfAnybody } from '../domain/network/fix-words.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { NOBODY_THERE } from '../readiness/network-readiness.queries.js';
import { EVALUATED_STATES } from '../readiness/readiness-facts.queries.js';
import { NetworkStandingQueries } from './network-standing.queries.js';

/** One figure of a verdict beside its threshold. */
export interface EvidenceRow {
  readonly about: 'site' | 'home' | 'remote-access';
  /** Number of the site or gateway, or of the move whose home it is; null for an office that nobody has entered. */
  readonly number: number | null;
  /** Of the site or gateway; null for homes. */
  readonly name: string | null;
  readonly verdict: NetworkVerdict;
  readonly needed: NeededVerdict;
  readonly serves: boolean;
  readonly settingsVersion: number;
  readonly measure: string;
  /** Null where nothing is known, and of homes, whose figures are nobody else’s. */
  readonly value: number | null;
  readonly unit: string;
  readonly test: Threshold['test'];
  readonly threshold: number;
  readonly thresholdId: string;
  readonly thresholdSource: string;
  readonly thresholdPage: string | null;
  readonly thresholdDated: string;
  readonly assumption: boolean;
  readonly met: boolean | null;
  /** What takes it; null for context. */
  readonly decides: NeededVerdict | null;
  readonly source: FigureSource;
  readonly samples: number;
  /** ISO 8601, UTC; of homes only the day. */
  readonly measuredAt: string | null;
  readonly ageDays: number | null;
  readonly confidence: Confidence;
  /** Null for homes, of which remarks have figures. */
  readonly remark: string | null;
}

const SORT = 'evidence';
const STAGES = ['site', 'remote-access', 'home'] as const;
const AT_ONCE = 250;
const DAY = 86_400_000;

const SITES = `
  select name from (
    select name from network_site
    union all
    select min(btrim(office_location)) from person
    where presence <> 'gone' and btrim(office_location) <> ''
      and not exists (select from network_site where lower(name) = lower(btrim(office_location)))
    group by lower(btrim(office_location))) as place
  order by lower(name) offset $1 limit ${AT_ONCE}`;

const HOMES = `
  select id, person_entra_id as person from move
  where programme_id = $1 and id > $2 and state in ('${EVALUATED_STATES.join(`', '`)}') order by id limit ${AT_ONCE}`;

/** Reads every verdict with every figure that it stands on, judged as it is read. */
@Injectable()
export class NetworkEvidenceQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly network: NetworkReadinessQueries,
    private readonly standing: NetworkStandingQueries,
  ) {}

  /** The next figures: of sites by name, of gateways in the end, of the homes of those who are to move by number. */
  async page(
    programme: CurrentProgramme | null,
    { cursor }: PageRequest,
    now: Date = new Date(),
  ): Promise<Page<EvidenceRow>> {
    const at = cursor === undefined ? { value: STAGES[0], id: 0 } : decodeCursor(SORT, cursor);
    const { version, settings } = await this.standing.current();
    const context = { now, version };
    if (at.value === 'site') {
      const names = await this.dataSource.query<{ name: string }[]>(SITES, [at.id]);
      const asked = names.map(({ name }) => ({ name, people: NOBODY_THERE }));
      const judged = await this.network.ofSites(this.dataSource.manager, asked, now);
      const items = [...judged].flatMap(([name, judgement]) =>
        rowsOf({ about: 'site', number: judgement.siteId, name }, judgement, settings.neededAtSite, context),
      );
      return { items, next: next(names.length < AT_ONCE ? 'remote-access' : 'site', at.id, AT_ONCE), asOf: null };
    }
    if (at.value === 'remote-access') {
      const { everybody } = await this.standing.plan(programme, now);
      const gateways = await this.network.ofRemoteAccess(this.dataSource.manager, everybody.end.people, now);
      const items = gateways.flatMap((gateway) =>
        rowsOf(
          { about: 'remote-access', number: gateway.id, name: gateway.name },
          gateway,
          settings.neededAtHome,
          context,
        ),
      );
      return { items, next: next('home', 0, 0), asOf: null };
    }
    const moves = await this.dataSource.query<{ id: number; person: string }[]>(HOMES, [programme?.id ?? null, at.id]);
    const people = moves.map(({ person }) => person);
    const homes = await this.network.ofHomes(this.dataSource.manager, people, now);
    const items = moves.flatMap(({ id, person }) => {
      const judgement = homes.get(person);
      if (judgement === undefined) return [];
      return rowsOf({ about: 'home', number: id, name: null }, judgement, settings.neededAtHome, context);
    });
    const last = moves.at(-1);
    return { items, next: last === undefined ? null : next('home', last.id, 0), asOf: null };
  }
}

/** Where to go on; a stage that begins does so at its beginning. */
function next(stage: (typeof STAGES)[number], id: number, step: number): string {
  return encodeCursor(SORT, { value: stage, id: stage === 'site' || stage === 'home' ? id + step : 0 });
}

function rowsOf(
  about: Pick<EvidenceRow, 'about' | 'number' | 'name'>,
  { verdict, findings }: NetworkJudgement,
  needed: NeededVerdict,
  { now, version }: { readonly now: Date; readonly version: number },
): readonly EvidenceRow[] {
  const isHome = about.about === 'home';
  return findingsOfAnybody(findings).map((finding: NetworkFinding): EvidenceRow => {
    const { threshold, value, met, decides, source, samples, measuredAt, confidence, remark } = finding;
    const time = measuredAt?.toISOString() ?? null;
    return {
      ...about,
      ...{ verdict, needed, serves: serves(verdict, needed), settingsVersion: version },
      measure: threshold.measure,
      value: isHome ? null : value,
      unit: threshold.unit,
      test: threshold.test,
      threshold: threshold.value,
      thresholdId: threshold.id,
      thresholdSource: threshold.source.document,
      thresholdPage: threshold.source.page,
      thresholdDated: threshold.source.dated,
      assumption: threshold.assumption,
      ...{ met, decides, source, samples },
      measuredAt: isHome ? (time?.slice(0, 10) ?? null) : time,
      ageDays: measuredAt === null ? null : Math.floor((now.getTime() - measuredAt.getTime()) / DAY),
      confidence,
      remark: isHome ? null : remark,
    };
  });
}
