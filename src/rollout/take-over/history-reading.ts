import type { FormatProblem } from './format-reader.js';
import { contradictionsOf } from './history-contradictions.js';
import { HISTORY, type ProgrammeHistory } from './programme-history.js';

/** A file as it was read: the history, or everything that is wrong with it. */
export type HistoryReading =
  | { readonly ok: true; readonly history: ProgrammeHistory }
  | { readonly ok: false; readonly problems: readonly FormatProblem[] };

/** Reads a programme's history from parsed JSON. Every problem names its path and what to do about it. */
export function readProgrammeHistory(content: unknown): HistoryReading {
  const problems: FormatProblem[] = [];
  const history = HISTORY(content, '', problems);
  if (problems.length === 0) problems.push(...contradictionsOf(history));
  return problems.length === 0 ? { ok: true, history } : { ok: false, problems };
}
