import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Size from which a log file is put aside at the next start. */
const LOG_BYTES = 10 * 1024 * 1024;
/** Lines of a log that are shown when its process ended unexpectedly. */
const LINES_SHOWN = 5;

/** A process of ours that was started by this one. */
export interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, however that came about, with how in words. */
  readonly ended: Promise<string>;
  /** The address that the process announced, once it has. */
  readonly address: Promise<string>;
  hasEnded(): boolean;
  /** Asks it to end, and ends it outright when it has not done so in time. */
  stop(milliseconds: number): Promise<void>;
  kill(): void;
  /** The last lines of its log, to say why it ended. */
  lastWords(): string;
}

/**
 * Starts one of our own programs with its log in a file. It runs in a session of its own, so that Ctrl+C reaches only
 * this process and the order of stopping is ours, and it follows this process through the channel between the two.
 * @param script file name in the folder of compiled programs, such as `worker.js`
 * @param nodeOptions options of Node besides those of this process
 */
export function startProcess(
  name: string,
  script: string,
  args: readonly string[],
  logFolder: string,
  nodeOptions: readonly string[] = [],
): StartedProcess {
  const logFile = path.join(logFolder, `${name}.log`);
  const log = openLog(logFile);
  const beganAt = statSync(logFile).size;
  const child = fork(path.join(import.meta.dirname, '..', script), args, {
    detached: true,
    execArgv: [...process.execArgv, ...nodeOptions],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let endedHow: string | null = null;
  const ended = waitForEnd(child).then((how) => (endedHow = how));
  const address = new Promise<string>((resolve) => {
    child.on('message', (message: { readonly address?: unknown }) => {
      if (typeof message.address === 'string') resolve(message.address);
    });
  });
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    ended,
    address,
    hasEnded: () => endedHow !== null,
    stop: async (milliseconds) => {
      if (endedHow !== null) return;
      child.kill('SIGTERM');
      await Promise.race([ended, delay(milliseconds, undefined, { ref: false })]);
      if (endedHow === null) child.kill('SIGKILL');
      await ended;
    },
    kill: () => {
      if (endedHow === null) child.kill('SIGKILL');
    },
    lastWords: () => lastLines(readFileSync(logFile, 'utf8').slice(beganAt)),
  };
}

async function waitForEnd(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  } catch (error) {
    return `before it began (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`;
  }
}

function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    if (statSync(file).size > LOG_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // The first start has no log yet.
  }
  return openSync(file, 'a', 0o600);
}

/** What was written last; of log lines only the message, since the rest is for machines. */
export function lastLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES_SHOWN)
    .map((line) => {
      try {
        const { msg, err } = JSON.parse(line) as {
          readonly msg?: string;
          readonly err?: { readonly message?: string };
        };
        return [msg, err?.message].filter(Boolean).join(': ');
      } catch {
        return line;
      }
    })
    .join('\n');
}
