import { addressesOf, SHARED_EGRESS } from './network-addresses.js';
import { measured, type ConnectionFigures } from './network-homes.js';
import type { StoryLink, StorySite, StorySiteTest, StorySurvey } from './network-records.js';
import { HOME_BASED, SITES, type Site } from './organisation.js';
import { isWorkingDay, midnightOf, ukTime } from './programme-calendar.js';
import { Random } from './random.js';
import { DAY, dateOf, instant } from './simulated-time.js';

/** How many of the programme's people work at a site on a laptop. */
export interface SiteHeads {
  readonly now: number;
  /** When the waves that are planned are done. */
  readonly planned: number;
  /** In the end. */
  readonly all: number;
}

/** What somebody on a laptop at a site is planned to need of its lines, by the invented council's network team. */
const PLANNED_KBPS = { download: 1_200, upload: 630 } as const;

interface SitePlan {
  /** How much of what everybody needs in the end the lines carry; null where they are too small for the waves to come. */
  readonly room: number | null;
  readonly survey: { readonly result: StorySurvey['result']; readonly floors: string; readonly daysAgo: number };
  /** True where people cannot move yet, whatever wave they are in. */
  readonly isTrouble?: true;
  /** What is measured there, when it is not what is usual. */
  readonly figures?: Partial<ConnectionFigures>;
}

const PASSED = { result: 'passed', floors: 'All floors', daysAgo: 300 } as const;
const USUAL: ConnectionFigures = {
  roundTripMs: 13,
  jitterMs: 2.4,
  lossRatio: 0.0002,
  downloadKbps: 92_000,
  uploadKbps: 61_000,
};

/**
 * The sites of which something is known, by code; of the two that are left out nobody has told the network team anything.
 * Most serve; what is wrong with the others is invented, each something else.
 */
const PLANS: Readonly<Record<string, SitePlan>> = {
  TWH: { room: 1.7, survey: { ...PASSED, daysAgo: 240 } },
  AIR: { room: 1.5, survey: { ...PASSED, daysAgo: 420 } },
  CSC: { room: 1.6, survey: { ...PASSED, daysAgo: 330 } },
  CAL: { room: null, survey: { ...PASSED, daysAgo: 190 }, figures: { roundTripMs: 24, jitterMs: 6 } },
  HOL: { room: 1.4, survey: { ...PASSED, floors: 'Ground floor and hub', daysAgo: 150 } },
  // An old switch lets through less than the line carries.
  CLB: {
    isTrouble: true,
    room: 1.5,
    survey: { ...PASSED, daysAgo: 210 },
    figures: { roundTripMs: 31, jitterMs: 7, downloadKbps: 9_400, uploadKbps: 1_900 },
  },
  NFD: { room: 1.4, survey: { ...PASSED, floors: 'Offices; not the workshops', daysAgo: 400 } },
  EMD: { room: 1.3, survey: { ...PASSED, floors: 'Offices', daysAgo: 260 } },
  STO: { isTrouble: true, room: 1.4, survey: { ...PASSED, daysAgo: 810 } },
  MIL: { isTrouble: true, room: 1.3, survey: { result: 'failed', floors: 'First floor', daysAgo: 45 } },
  FLC: { room: 1.4, survey: { ...PASSED, floors: 'Offices and reception', daysAgo: 120 } },
  KMB: {
    room: null,
    survey: { ...PASSED, daysAgo: 170 },
    figures: { roundTripMs: 27, jitterMs: 8, downloadKbps: 38_000, uploadKbps: 9_000 },
  },
};
const SURVEY_DAYS = 730;

/** The sites that the network team knows, with lines that fit the people of their waves as the plan says. */
export function tellSites(seed: number, now: number, heads: ReadonlyMap<string, SiteHeads>): readonly StorySite[] {
  return SITES.flatMap((site) => {
    const [plan, addresses] = [PLANS[site.code], addressesOf(site)];
    if (plan === undefined || addresses === null) return [];
    const people = heads.get(site.name) ?? { now: 0, planned: 0, all: 0 };
    const random = new Random(seed, 'site network', site.code);
    const desks = Math.max(4, Math.round(people.all * 0.8));
    return [
      {
        name: site.name,
        desks,
        docks: Math.round(desks * 0.85),
        wiredPorts: Math.round(desks * 1.15),
        links: linksOf(random, site, now, speedFor(plan.room, people)),
        surveys: [surveyOf(plan, now, desks)],
        subnet: addresses.subnet,
        egress: addresses.egress === SHARED_EGRESS ? null : addresses.egress,
      },
    ];
  });
}

