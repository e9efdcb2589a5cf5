import { REMOTE_ACCESS_POOL, SHARED_EGRESS } from './network-addresses.js';
import { tellChecks, type Checker } from './network-checks.js';
import { tellCoverage } from './network-coverage.js';
import type { NetworkStory, StoryRemoteAccess } from './network-records.js';
import { tellSites, tellSiteTests, type SiteHeads } from './network-sites.js';
import type { ProgrammeStory } from './programme-records.js';
import type { GraphRecord } from './tenant-store.js';
import type { World } from './world.js';

/**
 * What the council knows of its networks on the first day of the demonstration: sites with their lines and surveys, the
 * gateway, eight weeks of tests and connection checks. All of it is invented but for the coverage of a few real areas,
 * which names its source.
 * @param programme the story of the rollout, by which lines are too small or not and people were asked to check
 */
export function tellNetwork(world: World, programme: ProgrammeStory): NetworkStory {
  const { seed, now } = world;
  const staff = [...world.people.values()].flatMap((person) => {
    const user = world.store.get('users', person.id);
    return user === undefined || person.leftOn !== null ? [] : [user];
  });
  const stand = standOf(programme);
  const sites = tellSites(seed, now, headsOf(staff, stand));
  return {
    source: 'Records of the demonstration council’s network team (invented)',
    sites,
    sharedEgress: SHARED_EGRESS,
    remoteAccess: tellRemoteAccess(stand),
    siteTests: tellSiteTests(seed, now, sites),
    checks: tellChecks(
      seed,
      now,
      staff.map((user) => checkerOf(user, stand)),
    ),
    coverage: tellCoverage(),
  };
}

/** How far the programme is with whom, by object id. */
interface Stand {
  readonly all: ReadonlySet<unknown>;
  /** Whoever works on a laptop, with or without the programme. */
  readonly mobile: ReadonlySet<unknown>;
  readonly moved: ReadonlySet<unknown>;
  readonly ready: ReadonlySet<unknown>;
  readonly assessed: ReadonlySet<unknown>;
  readonly planned: ReadonlySet<string>;
}

function standOf({ baseline, arrivals, assignments, handOvers, ...story }: ProgrammeStory): Stand {
  const { readiness, assessments, waves } = story;
  const laptops = [...handOvers, ...assignments.filter(({ kind }) => kind === 'laptop')];
  return {
    all: new Set([...baseline.people, ...arrivals].map(({ person }) => person)),
    mobile: new Set(laptops.map(({ person }) => person)),
    moved: new Set(handOvers.map(({ person }) => person)),
    ready: new Set(readiness.flatMap(({ outcome, person }) => (outcome === 'ready' ? [person] : []))),
    assessed: new Set(assessments.map(({ person }) => person)),
    planned: new Set(waves.flatMap(({ people }) => people)),
  };
}

function headsOf(staff: readonly GraphRecord[], { all, mobile, planned }: Stand): ReadonlyMap<string, SiteHeads> {
  const heads = new Map<string, SiteHeads>();
  for (const { id, officeLocation: site } of staff) {
    if (typeof site !== 'string' || !all.has(id)) continue;
    const before = heads.get(site) ?? { now: 0, planned: 0, all: 0 };
    heads.set(site, {
      now: before.now + (mobile.has(id) ? 1 : 0),
      planned: before.planned + (mobile.has(id) || planned.has(id) ? 1 : 0),
      all: before.all + 1,
    });
  }
  return heads;
}

/** Of those with a laptop, who has a session open at once, as the invented council plans; and what a session needs. */
const SESSIONS_AT_ONCE = 0.345;
const SESSION_KBPS = 900;

/** Bought for those who work on laptops now and for some more: it runs out before the waves are done. */
function tellRemoteAccess({ mobile, planned }: Stand): StoryRemoteAccess {
  const coming = [...planned].filter((id) => !mobile.has(id)).length;
  const people = mobile.size + coming * 0.75;
  const sessions = Math.max(10, Math.ceil((people * SESSIONS_AT_ONCE) / 5) * 5);
  const kbps = Math.ceil((sessions * SESSION_KBPS) / 50_000) * 50_000;
  return {
    name: 'Remote access gateway',
    sessions,
    downloadKbps: kbps,
    uploadKbps: kbps,
    allTraffic: false,
    pool: REMOTE_ACCESS_POOL,
  };
}

/** Whoever was assessed was asked to check, and nobody was called ready before they had; the others could if they liked. */
function checkerOf({ id, officeLocation }: GraphRecord, { moved, ready, assessed }: Stand): Checker {
  const site = typeof officeLocation === 'string' ? officeLocation : null;
  const willing = moved.has(id) ? 0.6 : ready.has(id) ? 0.95 : assessed.has(id) ? 0.8 : 0.48;
  return { id, site, willing };
}
