import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { CallRecordsRead, CallRecordsRefused } from '../../src/sync/call-records/call-records.service.js';
import type { SyncBench } from './sync-bench.js';

const SCRIPT = path.join(import.meta.dirname, '..', 'sync', 'call-records-child.mjs');

/** What a reading in a process of its own came to. */
export interface ReadElsewhere {
  readonly outcome: CallRecordsRead | CallRecordsRefused | null;
  readonly peakMegabytes: number;
  readonly output: string;
  readonly signal: NodeJS.Signals | null;
}

/** Starts a reading in a process of its own; `done` settles when the process has ended, however it did. */
export function readElsewhere(
  bench: Pick<SyncBench, 'database' | 'settings'>,
  task: { readonly leaseSeconds?: number; readonly level?: string; readonly nodeOptions?: readonly string[] } = {},
): { readonly child: ChildProcess; readonly done: Promise<ReadElsewhere> } {
  const { nodeOptions = [], ...rest } = task;
  const argument = JSON.stringify({ url: bench.database.url, settings: bench.settings, ...rest });
  const child = spawn(process.execPath, [...nodeOptions, SCRIPT, argument], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const done = new Promise<ReadElsewhere>((resolve) => {
    child.on('close', (_code, signal) => {
      const last = output.trim().split('\n').at(-1) ?? '';
      const parsed = last.startsWith('{"outcome"')
        ? (JSON.parse(last) as { outcome: ReadElsewhere['outcome']; peakMegabytes: number })
        : { outcome: null, peakMegabytes: 0 };
      resolve({ ...parsed, output, signal });
    });
  });
  return { child, done };
}
