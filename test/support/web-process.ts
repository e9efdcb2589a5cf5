import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fetchAs } from './signed-in-fetch.js';

/** What `npm run build` made of src/main.ts. */
export const MAIN = path.join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** A web process of its own, as it is started in production. */
export interface WebProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly metricsUrl: string | null;
  /** Resolves to the exit code and signal. */
  readonly exited: Promise<[code: number | null, signal: string | null]>;
}

/** Starts the built web process on a free port with these settings and nothing else from the environment. */
export async function startWebProcess(environment: Record<string, string>): Promise<WebProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const ready = await new Promise<string | null>((resolve) => {
    let written = '';
    child.stdout.on('data', (chunk: Buffer) => {
      // Kept only until the process is ready; its later lines are read and dropped.
      written = written.slice(-20_000) + chunk.toString();
      const line = written.split('\n').find((candidate) => candidate.includes('"web ready"'));
      if (line?.endsWith('}')) resolve(line);
    });
    void exited.then(() => resolve(null));
  });
  if (ready === null) throw new Error(`The web process did not start: ${Buffer.concat(complaints).toString()}`);
  const { url, metrics } = JSON.parse(ready) as { url: string; metrics: string | null };
  // Asked as an administrator, as the other processes of specs are.
  if (environment['DATABASE_URL']) fetchAs(url, { address: { url: environment['DATABASE_URL'] } });
  return { child, url, metricsUrl: metrics, exited };
}
