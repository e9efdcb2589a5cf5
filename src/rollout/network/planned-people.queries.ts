import type { EntityManager } from 'typeorm';
import { londonDay } from '../../common/uk-time.js';
import {
  plannedPeople,
  type PlannedGroup,
  type PlannedPeople,
  type PlannedWave,
} from '../domain/network/planned-people.js';

/** Where the people of the programme are to work, wave by wave. */
export interface NetworkPlan {
  /** By name of the site in lower case. */
  readonly sites: ReadonlyMap<string, PlannedPeople>;
  /** The names as people write them, by what they are in lower case. */
  readonly names: ReadonlyMap<string, string>;
  /** Everybody, wherever they work, as they may all come through remote access. */
  readonly everybody: PlannedPeople;
  readonly waves: readonly PlannedWave[];
}

/**
 * People of the programme who have or are to get a laptop, at the sites that they named, else at the office of the
 * directory; at each of several sites, as nobody knows on which day they are where.
 */
const GROUPS = `
  with usual as (
    select move.id, coalesce(move.work_style, '') as style, move.wave_id,
           move.state in ('handed_over', 'desktop_recovered', 'closed', 'already_mobile') as moved,
           said.answer, said.sites, move.site
    from move
    left join lateral (
      select answer, details -> 'sites' as sites from move_answer
      where move_id = move.id and question = 'usual-sites' order by id desc limit 1) as said on true
    where move.programme_id = $1 and move.state not in ('left', 'exempt', 'out_of_scope'))
  select null as site, null as name, style, wave_id as "waveId", moved, count(*)::integer as people from usual group by 3, 4, 5
  union all
  select lower(at.site), min(at.site), style, wave_id, moved, count(*)::integer
  from usual cross join lateral (
    select min(named) as site from jsonb_array_elements_text(usual.sites) as named where usual.answer = 'listed'
    group by lower(named)
    union all
    select usual.site where usual.site is not null and usual.answer is distinct from 'none'
      and (usual.answer is distinct from 'listed' or jsonb_array_length(coalesce(usual.sites, '[]')) = 0)) as at
  group by 1, 3, 4, 5`;

/** Reads who is to work where after each wave. @param now decides what day it is in the UK */
export async function networkPlan(
  tx: EntityManager,
  programme: { readonly id: number; readonly targetOn: string },
  now: Date,
): Promise<NetworkPlan> {
  const groups = await tx.query<(PlannedGroup & { readonly site: string | null; readonly name: string | null })[]>(
    GROUPS,
    [programme.id],
  );
  const waves = await tx.query<PlannedWave[]>(
    'select id, name, ends_on::text as "endsOn" from wave where programme_id = $1 order by ends_on, id',
    [programme.id],
  );
  const days = { today: londonDay(now), targetOn: programme.targetOn };
  const bySite = new Map<string | null, PlannedGroup[]>();
  for (const group of groups) bySite.set(group.site, [...(bySite.get(group.site) ?? []), group]);
  const of = (site: string | null): PlannedPeople => plannedPeople(bySite.get(site) ?? [], waves, days);
  const named = [...bySite.keys()].filter((site) => site !== null);
  return {
    sites: new Map(named.map((site) => [site, of(site)])),
    names: new Map(groups.flatMap(({ site, name }) => (site === null || name === null ? [] : [[site, name]]))),
    everybody: of(null),
    waves,
  };
}
