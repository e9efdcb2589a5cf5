import { MOVE_FACT_KINDS } from './domain/move-fact.js';
import { DESKTOP_STATES, MOVE_STATES, READINESS_OUTCOMES, SCOPE_REASONS, WORK_STYLES } from './domain/move-words.js';

/** Words as a CHECK lists them. */
export function checkList(words: readonly string[]): string {
  return `(${words.map((word) => `'${word}'`).join(', ')})`;
}

export const MOVE_STATE_LIST = checkList(MOVE_STATES);
export const WORK_STYLE_LIST = checkList(WORK_STYLES);
export const READINESS_LIST = checkList(READINESS_OUTCOMES);
export const DESKTOP_STATE_LIST = checkList(DESKTOP_STATES);
export const SCOPE_REASON_LIST = checkList(SCOPE_REASONS);
export const MOVE_FACT_KIND_LIST = checkList(MOVE_FACT_KINDS);
