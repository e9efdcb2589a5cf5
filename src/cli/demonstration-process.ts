import path from 'node:path';
import type { Config } from '../config/config.types.js';
import { demonstrationFolder } from '../config/demonstration.js';
import { demonstrationStatus } from '../demo/demonstration-client.js';
import { readEndpoint, type DemonstrationEndpoint } from '../demo/demonstration-endpoint.js';
import { startProcess, type StartedProcess } from './child-process.js';
import { CommandError, EXIT } from './command-error.js';
import { pause } from './stop-signals.js';

/** How long a demonstration tenant may take to come up; one of 100,000 people takes well under a minute. */
const START_MILLISECONDS = 180_000;

/** Folder of the logs of the processes that a command starts. */
export function logFolder(home: string): string {
  return path.join(home, 'logs');
}

/** The demonstration tenant that runs in this home, or null. */
export async function runningDemonstration(home: string): Promise<DemonstrationEndpoint | null> {
  const endpoint = await readEndpoint(demonstrationFolder(home));
  if (endpoint === undefined) return null;
  return demonstrationStatus(endpoint).then(
    () => endpoint,
    () => null,
  );
}

/**
 * Starts the demonstration tenant as a process of its own and waits until it answers; null when one runs already.
 * @throws CommandError when it does not come up
 */
export async function startDemonstrationProcess(home: string, signal: AbortSignal): Promise<StartedProcess | null> {
  if ((await runningDemonstration(home)) !== null) return null;
  const child = startProcess('demonstration', 'cli.js', ['demo', 'start', '--home', home], logFolder(home));
  const deadline = Date.now() + START_MILLISECONDS;
  while (!child.hasEnded() && Date.now() < deadline && !signal.aborted) {
    const endpoint = await runningDemonstration(home);
    if (endpoint?.pid === child.pid) return child;
    await pause(100, signal);
  }
  const ended = child.hasEnded();
  await child.stop(2_000);
  if (signal.aborted) throw new CommandError('Stopped.', 'Nothing was changed.', EXIT.interrupted);
  throw new CommandError(
    `The demonstration tenant ${ended ? `ended ${await child.ended}` : 'did not come up'}: ${child.lastWords()}`,
    `Its log is ${child.logFile}.`,
    EXIT.unexpected,
  );
}

/**
 * Runs `work` with a tenant to read: in the demonstration case, when no demonstration tenant runs, one is started for as
 * long as the work takes.
 */
export async function withTenant<T>(config: Config, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (config.tenant.kind === 'tenant') return work();
  const child = await startDemonstrationProcess(config.home, signal);
  try {
    return await work();
  } finally {
    await child?.stop(5_000);
  }
}
