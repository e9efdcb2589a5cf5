import { setTimeout as delay } from 'node:timers/promises';
import { DemonstrationCalls } from '../../src/demo/tenant/calls.js';
import { createTenant } from '../../src/demo/tenant/demonstration-tenant.js';
import {
  addressesIn,
  CALL_TABLES,
  disagreements,
  enterRanges,
  kept,
  recounted,
  streamsOf,
  streamsTakenOver,
} from '../support/call-fixture.js';
import { readElsewhere } from '../support/call-records-child.js';
import { createSyncBench, type SyncBench } from '../support/sync-bench.js';
import { startTestWeb } from '../support/web.js';

const TENANT_ID = '11111111-2222-4333-8444-555555555555';
const DAY = 86_400_000;
/** Of the emulator: fixed, so that no call becomes known while a process reads. */
const NOW = Date.now();

async function benchWith(
  people: number,
  callsPerWorkday: number,
): Promise<{ bench: SyncBench; calls: DemonstrationCalls }> {
  const tenant = createTenant({ seed: 17, people });
  const calls = new DemonstrationCalls(tenant, TENANT_ID, callsPerWorkday);
  const bench = await createSyncBench({ tenant, emulator: { calls, clock: () => NOW } });
  await bench.run('users');
  await enterRanges(bench);
  return { bench, calls };
}

describe('processes that die while they read call records', () => {
  it('lose nothing: after kill -9 in the middle, again and again, the next reading ends as if nothing had been', async () => {
    const { bench, calls } = await benchWith(60, 20);
    try {
      let killed = 0;
      for (let round = 0; round < 3; round += 1) {
        const { child, done } = readElsewhere(bench, { leaseSeconds: 1 });
        const known = await taken(bench);
        for (const until = Date.now() + 20_000; Date.now() < until && child.exitCode === null;) {
          await delay(20);
          if ((await taken(bench)) > known + 40 * round) break;
        }
        child.kill('SIGKILL');
        if ((await done).signal === 'SIGKILL') killed += 1;
        await delay(1_100);
      }
      expect(killed).toBeGreaterThan(1);
      const { outcome } = await readElsewhere(bench).done;
      expect(outcome).toMatchObject({ outcome: 'finished', status: 'succeeded' });
      const [first] = await bench.query<{ begins: Date }>('select min(read_from) as begins from call_record_run');
      const from = first?.begins.getTime() ?? 0;
      expect(await streamsTakenOver(bench)).toEqual(streamsOf(calls, bench.tenant, { from, until: NOW, now: NOW }));
      expect(disagreements(await kept(bench), await recounted(bench))).toEqual([]);
      expect(await bench.query(`select 1 from call_record_run where status = 'running'`)).toEqual([]);
    } finally {
      await bench.close();
    }
  }, 240_000);
});

describe('a small machine', () => {
  it('reads a month of calls on a heap of 96 MB, and keeps no address of anybody', async () => {
    const { bench, calls } = await benchWith(200, 80);
    try {
      const { outcome, output } = await readElsewhere(bench, {
        nodeOptions: ['--max-old-space-size=96'],
        level: 'debug',
      }).done;
      expect(output).not.toContain('heap out of memory');
      expect(outcome).toMatchObject({ outcome: 'finished', status: 'succeeded' });
      expect(await taken(bench)).toBeGreaterThan(1_200);
      await expectNoAddress(bench, calls, output);
    } finally {
      await bench.close();
    }
  }, 240_000);
});

async function taken(bench: SyncBench): Promise<number> {
  const [row] = await bench.query<{ count: number }>('select count(*)::int as count from call_record');
  return row?.count ?? 0;
}

/** The ranges that the council entered itself are its own to keep. */
const COUNCILS_OWN = { table: 'public.network_range', file: '/api/v1/network/ranges.csv' };
/** Anything that looks like a network or hardware address. */
const ADDRESS = /[0-9a-f]{1,4}(?:[.:-][0-9a-f]{0,4}){2,7}/gi;

/** Looks for every address that the calls showed, in every table of every schema, in every CSV export and in the logs. */
async function expectNoAddress(bench: SyncBench, calls: DemonstrationCalls, log: string): Promise<void> {
  const given = addressesIn(calls, NOW - 31 * DAY, NOW);
  expect(given.size).toBeGreaterThan(200);
  const addressesOf = (text: string): string[] => [...text.matchAll(ADDRESS)].map(([found]) => found.toLowerCase());
  const found = new Set<string>();
  const look = (text: string, where: string): void => {
    for (const address of addressesOf(text)) if (given.has(address)) found.add(`${where}: ${address}`);
  };
  look(log, 'log');
  const tables = await bench.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(CALL_TABLES.map((table) => `public.${table}`)));
  for (const { name } of tables) {
    if (name === COUNCILS_OWN.table) continue;
    const rows = await bench.query<{ text: string }>(`select t::text as text from ${name} as t`);
    for (const { text } of rows) look(text, name);
  }
  const web = await startTestWeb(bench.database);
  try {
    const files = web.routes.filter(
      ({ method, path }) => method === 'GET' && /^[^:]+\.csv$/.test(path) && path !== COUNCILS_OWN.file,
    );
    expect(files.length).toBeGreaterThan(10);
    for (const { path } of files) look(await (await fetch(`${web.url}${path}`)).text(), path);
    for (const line of web.logLines) look(line, 'log of the web process');
  } finally {
    await web.close();
  }
  expect([...found]).toEqual([]);
  // The search itself finds what is there.
  const [known = ''] = given;
  look(`(7,"${known}",x)`, 'here');
  expect([...found]).toEqual([`here: ${known}`]);
}
