// `npm start` as a person runs it: a process of its own in a home of its own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const READ_MILLISECONDS = 180_000;
const STOP_MILLISECONDS = 30_000;

/** Folder of the project. */
export const root = path.resolve(import.meta.dirname, '..', '..');

/** Runs `npm start` in an empty home, on a free port. */
export function startUntether() {
  const home = mkdtempSync(path.join(os.tmpdir(), 'untether-start-'));
  const environment = { ...process.env, UNTETHER_HOME: home, PORT: '0', DATABASE_URL: '' };
  const began = Date.now();
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });

  const running = {
    /** Seconds since `npm start`. */
    seconds: () => ((Date.now() - began) / 1_000).toFixed(1),
    output: () => output,
    /** Runs `untether` with these arguments over the same home; throws when it fails. */
    untether(...given) {
      const command = [path.join(root, 'dist', 'cli.js'), ...given];
      const done = spawnSync(process.execPath, command, { cwd: root, env: environment, encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`untether ${given.join(' ')} failed: ${done.stderr}`);
      return done.stdout.trim();
    },
    /** What `look` finds, as soon as it finds something. */
    async until(look, what) {
      while (Date.now() - began < READ_MILLISECONDS) {
        const found = await Promise.resolve()
          .then(look)
          .catch(() => undefined);
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`npm start ended before there was ${what}.`);
        await delay(250);
      }
      throw new Error(`There was not ${what} in ${READ_MILLISECONDS / 1_000} s.`);
    },
    address: () => running.until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0], 'the address of the web process'),
    /** Until every source has been read. */
    whole: () => running.until(() => output.includes('The status page is'), 'the summary'),
    /** Stops it; the exit code, how long it took and the processes that it left behind. */
    async stop() {
      const stopBegan = Date.now();
      // npm passes the signal on.
      child.kill('SIGTERM');
      const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), STOP_MILLISECONDS);
      const [code] = await exited;
      clearTimeout(timer);
      const left = spawnSync('pgrep', ['-af', home], { encoding: 'utf8' }).stdout.trim();
      rmSync(home, { recursive: true, force: true });
      return { code, left, seconds: ((Date.now() - stopBegan) / 1_000).toFixed(1) };
    },
  };
  return running;
}
