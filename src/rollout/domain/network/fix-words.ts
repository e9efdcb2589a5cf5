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

/** A finding as a sentence: what was found, and what it takes. */
export function findingWords({ threshold, value, remark }: NetworkFinding): string {
  const found = value === null ? (remark ?? 'not known') : figureWords(value, threshold.unit);
  return `${threshold.measure}: ${found.replace(/\.$/, '')}; it takes ${thresholdWords(threshold)}.`;
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
