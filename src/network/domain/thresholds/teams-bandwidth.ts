import type { Threshold, ThresholdSource } from '../threshold.js';

const PREPARE_NETWORK: ThresholdSource = {
  document: 'Microsoft Learn, “Prepare your organization’s network for Microsoft Teams”',
  page: 'https://learn.microsoft.com/microsoftteams/prepare-network',
  dated: '2026-07-14',
};

/** Names of the tiers: `minimum` is video up to 240p, `recommended` up to 1080p. */
type Tier = 'minimum' | 'recommended' | 'best';
/** Upload and download in kbit/s. */
type Speeds = readonly [upload: number, download: number];

/**
 * What Teams takes by kind of call, in the words and order of the table of the document. Its row of the Together mode is
 * left out, as its figures could not be seen; those of the page of 2018 are superseded.
 */
const BANDWIDTHS: readonly (readonly [call: string, words: string, speeds: Readonly<Record<Tier, Speeds>>])[] = [
  ['audio-call', 'an audio call of two', { minimum: [10, 10], recommended: [58, 58], best: [76, 76] }],
  ['audio-meeting', 'an audio meeting', { minimum: [10, 10], recommended: [58, 58], best: [76, 76] }],
  ['video-call', 'a video call of two', { minimum: [150, 150], recommended: [1500, 1500], best: [4000, 4000] }],
  ['video-meeting', 'a video meeting', { minimum: [150, 200], recommended: [2500, 4000], best: [4000, 4000] }],
  [
    'screen-call',
    'sharing a screen with one other',
    { minimum: [200, 200], recommended: [1500, 1500], best: [4000, 4000] },
  ],
  [
    'screen-meeting',
    'sharing a screen in a meeting',
    { minimum: [250, 250], recommended: [2500, 2500], best: [4000, 4000] },
  ],
];
const TIER_WORDS: Readonly<Record<Tier, string>> = {
  minimum: 'at the least',
  recommended: 'as recommended',
  best: 'for the best performance',
};
const TIERS = ['minimum', 'recommended', 'best'] as const satisfies readonly Tier[];

/** Bandwidth of Teams’ calls, each direction of each tier, and of live events by viewer; in kbit/s. */
export const TEAMS_BANDWIDTH: readonly Threshold[] = [
  ...BANDWIDTHS.flatMap(([call, words, speeds]) =>
    TIERS.flatMap((tier) => {
      const [upload, download] = speeds[tier];
      return [
        speed(`teams-${call}-${tier}-upload`, `Upload speed for ${words}, ${TIER_WORDS[tier]}`, upload),
        speed(`teams-${call}-${tier}-download`, `Download speed for ${words}, ${TIER_WORDS[tier]}`, download),
      ];
    }),
  ),
  speed(
    'teams-live-event-download',
    'Download speed for each viewer of a live event, without a cache at the site',
    2000,
  ),
  speed(
    'teams-live-event-1080p-download',
    'Download speed for each viewer of a live event in 1080p, without a cache at the site',
    3000,
  ),
];

function speed(id: string, measure: string, value: number): Threshold {
  return { id, measure, test: 'at_least', value, unit: 'kbit/s', source: PREPARE_NETWORK, assumption: false };
}
