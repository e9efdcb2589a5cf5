import type { SyncQueries } from '../sync/sync.queries.js';
import { print, printJsonLine } from './output.js';
import { createProgressView } from './progress.js';
import { RunFollower, runState } from './run-follower.js';
import { runSentence } from './run-text.js';
import { pause } from './stop-signals.js';

/** Shows the runs of all processes as they happen until the signal aborts; with `json` one line for each that ended. */
export async function watchRuns(queries: SyncQueries, json: boolean, signal: AbortSignal): Promise<void> {
  if (!json) print('\nFollowing the runs of all processes. Ctrl+C ends this.');
  const follower = await RunFollower.start(queries);
  const view = createProgressView(json);
  try {
    while (!signal.aborted) {
      const { running, finished } = await follower.look();
      for (const run of running) view.update(runState(run));
      for (const run of finished) {
        if (json) printJsonLine(run);
        else view.finish(run.source, runSentence(run));
      }
      await pause(1_000, signal);
    }
  } finally {
    view.close();
  }
}
