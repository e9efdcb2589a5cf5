import type { Cause, NetworkFinding } from '../../../network/domain/judgement.js';
import { figureWords, thresholdWords } from '../../../network/domain/figure-words.js';

/** What there is to put right. */
export const FIX_KINDS = [
  'site-network',
  'link',
  'wifi-survey',
  'capacity',
  'remote-access',
  'home',
] as const satisfies readonly Cause['kind'][];
export type FixKind = (typeof FIX_KINDS)[number];

export const FIX_KIND_WORDS: Readonly<Record<FixKind, string>> = {
  'site-network': 'Network of a site',
  link: 'Link of a site',
  'wifi-survey': 'Wi-Fi survey',
  capacity: 'Capacity of a site',
  'remote-access': 'Remote access',
  home: 'Networks at home',
};

/**
 * What is not met or not known, as sentences, each once: the figure with what it takes, or else why there is none. What a
 * survey says is said in its remark.
 */
export function findingSentences(findings: readonly NetworkFinding[]): readonly string[] {
  return [...new Set(findings.map(findingWords))];
}

function findingWords({ threshold, value, remark }: NetworkFinding): string {
  if (remark !== null && (value === null || threshold.unit === 'survey')) return remark;
  const found = value === null ? 'not known' : figureWords(value, threshold.unit);
  return `${threshold.measure}: ${found}; it takes ${thresholdWords(threshold)}.`;
}

/**
 * Findings to show where it is told elsewhere how many people a place carries: without those that ask for nothing, as
 * nobody is there.
 */
export function findingsOfAnybody(findings: readonly NetworkFinding[]): readonly NetworkFinding[] {
  return findings.filter(({ threshold, met }) => threshold.value > 0 || met === null);
}

const CLEARING: Readonly<Record<FixKind, (isThere: boolean) => string>> = {
  'site-network': (isThere) =>
    isThere ? 'Put the network right, or have it measured again.' : 'Enter the site and have its network measured.',
  link: (isThere) => (isThere ? 'Put the link right or replace it.' : 'Enter the links of the site.'),
  'wifi-survey': (isThere) =>
    isThere ? 'Put right what the survey found, and have the Wi-Fi surveyed again.' : 'Have the Wi-Fi surveyed.',
  capacity: () => 'Enlarge the links or the Wi-Fi, or move a wave to another time or place.',
  'remote-access': () => 'Enlarge the gateway, let fewer services go through it, or move a wave.',
  home: () =>
    'Each of these people checks their connection; where it does not serve, help them with it or agree on another place to work.',
};

/** What would clear a fix. @param isThere whether there is a record of it already */
export function clearingWords(kind: FixKind, isThere: boolean): string {
  return CLEARING[kind](isThere);
}
