import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
} from '../../common/paging.js';
import { boundedCountOf, type Count } from '../../database/bounded-count.js';
import { SqlConditions, utc } from '../../database/sql-conditions.js';
import { clearingWords, type FixKind } from '../domain/network/fix-words.js';
import { NAMED_OWNERS, readinessSettingsOf } from '../domain/readiness/settings.js';
import type { CurrentProgramme } from '../programme.queries.js';
import { WAITING_LIST } from '../readiness/readiness-facts.queries.js';
import { NetworkStandingQueries } from './network-standing.queries.js';

/** One thing to put right in a network, and whom that lets move. */
export interface NetworkFix {
  readonly kind: FixKind;
  /** Number of the link, survey or gateway; null for what is not there yet, and for homes. */
  readonly id: number | null;
  /** Its own name; null where it has none. */
  readonly name: string | null;
  /** The site, as results of readiness name it; empty for homes and gateways. */
  readonly site: string;
  /** Number of the site; null for one that nobody has entered. */
  readonly siteId: number | null;
  /** Since when the first of the people has waited for it. ISO 8601, UTC. */
  readonly since: string;
  /** People who become ready when it is put right, as nothing else stands in their way. */
  readonly unlocks: number;
  /** Everybody who waits for it. */
  readonly blocks: number;
  /** Waves of these people, by their days. */
  readonly waves: readonly { readonly id: number; readonly name: string }[];
  /** What clears it, in words. */
  readonly clearing: string;
  /** Figures of it that are not met or not known, with what it takes; empty for homes, whose figures are nobody else’s. */
  readonly figures: readonly string[];
  /** Who is to clear it, in words. */
  readonly owner: string;
}

type Grouped = Omit<NetworkFix, 'clearing' | 'figures' | 'owner'>;

export interface FixFilter {
  readonly kind?: FixKind | undefined;
  /** Name of the site, in any case. */
  readonly site?: string | undefined;
  /** Number of a wave of which somebody waits for it. */
  readonly waveId?: number | undefined;
}

const SORT = 'unlocks';
/** The order of the list; texts are compared byte by byte, so that every page goes on where the one before ended. */
const ORDER = '-unlocks, -blocks, kind collate "C", site collate "C", coalesce(id, 0)';

/**
 * What stands in people’s way in networks, grouped by what would clear it. Somebody is unlocked by one thing when a single
 * rule stops them, and stops them for that thing alone. An unmet need for several things is none of them.
 */
const fixes = (programmeId: string): string => `
  with obstacle as (
    select result.move_id, result.rule, case when result.rule = 'network-site' then result.subject else '' end as site,
           result.since, result.evidence, move.wave_id, count(*) over (partition by result.move_id) as obstacles
    from readiness_result as result join move on move.id = result.move_id
    where result.blocks and move.programme_id = ${programmeId} and move.state in ${WAITING_LIST})
  select cause.kind, cause.id, obstacle.site,
         min(obstacle.since) as since, count(*)::integer as blocks,
         (count(*) filter (where obstacle.obstacles = 1 and jsonb_array_length(obstacle.evidence -> 'causes') = 1))::integer as unlocks,
         array_remove(array_agg(distinct obstacle.wave_id), null) as wave_ids
  from obstacle cross join lateral jsonb_to_recordset(obstacle.evidence -> 'causes') as cause(kind text, id integer)
  where obstacle.rule in ('network-site', 'network-home')
  group by cause.kind, cause.id, obstacle.site`;

const SHOWN = `
  select fix.kind, fix.id, fix.site, ${utc('fix.since')} as since, fix.unlocks, fix.blocks,
         (select id from network_site where fix.site <> '' and lower(name) = lower(fix.site)) as "siteId",
         case fix.kind when 'link' then (select name from network_link where id = fix.id)
           when 'remote-access' then (select name from remote_access where id = fix.id) end as name,
         (select coalesce(json_agg(json_build_object('id', wave.id, 'name', wave.name) order by wave.ends_on, wave.id), '[]')
          from wave where wave.id = any(fix.wave_ids)) as waves`;

