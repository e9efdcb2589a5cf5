import { instant } from './simulated-time.js';

/** One record of the programme office, its times as ISO 8601 texts. */
export type StoryRecord = Readonly<Record<string, unknown>>;

/** Lists of records that carry their time as `at`. */
export const STORY_LISTS = [
  'arrivals',
  'departures',
  'assignments',
  'deliveries',
  'handOvers',
  'laptopReturns',
  'recoveries',
  'wipes',
  'disposals',
  'losses',
  'reclassifications',
  'deferrals',
  'exemptions',
  'workStyles',
  'answers',
  'assessments',
  'readiness',
  'statements',
  'bookings',
] as const;
export type StoryList = (typeof STORY_LISTS)[number];

/** A wave of the programme. */
export interface StoryWave {
  readonly name: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly people: string[];
}

/** What the invented council's programme office has kept of its rollout, as the JSON format for take-overs has it. */
export interface ProgrammeStory extends Readonly<Record<StoryList, StoryRecord[]>> {
  readonly format: 'untether-programme-history/1';
  readonly source: string;
  /** The records are complete until then. */
  readonly until: string;
  readonly programme: StoryRecord;
  readonly applications: StoryRecord[];
  readonly machines: StoryRecord[];
  readonly baseline: { readonly people: StoryRecord[]; readonly desktops: StoryRecord[] };
  readonly waves: StoryWave[];
  readonly slots: StoryRecord[];
}

/** A story without records yet. */
export function emptyStory(until: number, programme: StoryRecord): ProgrammeStory {
  return {
    format: 'untether-programme-history/1',
    source: 'Records of the demonstration council’s programme office (invented)',
    until: instant(until),
    programme,
    applications: [],
    machines: [],
    baseline: { people: [], desktops: [] },
    waves: [],
    slots: [],
    ...(Object.fromEntries(STORY_LISTS.map((list) => [list, []])) as unknown as Record<StoryList, StoryRecord[]>),
  };
}