interface Speed {
  readonly downloadKbps: number;
  readonly uploadKbps: number;
}

/** A line that is too small carries those who have moved and half of those who come with the waves. */
function speedFor(room: number | null, { now, planned, all }: SiteHeads): Speed {
  if (room === null) {
    const people = Math.max(1, (now + planned) / 2);
    const asSold = (kbps: number): number => Math.ceil((people * kbps) / 1_000) * 1_000;
    return { downloadKbps: asSold(PLANNED_KBPS.download), uploadKbps: asSold(PLANNED_KBPS.upload) };
  }
  const needed = (Math.max(1, all) * room * PLANNED_KBPS.download) / 1_000;
  const kbps = (LEASED_LINES.find((megabits) => megabits >= needed) ?? Math.ceil(needed)) * 1_000;
  return { downloadKbps: kbps, uploadKbps: kbps };
}

/** Speeds in which lines are leased, in Mbit/s. */
const LEASED_LINES = [10, 20, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000] as const;

const PROVIDERS = ['Aire Valley Networks', 'Northern Fibre Partnership', 'Calder Telecom'];

function linksOf(random: Random, site: Site, now: number, { downloadKbps, uploadKbps }: Speed): readonly StoryLink[] {
  const provider = random.pick(PROVIDERS);
  const liveFrom = now - random.between(400, 1_400) * DAY;
  return [
    {
      name: downloadKbps === uploadKbps ? 'Leased line' : 'Fibre to the premises',
      provider: `${provider} (invented)`,
      downloadKbps,
      uploadKbps,
      contract: `NET-${site.code}-${random.between(100, 999)}`,
      contractEndsOn: dateOf(now + random.between(120, 900) * DAY),
      liveFrom: dateOf(liveFrom),
    },
  ];
}

function surveyOf({ survey: { result, floors, daysAgo } }: SitePlan, now: number, desks: number): StorySurvey {
  const surveyed = now - daysAgo * DAY;
  return {
    surveyedOn: dateOf(surveyed),
    result,
    floors,
    clientsSupported: result === 'failed' ? null : Math.max(20, Math.ceil(desks / 5) * 15),
    expiresOn: dateOf(surveyed + SURVEY_DAYS * DAY),
  };
}

/** Whether people can move at a site now, as far as its network is concerned; at home they need none. */
export function siteServes(site: Site): boolean {
  const plan = PLANS[site.code];
  return site === HOME_BASED || (plan !== undefined && plan.isTrouble !== true);
}

/** What is measured at a site; null for one of which nothing is known. */
export function figuresOf(siteName: string): ConnectionFigures | null {
  const plan = PLANS[SITES.find(({ name }) => name === siteName)?.code ?? ''];
  return plan === undefined ? null : { ...USUAL, ...plan.figures };
}

const TEST_WEEKS = 8;

/** Microsoft's connectivity test, run at every known site twice a week. */
export function tellSiteTests(seed: number, now: number, sites: readonly StorySite[]): readonly StorySiteTest[] {
  const tests: StorySiteTest[] = [];
  const today = midnightOf(now);
  for (const { name } of sites) {
    const [figures, random] = [figuresOf(name), new Random(seed, 'site tests', name)];
    if (figures === null) continue;
    for (let midnight = today - TEST_WEEKS * 7 * DAY; midnight < today; midnight += DAY) {
      const weekday = new Date(midnight).getUTCDay();
      if ((weekday !== 2 && weekday !== 4) || !isWorkingDay(midnight)) continue;
      const result = measured(random, figures);
      tests.push({
        site: name,
        at: instant(ukTime(midnight, random.between(9, 16)) + random.between(0, 59) * 60_000),
        ...result,
        exchangeRoundTripMs: Math.round(result.roundTripMs * 1.6),
        // A tenth of the rated Mbit/s, as Microsoft's description of its score has it.
        sharepointMegabytesPerSecond: Math.round(result.downloadKbps / 1_000) / 10,
      });
    }
  }
  return tests;
}
