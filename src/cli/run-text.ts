import { shownNumber } from '../common/shown-number.js';
import type { SyncRun } from '../sync/sync.queries.js';
import type { RefusedRun } from '../sync/sync.types.js';
import { shownDuration, table } from './output.js';

/** A run that came to its end, or one that was not begun. */
export type RunResult = { readonly run: SyncRun } | { readonly refused: RefusedRun };

const EFFECTS = ['added', 'changed', 'returned', 'absent', 'missing', 'gone', 'held', 'quarantined'] as const;

/** How long a run took, or has been going on, in milliseconds. */
export function runMilliseconds(run: SyncRun, now: Date = new Date()): number {
  const end = run.finishedAt === null ? now : new Date(run.finishedAt);
  return Math.max(0, end.getTime() - new Date(run.startedAt).getTime());
}

/** What a run did to the stored records, such as `12 added, 3 changed`; `nothing changed` when it did nothing. */
export function effects(run: SyncRun): string {
  const named = EFFECTS.filter((effect) => run[effect] > 0).map((effect) => `${shownNumber(run[effect])} ${effect}`);
  return named.length === 0 ? 'nothing changed' : named.join(', ');
}

/** Whether a run went through and left every record as it was. */
export function changedNothing(run: SyncRun): boolean {
  return run.status === 'succeeded' && EFFECTS.every((effect) => run[effect] === 0);
}

/** One sentence on how a run ended, with what to do about it. */
export function runSentence(run: SyncRun): string {
  const took = shownDuration(runMilliseconds(run));
  if (run.errorMessage !== null) {
    return [`${run.status} after ${took}: ${run.errorMessage}`, run.errorFix].filter(Boolean).join(' ');
  }
  const dry = run.dryRun ? 'dry run, ' : '';
  const note = run.note === null ? '' : `. ${run.note}`;
  return `${dry}${run.status} in ${took}, ${effects(run)}${note}`;
}

/** The closing table of one or more runs: what each did, and what it cost beside the least that page sizes allow. */
export function runTable(results: readonly RunResult[]): string {
  return table(
    ['Source', 'Result', 'Read', ...EFFECTS.map(capitalised), 'Requests (least)', 'Units (least)', 'Seconds'],
    results.map((result) => {
      if ('refused' in result) {
        return [result.refused.source, result.refused.reason, ...Array<null>(EFFECTS.length + 4).fill(null)];
      }
      const { run } = result;
      return [
        run.source,
        `${run.status} (${run.kind})`,
        run.rowsRead,
        ...EFFECTS.map((effect) => run[effect]),
        beside(run.requests, run.minimumRequests),
        beside(run.resourceUnits, run.minimumResourceUnits),
        (runMilliseconds(run) / 1_000).toFixed(1),
      ];
    }),
  );
}

function beside(spent: number, least: number): string {
  return `${shownNumber(spent)} (${shownNumber(least)})`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
