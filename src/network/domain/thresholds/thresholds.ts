import type { NeededVerdict } from '../network-words.js';
import type { Threshold } from '../threshold.js';
import { ASSESSMENT_SCORE } from './assessment-score.js';
import { HOME_BROADBAND } from './home-broadband.js';
import { CONNECTIVITY_TEST_THRESHOLDS, MEDIA_QUALITY_THRESHOLDS } from './media-quality.js';
import { TEAMS_BANDWIDTH } from './teams-bandwidth.js';

/** Thresholds of one kind, with a heading for people. */
export interface ThresholdGroup {
  readonly id: string;
  readonly words: string;
  readonly thresholds: readonly Threshold[];
}

/** Every threshold that somebody outside the council has published and that is used or shown here. */
export const THRESHOLD_GROUPS: readonly ThresholdGroup[] = [
  { id: 'bandwidth', words: 'Bandwidth of Teams', thresholds: TEAMS_BANDWIDTH },
  { id: 'media-quality', words: 'Quality for sound and pictures', thresholds: MEDIA_QUALITY_THRESHOLDS },
  { id: 'connectivity-test', words: 'Microsoft’s connectivity test', thresholds: CONNECTIVITY_TEST_THRESHOLDS },
  { id: 'score', words: 'Microsoft’s network assessment', thresholds: ASSESSMENT_SCORE },
  { id: 'home-broadband', words: 'Broadband of homes', thresholds: HOME_BROADBAND },
];

const BY_ID: ReadonlyMap<string, Threshold> = new Map(
  THRESHOLD_GROUPS.flatMap(({ thresholds }) => thresholds.map((threshold) => [threshold.id, threshold])),
);

/** What one person’s media need, wherever they are: quality for both verdicts, bandwidth as Teams recommends it. */
export const MEDIA = {
  roundTrip: 'media-client-latency-round-trip',
  jitter: 'media-client-jitter',
  loss: 'media-client-loss',
  audioDownload: 'teams-audio-meeting-recommended-download',
  audioUpload: 'teams-audio-meeting-recommended-upload',
  videoDownload: 'teams-video-meeting-recommended-download',
  videoUpload: 'teams-video-meeting-recommended-upload',
} as const;

/** Added where many share a line, and somebody shows a screen. */
export const SCREEN = {
  download: 'teams-screen-meeting-recommended-download',
  upload: 'teams-screen-meeting-recommended-upload',
} as const;

/**
 * Which thresholds decide, and for which verdict: video-safe takes those of audio-safe, too. At homes and sites they are
 * held against measurements; at sites and gateways those of bandwidth, times the people, against what the lines carry.
 * All others are context.
 */
export const DECIDING: ReadonlyMap<string, NeededVerdict> = new Map<string, NeededVerdict>([
  [MEDIA.roundTrip, 'audio_safe'],
  [MEDIA.jitter, 'audio_safe'],
  [MEDIA.loss, 'audio_safe'],
  [MEDIA.audioDownload, 'audio_safe'],
  [MEDIA.audioUpload, 'audio_safe'],
  [MEDIA.videoDownload, 'video_safe'],
  [MEDIA.videoUpload, 'video_safe'],
  [SCREEN.download, 'video_safe'],
  [SCREEN.upload, 'video_safe'],
]);

/** The threshold of this id as it was published; undefined when there is none. */
export function publishedThreshold(id: string): Threshold | undefined {
  return BY_ID.get(id);
}
