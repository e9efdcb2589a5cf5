import { jest } from '@jest/globals';
import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand, startCommand, temporaryHome } from './command.js';

/** A started command whose output is kept. */
interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly code: Promise<number | null>;
}

const onLinux = process.platform === 'linux';

describe('untether start', () => {
  jest.setTimeout(300_000);
  let home: string;
  let remove: () => void;
  let settings: Record<string, string>;

  let prepared: ReturnType<typeof temporaryHome>;

  // A tenant of a few people is there already, so that nothing here takes long.
  beforeAll(async () => {
    prepared = temporaryHome();
    settings = { UNTETHER_HOME: prepared.home };
    const demo = start(['demo', 'start', '--people', '60', '--port', '0']);
    await until(demo, () => demo.output().includes('Demonstration tenant of 60 people'));
    demo.child.kill('SIGTERM');
    expect(await demo.code).toBe(0);
  });
  afterAll(() => prepared.remove());
  beforeEach(() => {
    ({ home, remove } = temporaryHome());
    settings = { UNTETHER_HOME: home, PORT: '0' };
    cpSync(prepared.home, home, { recursive: true });
  });
  afterEach(() => {
    for (const pid of leftBehind()) process.kill(pid, 'SIGKILL');
    remove();
  });

  function start(args: readonly string[]): Started {
    const child = startCommand(args, settings);
    let text = '';
    child.stdout?.on('data', (data) => (text += String(data)));
    child.stderr?.on('data', (data) => (text += String(data)));
    const code = once(child, 'close').then(([ended]) => ended as number | null);
    return { child, output: () => text, code };
  }

  async function until(started: Started, look: () => boolean | Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 1_200; attempt++) {
      if (await look()) return;
      if (started.child.exitCode !== null) break;
      await delay(100);
    }
    throw new Error(`It did not come to that:\n${started.output()}`);
  }

  const summedUp = (started: Started): Promise<void> =>
    until(started, () => started.output().includes('The status page is'));

  /** Processes whose settings or arguments name this test's home, zombies left out. */
  function leftBehind(): number[] {
    const listed = execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' });
    return listed
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([pid, state]) => state?.startsWith('Z') === false && speaksOf(Number(pid)))
      .map(([pid]) => Number(pid));
  }

  function speaksOf(pid: number): boolean {
    try {
      return ['environ', 'cmdline'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(home));
    } catch {
      return false;
    }
  }

  async function nobodyLeft(milliseconds: number): Promise<number[]> {
    const deadline = Date.now() + milliseconds;
    while (leftBehind().length > 0 && Date.now() < deadline) await delay(200);
    return leftBehind();
  }

  it('reads the whole tenant, sums it up, refuses a second start and stops in order', async () => {
    const started = start(['start']);
    await summedUp(started);
    const output = started.output();
    const address = /Untether is at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
    expect(output).toContain(`Sign in at ${address}/sign-in: choose one of the invented people`);
    const begun = await fetch(`${address}/sign-in`, { redirect: 'manual' });
    expect(begun.status).toBe(303);
    expect(begun.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\da-f-]{36}\/v2\.0\//);
    expect(output).toMatch(/users +succeeded \(full\)/);
    expect(output).toMatch(/people, [\d,]+ devices and [\d,]+ licence products, read in/);
    expect(output).toMatch(/The rollout of the demonstration has \d+ people, \d+ desktops and 2\d\d days of history/);
    expect(output).not.toMatch(/^\{"level"/m);
    const scopes = ['--scopes', 'sync:read'];
    const token = await runCommand(['tokens', 'create', '--name', 'A spec', '--service', 'spec', ...scopes], settings);
    expect(token.stdout).toMatch(/^untether_[\w-]{43}\n$/);
    const headers = { authorization: `Bearer ${token.stdout.trim()}` };
    const answer = await fetch(`${address}/api/v1/sync/sources`, { headers });
    const { items } = (await answer.json()) as { readonly items: readonly { lastRun: { status: string } }[] };
    expect(items.map((source) => source.lastRun.status)).toEqual(Array<string>(6).fill('succeeded'));

    const status = await runCommand(['status', '--json'], settings);
    expect(JSON.parse(status.stdout)).toMatchObject({ sources: expect.any(Array) as unknown });

    started.child.kill('SIGTERM');
    const began = Date.now();
    expect(await started.code).toBe(0);
    expect(Date.now() - began).toBeLessThan(30_000);
    if (onLinux) expect(await nobodyLeft(0)).toEqual([]);

    const again = start(['start']);
    await until(again, () => again.output().includes('kept in step'));
    expect(again.output()).toContain('The data is here already');
    expect(again.output()).not.toContain('Taking over');
    again.child.kill('SIGINT');
    expect(await again.code).toBe(0);
  });

  it('ends with 1 and names the process that ended', async () => {
    const started = start(['start']);
    await until(started, () => started.output().includes('users: succeeded'));
    const worker = leftBehind().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.js'));
    process.kill(worker ?? 0, 'SIGKILL');
    expect(await started.code).toBe(1);
    expect(started.output()).toContain('The worker process ended by signal SIGKILL');
    expect(started.output()).toContain(path.join(home, 'logs', 'worker.log'));
    expect(await nobodyLeft(0)).toEqual([]);
  });

  it('leaves nothing behind when it is killed in the middle of a run, and finishes it at the next start', async () => {
    const slow = start(['demo', 'start']);
    await until(slow, () => slow.output().includes('Demonstration tenant'));
    const fault = JSON.stringify({ name: 'latency', path: '/users', seconds: 600 });
    expect((await runCommand(['demo', 'faults', 'set', fault], settings)).code).toBe(0);
    const killed = start(['start']);
    await until(killed, () => killed.output().includes('Reading everything'));
    await until(killed, async () =>
      (await runCommand(['runs', '--source', 'users', '--json'], settings)).stdout.includes('"running"'),
    );
    killed.child.kill('SIGKILL');
    await killed.code;
    slow.child.kill('SIGTERM');
    await slow.code;
    expect(await nobodyLeft(30_000)).toEqual([]);

    const started = start(['start']);
    await until(started, () => started.output().includes('users: succeeded'));
    started.child.kill('SIGTERM');
    expect(await started.code).toBe(0);
    expect(await nobodyLeft(0)).toEqual([]);
  });

  it('stops at once at a second signal', async () => {
    const started = start(['start']);
    await until(started, () => started.output().includes('Reading everything'));
    started.child.kill('SIGINT');
    await delay(700);
    if (started.child.exitCode === null) started.child.kill('SIGINT');
    expect([0, 130]).toContain(await started.code);
    expect(await nobodyLeft(10_000)).toEqual([]);
  });

  it('says so when the port is taken, before anything is started', async () => {
    const other = start(['demo', 'start']);
    await until(other, () => other.output().includes('Demonstration tenant'));
    const port = /127\.0\.0\.1:(\d+)/.exec(other.output())?.[1] ?? '';
    const refused = await runCommand(['start'], { ...settings, PORT: port });
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain('PORT');
    other.child.kill('SIGTERM');
    expect(await other.code).toBe(0);
  });
});
