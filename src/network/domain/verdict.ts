import type { Confidence, FigureSource, NetworkFinding, NetworkJudgement } from './judgement.js';
import type { NetworkVerdict } from './network-words.js';

/**
 * What findings say together. What audio takes and is missed makes it not ready, what is not known of it unknown; video
 * takes all of it and its own. What is not known never makes anything safe.
 */
export function judgementOf(findings: readonly NetworkFinding[]): NetworkJudgement {
  const audio = findings.filter(({ decides }) => decides === 'audio_safe');
  const video = findings.filter(({ decides }) => decides === 'video_safe');
  const missed = audio.filter(({ met }) => met === false);
  if (missed.length > 0) return { ...summary('not_ready', missed), findings };
  if (audio.length === 0 || audio.some(({ met }) => met === null)) {
    return { verdict: 'unknown', since: null, confidence: 'low', findings };
  }
  const isVideo = video.length > 0 && video.every(({ met }) => met);
  return { ...summary(isVideo ? 'video_safe' : 'audio_safe', isVideo ? [...audio, ...video] : audio), findings };
}

const WORST_FIRST: readonly Confidence[] = ['low', 'medium', 'high'];

/** What people entered has a time, too, and was measured by nobody. */
const ENTERED: readonly FigureSource[] = ['link', 'remote-access', 'plan'];

/** The latest time, of a measurement if there is any, and the least confidence of the findings that decided. */
function summary(verdict: NetworkVerdict, decisive: readonly NetworkFinding[]): Omit<NetworkJudgement, 'findings'> {
  const timed = decisive.filter(({ measuredAt }) => measuredAt !== null);
  const measured = timed.filter(({ source }) => !ENTERED.includes(source));
  const times = (measured.length > 0 ? measured : timed).map(({ measuredAt }) => measuredAt?.getTime() ?? 0);
  return {
    verdict,
    since: times.length === 0 ? null : new Date(Math.max(...times)),
    confidence: WORST_FIRST.find((each) => decisive.some(({ confidence }) => confidence === each)) ?? 'low',
  };
}
