import type { NetworkFinding } from './judgement.js';
import { thresholdBy, type NetworkSettings } from './network-settings.js';
import type { NetworkVerdict } from './network-words.js';
import { meets } from './threshold.js';
import { MEDIA, SCREEN } from './thresholds/thresholds.js';

/** What one connection check measured. */
export interface CheckFigures {
  /** Median time of a reply while nothing else is sent, in ms. */
  readonly roundTripMs: number;
  /** Mean difference between one reply’s time and the next one’s, in ms. */
  readonly jitterMs: number;
  /** Share of replies that took longer than a second, 0 to 1. */
  readonly lateRatio: number;
  readonly downloadKbps: number;
  readonly uploadKbps: number;
  /** The same median while files are sent and fetched; null when that was over too soon to tell. */
  readonly loadedRoundTripMs: number | null;
  /** Replies that the times stand on. */
  readonly samples: number;
}

/** What people do with a connection. */
export const ACTIVITIES = ['audio', 'video', 'screen'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** Works as recommended; works badly; does not work at all. */
export type Outlook = 'works' | 'may_be_poor' | 'does_not_work';

/** What one check says, on its own. */
export interface CheckAssessment {
  readonly verdict: Exclude<NetworkVerdict, 'unknown'>;
  readonly outlooks: Readonly<Record<Activity, Outlook>>;
  readonly findings: readonly CheckFinding[];
}

export type CheckFinding = Pick<NetworkFinding, 'threshold' | 'decides' | 'remark'> & {
  readonly value: number;
  readonly met: boolean;
};

const SPEEDS: Readonly<Record<Activity, { readonly recommended: SpeedIds; readonly minimum: SpeedIds }>> = {
  audio: {
    recommended: { download: MEDIA.audioDownload, upload: MEDIA.audioUpload },
    minimum: speedsOf('teams-audio-meeting-minimum'),
  },
  video: {
    recommended: { download: MEDIA.videoDownload, upload: MEDIA.videoUpload },
    minimum: speedsOf('teams-video-meeting-minimum'),
  },
  screen: { recommended: SCREEN, minimum: speedsOf('teams-screen-meeting-minimum') },
};

interface SpeedIds {
  readonly download: string;
  readonly upload: string;
}

/**
 * Holds the figures of one check against the thresholds for a single machine. How quickly and evenly replies come counts
 * for everything; speed for each activity. Late replies stand in for lost packets, which a browser cannot count: TCP
 * sends them again, and what is seen of them is that the reply is late (RFC 6298).
 */
export function assessCheck(figures: CheckFigures, settings: NetworkSettings): CheckAssessment {
  const finding = (
    id: string,
    value: number,
    decides: CheckFinding['decides'],
    remark: string | null = null,
  ): CheckFinding => {
    const threshold = thresholdBy(settings, id);
    return { threshold, decides, value, met: meets(threshold, value), remark };
  };
  const findings = [
    finding(MEDIA.roundTrip, figures.roundTripMs, 'audio_safe'),
    finding(MEDIA.jitter, figures.jitterMs, 'audio_safe'),
    finding(MEDIA.loss, figures.lateRatio * 100, 'audio_safe', 'Counted as replies that took longer than a second.'),
    finding(MEDIA.audioDownload, figures.downloadKbps, 'audio_safe'),
    finding(MEDIA.audioUpload, figures.uploadKbps, 'audio_safe'),
    finding(MEDIA.videoDownload, figures.downloadKbps, 'video_safe'),
    finding(MEDIA.videoUpload, figures.uploadKbps, 'video_safe'),
  ];
  const isMet = (needed: 'audio_safe' | 'video_safe'): boolean =>
    findings.every(({ decides, met }) => met || (needed === 'audio_safe' && decides === 'video_safe'));
  const quality = findings.slice(0, 3).every(({ met }) => met);
  const isFastEnough = ({ download, upload }: SpeedIds): boolean =>
    meets(thresholdBy(settings, download), figures.downloadKbps) &&
    meets(thresholdBy(settings, upload), figures.uploadKbps);
  const outlook = (activity: Activity): Outlook => {
    const { recommended, minimum } = SPEEDS[activity];
    if (quality && isFastEnough(recommended)) return 'works';
    return isFastEnough(minimum) ? 'may_be_poor' : 'does_not_work';
  };
  return {
    verdict: isMet('video_safe') ? 'video_safe' : isMet('audio_safe') ? 'audio_safe' : 'not_ready',
    outlooks: { audio: outlook('audio'), video: outlook('video'), screen: outlook('screen') },
    findings,
  };
}

function speedsOf(call: string): SpeedIds {
  return { download: `${call}-download`, upload: `${call}-upload` };
}
