import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedConnection } from './embedded-postgres.js';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const MODULE = path.join(import.meta.dirname, '..', '..', 'dist', 'database', 'embedded-postgres.js');
/** Starts a server on the folder in its argument, says where it is and stays until it is told to stop. */
const OWNER = `
  const { startEmbeddedPostgres } = await import(${JSON.stringify(MODULE)});
  const server = await startEmbeddedPostgres(process.argv[1]);
  process.stdout.write(JSON.stringify(server) + '\\n');
  process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 1_000);
`;

interface Owner {
  readonly process: ChildProcess;
  readonly connection: EmbeddedConnection;
  readonly owned: boolean;
}

describe('the embedded Postgres', () => {
  let folder: string;
  let data: string;
  const owners: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'untether-embedded-'));
    data = path.join(folder, 'home', 'postgres');
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) await end(owner, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const startOwner = async (launcher: readonly string[] = [], environment: object = {}): Promise<Owner> => {
    const [command = '', ...args] = [...launcher, process.execPath, '--input-type=module', '-e', OWNER, data];
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    owners.push(child);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const line = await Promise.race([
      once(child.stdout, 'data').then(([chunk]) => (chunk as Buffer).toString()),
      once(child, 'exit').then(() => {
        throw new Error(`The owner ended: ${errors}`);
      }),
    ]);
    return { process: child, ...(JSON.parse(line) as Pick<Owner, 'connection' | 'owned'>) };
  };
  const postmaster = (): number => Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

  it('starts in a folder that does not exist yet, listens on its socket alone and leaves nothing behind', async () => {
    const server = await startEmbeddedPostgres(data, ['fsync=off']);
    expect(server.owned).toBe(true);
    expect(await ask(server.connection, 'show listen_addresses')).toBe('');
    expect(await ask(server.connection, 'show fsync')).toBe('off');
    expect(await ask(server.connection, 'show server_encoding')).toBe('UTF8');
    expect(Number(await ask(server.connection, 'show server_version_num'))).toBeGreaterThanOrEqual(150_000);
    const pid = postmaster();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(server.connection.host)).toBe(false);
    expect(existsSync(path.join(data, 'postmaster.pid'))).toBe(false);
  });

  it('is joined by a second process, which does not end it', async () => {
    const owner = await startOwner();
    const joined = await startEmbeddedPostgres(data);
    expect(joined).toMatchObject({ owned: false, connection: owner.connection });
    await joined.stop();
    expect(await ask(joined.connection, 'select 1')).toBe(1);
  });

  it('is started once by two processes at the same time', async () => {
    const both = await Promise.all([startOwner(), startOwner()]);
    expect(both.map((owner) => owner.owned).sort()).toEqual([false, true]);
    for (const { connection } of both) expect(await ask(connection, 'select 1')).toBe(1);
  });

  it('does not outlive its owner, however that one dies, and keeps what was committed', async () => {
    const owner = await startOwner();
    const pid = postmaster();
    await ask(owner.connection, 'create table kept as select 42 as answer');
    await end(owner.process, 'SIGKILL');
    await gone(pid, 5_000);
    const again = await startEmbeddedPostgres(data);
    try {
      expect(again.owned).toBe(true);
      expect(await ask(again.connection, 'select answer from kept')).toBe(42);
    } finally {
      await again.stop();
    }
  });

  it('removes the socket folders of dead servers and leaves those of living ones', async () => {
    const stale = mkdtempSync(path.join(os.tmpdir(), 'untether-postgres-'));
    const living = mkdtempSync(path.join(os.tmpdir(), 'untether-postgres-'));
    const empty = mkdtempSync(path.join(os.tmpdir(), 'untether-postgres-'));
    const fresh = mkdtempSync(path.join(os.tmpdir(), 'untether-postgres-'));
    try {
      // 4,194,305 is above the highest process id that Linux gives out.
      writeFileSync(path.join(stale, '.s.PGSQL.5432.lock'), '4194305\n');
      writeFileSync(path.join(living, '.s.PGSQL.5432.lock'), `${process.pid}\n`);
      const yesterday = new Date(Date.now() - 86_400_000);
      utimesSync(empty, yesterday, yesterday);
      await (await startEmbeddedPostgres(data)).stop();
      expect([stale, empty, living, fresh].map((at) => existsSync(at))).toEqual([false, false, true, true]);
    } finally {
      for (const at of [stale, empty, living, fresh]) rmSync(at, { recursive: true, force: true });
    }
  });

  it('runs as the unprivileged user when root has no user namespaces', async () => {
    if (!isRoot) return say('Only root changes users: this was not looked at.');
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'unshare'), '#!/bin/sh\nexit 1\n');
    chmodSync(path.join(bin, 'unshare'), 0o755);
    // Everybody may pass through the outer folder, as through any that a project is cloned into.
    chmodSync(folder, 0o755);
    const owner = await startOwner([], { PATH: `${bin}:${process.env['PATH']}` });
    expect(owner.owned).toBe(true);
    expect(await ask(owner.connection, 'select 1')).toBe(1);
    expect(readFileSync(`/proc/${postmaster()}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${NOBODY}\\s`, 'm'));
    const pid = postmaster();
    await end(owner.process, 'SIGKILL');
    await gone(pid, 5_000);
  });

  it('runs for an ordinary user', async () => {
    if (!isRoot) return say('This whole file already runs as an ordinary user.');
    chownSync(folder, NOBODY, NOBODY);
    const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
    const owner = await startOwner(asNobody);
    expect(owner.owned).toBe(true);
    expect(await ask(owner.connection, 'select current_user')).toBe('app');
    const pid = postmaster();
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${NOBODY}\\s`, 'm'));
    await end(owner.process, 'SIGTERM');
    await gone(pid, 5_000);
  });

  it('says on a platform without a package what to do', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'sunos' });
    try {
      const start = startEmbeddedPostgres(data);
      await expect(start).rejects.toBeInstanceOf(EmbeddedPostgresError);
      await expect(start).rejects.toThrow(/sunos.*DATABASE_URL/);
    } finally {
      if (platform) Object.defineProperty(process, 'platform', platform);
    }
    expect(existsSync(data)).toBe(false);
  });

  it('leaves a folder that holds something else as it is and says so', async () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'letter.txt'), 'Dear all');
    await expect(startEmbeddedPostgres(data)).rejects.toThrow(/did not start.*DATABASE_URL/s);
    expect(readdirSync(path.dirname(data))).toEqual(['postgres']);
    expect(readFileSync(path.join(data, 'letter.txt'), 'utf8')).toBe('Dear all');
  });

  it('says what to do when the folder holds the database of another version', async () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(path.join(data, 'PG_VERSION'), '9.6\n');
    await expect(startEmbeddedPostgres(data)).rejects.toThrow(/did not start.*DATABASE_URL/s);
    expect(existsSync(path.join(data, 'PG_VERSION'))).toBe(true);
  });
});

async function ask(connection: EmbeddedConnection, sql: string): Promise<unknown> {
  const client = new pg.Client({ ...connection });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function gone(pid: number, milliseconds: number): Promise<void> {
  for (const until = Date.now() + milliseconds; Date.now() < until; await delay(50)) if (!isAlive(pid)) return;
  throw new Error(`Process ${pid} is still there after ${milliseconds} ms.`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
