import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RUN_POINTS, type RunPoint } from '../../src/sync/run-hooks.js';
import type { RunOutcome } from '../../src/sync/sync.types.js';
import { startRun } from '../support/run-child.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { fillPersonOwnedTables, PERSON_OWNED_TABLES, stateOf } from '../support/state-of.js';
import { differences } from './oracle.js';

/** Rounds over all points at which a process may die. */
const ROUNDS = 20;

describe('processes that die', () => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await createSyncBench({
      people: 150,
      seed: 41,
      emulator: { pageSizeLimit: 60 },
      timings: { leaseSeconds: 1, runSeconds: 600 },
    });
  });
  afterAll(() => bench.close());

  it(`F-40 kill -9 at every point of a run, ${ROUNDS} rounds: one clean run later the database equals the tenant`, async () => {
    const killed: Record<string, number> = {};
    await fillPersonOwnedTables(bench);
    const owned = await stateOf(bench, PERSON_OWNED_TABLES);
    for (let round = 0; round < ROUNDS; round++) {
      // A process dies with two runs, each at a point of its own.
      for (let index = 0; index < RUN_POINTS.length; index += 2) {
        await passOneDay(bench);
        const deaths = RUN_POINTS.slice(index, index + 2).map((point, offset) => ({
          source: offset === 0 ? ('managed-devices' as const) : ('entra-devices' as const),
          point,
          visit: point === 'page-staged' ? 1 + (round % 2) : 1,
        }));
        const { reached, signal } = await startRun(bench, { deaths, leaseSeconds: 1 }).done;
        expect(signal).toBe(reached.length > 0 ? 'SIGKILL' : null);
        for (const point of reached) killed[point] = (killed[point] ?? 0) + 1;
      }
      await delay(1_100);
      for (const source of ['managed-devices', 'entra-devices'] as const) {
        expect(await bench.run(source)).toMatchObject({ outcome: 'finished', error: null });
      }
      expect(await differences(bench, ['managed-devices', 'entra-devices'])).toEqual([]);
      expect(await bench.query(`select 1 from sync_run where status = 'running'`)).toEqual([]);
    }
    expect(await stateOf(bench, PERSON_OWNED_TABLES)).toEqual(owned);
    // A delta of one page never reaches the second visit, so that point may miss a few deaths.
    for (const point of RUN_POINTS) expect([point, (killed[point] ?? 0) >= ROUNDS / 2]).toEqual([point, true]);
  }, 480_000);

  it.each<RunPoint>(['page-staged', 'read-complete', 'before-commit'])(
    'F-48 a process that is paused at %s past its lease applies nothing when it wakes',
    async (point) => {
      await passOneDay(bench);
      const zombie = startRun(bench, { sources: ['managed-devices'], point, signal: 'SIGSTOP', leaseSeconds: 1 });
      await stopped(zombie.child.pid ?? 0);
      await bench.emulator.write({ kind: 'advance', days: 1 });
      await delay(1_200);
      const run = await runWhenFree(bench);
      expect(run).toMatchObject({ outcome: 'finished', status: 'succeeded' });
      const before = await stateOf(bench);
      zombie.child.kill('SIGCONT');
      const { outcomes } = await zombie.done;
      expect(outcomes?.[0]).toMatchObject({ outcome: 'finished' });
      expect(['abandoned', 'failed']).toContain((outcomes?.[0] as { status: string }).status);
      expect(await stateOf(bench)).toEqual(before);
      expect(await differences(bench, ['managed-devices'])).toEqual([]);
    },
    60_000,
  );

  it('F-47 of several processes at once exactly one runs a source, and a scheduled slot is run once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => bench.another()));
    const services = [bench.sync, ...others.map((other) => other.sync)];
    try {
      for (let tick = 0; tick < 12; tick++) {
        const slot = new Date(Date.UTC(2026, 0, 1, 0, tick));
        const outcomes = await Promise.all(
          services.map((service) => service.run('subscribed-skus', { trigger: 'schedule', slot })),
        );
        const ran = outcomes.filter((outcome) => outcome.outcome === 'finished');
        expect(ran).toHaveLength(1);
        expect(await bench.sync.run('subscribed-skus', { trigger: 'schedule', slot })).toMatchObject({
          outcome: 'refused',
          reason: 'slot-taken',
        });
      }
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
    const twice = await bench.query(
      `select slot from sync_run where slot is not null group by slot having count(*) > 1`,
    );
    expect(twice).toEqual([]);
  });

  it('F-42 connections that the database ends in the middle of a run cost that run and nothing else', async () => {
    let armed = true;
    const other = await bench.another({
      hook: async (point) => {
        if (!armed || point !== 'before-commit') return;
        armed = false;
        await bench.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        );
      },
    });
    try {
      await passOneDay(bench);
      const before = await stateOf(bench);
      const outcome = await other.sync.run('managed-devices', { trigger: 'command' });
      expect(outcome).toMatchObject({ status: 'failed', error: { code: 'database_unavailable' } });
      expect(await stateOf(bench)).toEqual(before);
      expect(await other.sync.run('managed-devices', { trigger: 'command' })).toMatchObject({ status: 'succeeded' });
      expect(await differences(bench, ['managed-devices'])).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('F-41 when the answer to COMMIT is lost, the run says what really happened and running again is harmless', async () => {
    const proxy = await commitEatingProxy(bench);
    try {
      await passOneDay(bench);
      const { outcomes } = await startRun(bench, { sources: ['managed-devices'], url: proxy.url }).done;
      expect(proxy.eaten()).toBeGreaterThan(0);
      const outcome = outcomes?.[0] as Extract<RunOutcome, { outcome: 'finished' }>;
      const [record] = await bench.query<{ status: string }>(`select status from sync_run where id = $1`, [
        outcome.runId,
      ]);
      expect(outcome.status).toBe(record?.status);
      expect(await bench.run('managed-devices')).toMatchObject({ status: 'succeeded' });
      expect(await differences(bench, ['managed-devices'])).toEqual([]);
    } finally {
      await proxy.close();
    }
  }, 60_000);

  it.each([-10, 10])('F-38 a machine whose clock is off by %s minutes reads and decides the same', async (minutes) => {
    await passOneDay(bench);
    const { outcomes } = await startRun(bench, { sources: ['managed-devices', 'users'], clockOffsetMinutes: minutes })
      .done;
    expect(outcomes).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect(await differences(bench, ['managed-devices', 'person'])).toEqual([]);
  });
});

