import type { Cause, NetworkFinding, NetworkJudgement } from '../../../network/domain/judgement.js';
import { serves, type NeededVerdict } from '../../../network/domain/network-words.js';
import type { NetworkVerdict } from '../readiness/facts.js';

/** Findings that keep a network from serving: of what is needed, those that are not met or not known. */
export function findingsInTheWay(
  { findings }: Pick<NetworkJudgement, 'findings'>,
  needed: NeededVerdict,
): readonly NetworkFinding[] {
  return findings.filter(
    ({ decides, met }) => decides !== null && (decides === 'audio_safe' || needed === 'video_safe') && met !== true,
  );
}

/** The records that findings would have put right, each once. */
export function causesOf(findings: readonly NetworkFinding[]): readonly Cause[] {
  const causes = findings.flatMap(({ cause }) => (cause === null ? [] : [cause]));
  return causes.filter((cause, index) => causes.findIndex((other) => isSameCause(cause, other)) === index);
}

/** Whether two causes are the same record, or the same lack of one. */
export function isSameCause(one: Cause, other: Cause): boolean {
  return one.kind === other.kind && one.id === other.id;
}

/**
 * What a judgement means for somebody’s move: ready when it is at least what is needed. Where a part of what is needed is
 * not known and nothing is known to be missing, it is unknown.
 * @param place figures of a home are nobody else’s: the evidence of them has none
 */
export function networkVerdict(
  judgement: NetworkJudgement,
  needed: NeededVerdict,
  settingsVersion: number,
  place: 'site' | 'home',
): NetworkVerdict {
  const { verdict, since } = judgement;
  const about = { verdict, needed, settings: settingsVersion, measuredOn: dayOf(since) };
  if (serves(verdict, needed)) return { outcome: 'ready', since: null, evidence: about };
  const inTheWay = findingsInTheWay(judgement, needed);
  const isKnown = verdict !== 'unknown' && inTheWay.some(({ met }) => met === false);
  return {
    outcome: isKnown ? 'not_ready' : 'unknown',
    since: null,
    evidence: {
      ...about,
      causes: causesOf(inTheWay),
      findings: inTheWay.map(({ threshold, value, met, source, samples, measuredAt }) => ({
        threshold: threshold.id,
        met,
        ...(place === 'home' ? {} : { value }),
        source,
        samples,
        measuredOn: dayOf(measuredAt),
      })),
    },
  };
}

/** The day is enough: with the time of the last call the evidence would be another every hour. */
function dayOf(time: Date | null): string | null {
  return time === null ? null : time.toISOString().slice(0, 10);
}
