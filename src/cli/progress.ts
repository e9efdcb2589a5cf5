import { MultiBar, type SingleBar } from 'cli-progress';
import type { SourceName } from '../config/sources.js';
import { shownNumber } from '../common/shown-number.js';
import type { SyncRun } from '../sync/sync.queries.js';
import { shownDuration } from './output.js';

/** Where a run stands. */
export interface RunState {
  readonly source: SourceName;
  readonly kind: 'full' | 'delta';
  readonly stage: SyncRun['stage'];
  readonly pages: number;
  readonly rowsRead: number;
  /** Rows that the whole read is expected to have, or null when nothing hints at it. */
  readonly expectedRows: number | null;
  readonly throttledMilliseconds: number;
  /** Milliseconds since the run began. */
  readonly elapsed: number;
}

/** Shows people how runs get on. */
export interface ProgressView {
  update(state: RunState): void;
  /** Says how the run of a source ended. */
  finish(source: SourceName, sentence: string): void;
  close(): void;
}

const STAGES: Readonly<Record<RunState['stage'], string>> = {
  reading: 'reading',
  applying: 'writing what changed',
  resolving: 'telling machines apart',
  done: 'done',
};
const BAR_WIDTH = 20;
const NAME_WIDTH = 18;
/** How often a run that goes on says so where there is no terminal. */
const PLAIN_INTERVAL = 5_000;

/** Bars on a terminal, a plain line for each step elsewhere, both on standard error; nothing for a script. */
export function createProgressView(silent: boolean, stream: NodeJS.WriteStream = process.stderr): ProgressView {
  if (silent) return { update: () => undefined, finish: () => undefined, close: () => undefined };
  return stream.isTTY ? new BarView(stream) : new PlainView(stream);
}

/** How a run stands in words: rows, pages, rate, and the time left where the number of rows is known. */
export function progressText(state: RunState): string {
  if (state.stage !== 'reading') return `${STAGES[state.stage]}, ${shownNumber(state.rowsRead)} rows read`;
  const { rowsRead, expectedRows, elapsed, pages } = state;
  const total = expectedRows === null ? '' : ` of ${shownNumber(Math.max(expectedRows, rowsRead))}`;
  const rate = elapsed > 0 ? rowsRead / (elapsed / 1_000) : 0;
  const left =
    expectedRows !== null && rate > 0 && expectedRows > rowsRead
      ? `, ${shownDuration(((expectedRows - rowsRead) / rate) * 1_000)} left`
      : '';
  const throttled =
    state.throttledMilliseconds > 0 ? `, waited ${shownDuration(state.throttledMilliseconds)} for Microsoft` : '';
  return (
    `${state.kind === 'delta' ? 'reading changes' : 'reading'}, ${shownNumber(rowsRead)}${total} rows, ` +
    `${shownNumber(pages)} ${pages === 1 ? 'page' : 'pages'}, ${shownNumber(Math.round(rate))} rows/s${left}${throttled}`
  );
}

/** The part of a run that is done, from 0 to 1; null when the number of rows is not known. */
export function progressShare(state: RunState): number | null {
  if (state.stage === 'done') return 1;
  if (state.expectedRows === null || state.expectedRows === 0) return null;
  return Math.min(1, state.rowsRead / state.expectedRows);
}

class BarView implements ProgressView {
  private readonly bars: MultiBar;
  private readonly bySource = new Map<SourceName, SingleBar>();

  constructor(stream: NodeJS.WriteStream) {
    this.bars = new MultiBar({
      stream,
      format: (_options, _params, payload: { line: string }) => payload.line,
      fps: 5,
      linewrap: false,
      hideCursor: false,
      gracefulExit: false,
      emptyOnZero: true,
    });
  }

  update(state: RunState): void {
    const share = progressShare(state);
    const done = Math.round((share ?? 0) * BAR_WIDTH);
    const bar = share === null ? '·'.repeat(BAR_WIDTH) : '█'.repeat(done) + '░'.repeat(BAR_WIDTH - done);
    this.show(state.source, `${state.source.padEnd(NAME_WIDTH)} ${bar} ${progressText(state)}`);
  }

  finish(source: SourceName, sentence: string): void {
    this.show(source, `${source.padEnd(NAME_WIDTH)} ${sentence}`);
    this.bySource.delete(source);
  }

  close(): void {
    this.bars.stop();
  }

  private show(source: SourceName, line: string): void {
    const bar = this.bySource.get(source);
    if (bar === undefined) this.bySource.set(source, this.bars.create(1, 0, { line }));
    else bar.update(0, { line });
  }
}

class PlainView implements ProgressView {
  private readonly lastShown = new Map<SourceName, { readonly stage: RunState['stage']; readonly at: number }>();

  constructor(private readonly stream: NodeJS.WriteStream) {}

  update(state: RunState): void {
    const last = this.lastShown.get(state.source);
    const now = Date.now();
    if (state.stage === 'done' || (last?.stage === state.stage && now - last.at < PLAIN_INTERVAL)) return;
    this.lastShown.set(state.source, { stage: state.stage, at: now });
    this.stream.write(`${state.source}: ${progressText(state)}\n`);
  }

  finish(source: SourceName, sentence: string): void {
    this.lastShown.delete(source);
    this.stream.write(`${source}: ${sentence}\n`);
  }

  close(): void {
    this.lastShown.clear();
  }
}
