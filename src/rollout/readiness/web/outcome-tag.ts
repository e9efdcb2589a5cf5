import type { Cell } from '../../../web/list-definition.js';
import { READINESS_WORDS, type ReadinessOutcome } from '../../domain/move-words.js';

const TAGS: Readonly<Record<ReadinessOutcome, string>> = {
  ready: 'govuk-tag--green',
  not_ready: 'govuk-tag--red',
  unknown: 'govuk-tag--yellow',
};

/** An outcome as a tag; what is not known is never green. */
export function outcomeTag(outcome: ReadinessOutcome): Cell {
  return { text: READINESS_WORDS[outcome], tag: TAGS[outcome] };
}
