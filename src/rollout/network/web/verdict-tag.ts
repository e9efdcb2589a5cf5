import { NETWORK_VERDICT_WORDS, type NetworkVerdict } from '../../../network/domain/network-words.js';
import type { Cell } from '../../../web/list-definition.js';

/** A shape besides the colour, for whoever tells colours apart badly; what is not known is never green. */
const TAGS: Readonly<Record<NetworkVerdict, { readonly shape: string; readonly tag: string }>> = {
  video_safe: { shape: '●', tag: 'govuk-tag--green' },
  audio_safe: { shape: '◐', tag: 'govuk-tag--blue' },
  not_ready: { shape: '✕', tag: 'govuk-tag--red' },
  unknown: { shape: '?', tag: 'govuk-tag--yellow' },
};

/** A verdict as a tag: the word, a shape and a colour. */
export function verdictTag(verdict: NetworkVerdict): Cell {
  return { text: NETWORK_VERDICT_WORDS[verdict], ...TAGS[verdict] };
}