describe('small machines', () => {
  it('F-64 thousands of devices are read on a heap of 128 MB', async () => {
    const bench = await createSyncBench({ people: 6_000, emulator: { pageSizeLimit: 250 } });
    try {
      const { outcomes, output } = await startRun(bench, {
        sources: ['managed-devices'],
        nodeOptions: ['--max-old-space-size=128'],
      }).done;
      expect(output).not.toContain('heap out of memory');
      expect(outcomes?.[0]).toMatchObject({
        status: 'succeeded',
        rowsRead: bench.tenant.list('managedDevices').length,
      });
      expect(bench.tenant.list('managedDevices').length).toBeGreaterThan(6_000);
    } finally {
      await bench.close();
    }
  }, 60_000);
});

/**
 * A day in the tenant and in the database: without the latter, weeks of ordinary departures within one real minute would
 * look like the slow bleed that the removal guard holds.
 */
async function passOneDay(bench: SyncBench): Promise<void> {
  await bench.emulator.write({ kind: 'advance', days: 1 });
  for (const table of ['person', 'device_record']) {
    await bench.query(
      `update ${table} set absent_since = absent_since - interval '1 day' where absent_since is not null`,
    );
  }
}

/** Waits until the process has stopped itself. */
async function stopped(pid: number): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (let attempt = 0; attempt < 200; attempt++) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/\) T /.test(status)) return;
    await delay(50);
  }
  throw new Error('The process did not stop itself.');
}

/** A run as soon as the lease of the paused process has run out, or the server has ended its transaction. */
async function runWhenFree(bench: SyncBench): Promise<RunOutcome> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await bench.sync.run('managed-devices', { trigger: 'command' });
    if (outcome.outcome === 'finished' || attempt > 50) return outcome;
    await delay(100);
  }
}

/**
 * Passes bytes between a client and the database, but for one answer to the COMMIT that ends a merge: there it closes
 * the connection instead.
 */
async function commitEatingProxy(bench: SyncBench): Promise<{ url: string; eaten(): number; close(): Promise<void> }> {
  const direct = new URL(bench.database.url);
  const folder = direct.searchParams.get('host');
  const target: net.NetConnectOpts =
    folder === null
      ? { host: direct.hostname, port: Number(direct.port || 5432) }
      : { path: path.join(folder, '.s.PGSQL.5432') };
  let eaten = 0;
  const server = net.createServer((client) => {
    const upstream = net.connect(target);
    let merging = false;
    let eat = false;
    client.on('data', (data) => {
      const text = data.toString('latin1');
      if (text.includes('update sync_run set status = $2, stage')) merging = true;
      if (merging && text.includes('COMMIT') && eaten === 0) {
        eaten++;
        eat = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (eat) client.destroy();
      else client.write(data);
    });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const url = new URL(direct);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    eaten: () => eaten,
    close: async () => {
      server.close();
    },
  };
}
