import { type ShownTime, shownTime } from '../../common/uk-time.js';
import type { RunningRun } from '../running.queries.js';

/** When a page was made and which runs were at work then: what it needs to follow them. */
export interface LiveView {
  readonly address: string;
  readonly made: ShownTime | null;
  readonly runs: readonly number[];
}

/** @param address of the page itself. */
export function liveView(address: string, runs: readonly RunningRun[], now: Date): LiveView {
  return { address, made: shownTime(now, now), runs: runs.map(({ id }) => id) };
}
