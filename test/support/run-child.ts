import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { SourceName } from '../../src/config/sources.js';
import type { RunPoint } from '../../src/sync/run-hooks.js';
import type { RunOutcome } from '../../src/sync/sync.types.js';
import type { SyncBench } from './sync-bench.js';

/** Where a run is when its process dies: at which visit of which point. */
export interface Death {
  readonly source: SourceName;
  readonly point: RunPoint;
  readonly visit: number;
}

/** What a run in a process of its own does, and what happens to the process. */
export interface ChildTask {
  /** Read one after the other. */
  readonly sources?: readonly SourceName[];
  /** Read side by side: the process kills itself when each of these runs stands at its point, or has ended before it. */
  readonly deaths?: readonly Death[];
  /** Where the process signals itself, and at which visit of that point. */
  readonly point?: RunPoint;
  readonly visit?: number;
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
  readonly leaseSeconds?: number;
  readonly clockOffsetMinutes?: number;
  /** Log level; the log goes to standard output. */
  readonly level?: string;
  readonly nodeOptions?: readonly string[];
  /** Another database address, such as a proxy's. */
  readonly url?: string;
}

export interface ChildResult {
  readonly outcomes: RunOutcome[] | null;
  /** The points of `deaths` that were reached. */
  readonly reached: readonly RunPoint[];
  readonly peakMegabytes: number;
  readonly output: string;
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

const SCRIPT = path.join(import.meta.dirname, '..', 'sync', 'run-child.mjs');

/** Starts the run; `done` settles when the process has ended, however it did. */
export function startRun(bench: SyncBench, task: ChildTask): { child: ChildProcess; done: Promise<ChildResult> } {
  const { nodeOptions = [], ...rest } = task;
  const argument = JSON.stringify({ url: bench.database.url, settings: bench.settings, ...rest });
  const child = spawn(process.execPath, [...nodeOptions, SCRIPT, argument], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const done = new Promise<ChildResult>((resolve) => {
    child.on('close', (code, signal) => {
      const last = output.trim().split('\n').at(-1) ?? '';
      const parsed = last.startsWith('{"outcomes"')
        ? (JSON.parse(last) as { outcomes: RunOutcome[]; peakMegabytes: number })
        : { outcomes: null, peakMegabytes: 0 };
      const reached = [...output.matchAll(/^\{"reached":"(.*)"\}$/gm)].map(([, point]) => point as RunPoint);
      resolve({ ...parsed, reached, output, signal, code });
    });
  });
  return { child, done };
}