/** A page of nothing, where there is no programme. */
export const NO_FIXES: Page<NetworkFix> = { items: [], next: null, asOf: null };

/** Reads what to put right in networks, and whom each thing lets move. */
@Injectable()
export class NetworkFixesQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly standing: NetworkStandingQueries,
  ) {}

  /** One page of the fixes, those first that unlock most, then those for which most wait. */
  async page(programme: CurrentProgramme, filter: FixFilter, request: PageRequest): Promise<Page<NetworkFix>> {
    const conditions = matching(filter);
    const grouped = fixes(conditions.parameter(programme.id));
    if (request.cursor !== undefined) {
      const [unlocks, blocks, kind, site, id] = keyOf(request.cursor);
      const bound = [-unlocks, -blocks].map((value) => `${conditions.parameter(value)}::bigint`);
      bound.push(...[kind, site].map((value) => `${conditions.parameter(value)}::text collate "C"`));
      bound.push(`${conditions.parameter(id)}::bigint`);
      conditions.always(`(${ORDER}) > (${bound.join(', ')})`);
    }
    const size = request.limit ?? DEFAULT_LIMIT;
    const rows = await this.dataSource.query<Grouped[]>(
      `${SHOWN} from (select * from (${grouped}) as fix where ${conditions.toSql()} order by ${ORDER} limit ${size + 1}) as fix
       order by ${ORDER}`,
      conditions.parameters,
    );
    const shown = rows.slice(0, size);
    const last = shown.at(-1);
    const figures = await this.standing.figuresOf(programme, shown);
    const { owners } = readinessSettingsOf(programme.settings);
    const items = shown.map((fix, index): NetworkFix => {
      const isHome = fix.kind === 'home';
      return {
        ...fix,
        clearing: clearingWords(fix.kind, fix.id !== null),
        figures: figures[index] ?? [],
        owner: ownerWords(owners[isHome ? 'network-home' : 'network-site']),
      };
    });
    return { items, next: rows.length > size && last !== undefined ? cursorOf(last) : null, asOf: null };
  }

  /** How many there are. */
  count({ id }: Pick<CurrentProgramme, 'id'>, filter: FixFilter): Promise<Count> {
    const conditions = matching(filter);
    const grouped = fixes(conditions.parameter(id));
    return boundedCountOf(
      this.dataSource,
      `select from (${grouped}) as fix where ${conditions.toSql()}`,
      conditions.parameters,
    );
  }
}

function ownerWords(owner: string): string {
  if (owner === NAMED_OWNERS.person) return 'The people themselves';
  return owner === NAMED_OWNERS.manager ? 'Their line managers' : owner;
}

function matching({ kind, site, waveId }: FixFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(kind, (value) => `kind = ${value}`)
    .addGiven(site, (value) => `lower(site) = lower(${value}::text)`)
    .addGiven(waveId, (value) => `${value}::integer = any(wave_ids)`);
}

function cursorOf({ unlocks, blocks, kind, site, id }: Grouped): string {
  return encodeCursor(SORT, { value: JSON.stringify([blocks, kind, site, id ?? 0]), id: unlocks });
}

/** @throws InputError 400 for a cursor that this list has not given out. */
function keyOf(cursor: string): readonly [unlocks: number, blocks: number, kind: string, site: string, id: number] {
  const { value, id: unlocks } = decodeCursor(SORT, cursor);
  let parts: unknown;
  try {
    parts = JSON.parse(value ?? '');
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(parts) || parts.length !== 4) throw invalidCursor();
  const [blocks, kind, site, id] = parts as unknown[];
  const areWhole = Number.isSafeInteger(blocks) && Number.isSafeInteger(id);
  if (!areWhole || typeof kind !== 'string' || typeof site !== 'string') throw invalidCursor();
  return [unlocks, blocks as number, kind, site, id as number];
}
