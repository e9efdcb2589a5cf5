import { existsSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { insertEstate } from '../support/estate-rows.js';
import { hiddenFieldsOf } from '../support/send-form.js';
import { signIn, type TestSession } from '../support/sign-in.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { MAIN, startWebProcess } from '../support/web-process.js';

/** People who check their connection at once. */
const CHECKS = 50;
const SEARCHES = 60;
/** What a search may take beside them, of what it takes alone: so many times, or so many ms more, whichever is longer. */
const TIMES = 3;
const MORE = 40;
const FILE = 3_200_000;

// Everything runs on one machine here: what else it is busy with must not decide alone.
jest.retryTimes(2);

describe('many connection checks at once', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    expect(existsSync(MAIN)).toBe(true);
    database = await createTestDatabase();
    await insertEstate(database.dataSource, { people: 1_000, devices: 2_000 });
  });
  afterAll(() => database?.drop());

  it('leave the search as quick as is promised', async () => {
    const { alone, beside, begun } = await measured({});
    process.stderr.write(
      `search, 95th percentile: ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside ${CHECKS} checks\n`,
    );
    expect(begun).toBeGreaterThan(0);
    expect(beside).toBeLessThanOrEqual(promised(alone));
  }, 120_000);

  it('would not without the limits', async () => {
    const without = { CONNECTION_CHECKS_AT_ONCE: '1000', CONNECTION_CHECKS_MBPS: '100000' };
    const { alone, beside, begun } = await measured(without);
    process.stderr.write(`without limits: ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside them\n`);
    expect(begun).toBeGreaterThanOrEqual(CHECKS);
    expect(beside).toBeGreaterThan(promised(alone));
  }, 120_000);

  const promised = (alone: number): number => Math.max(alone * TIMES, alone + MORE);

  /** The 95th percentile of searches, in ms, alone and beside the checks, and how many checks found a place. */
  async function measured(
    environment: Record<string, string>,
  ): Promise<{ alone: number; beside: number; begun: number }> {
    const web = await startWebProcess({ DATABASE_URL: database.url, ...environment });
    const people = await Promise.all(Array.from({ length: CHECKS }, () => signIn(database, web.url, null)));
    const desk = await signIn(database, web.url, 'service-desk');
    try {
      await searches(web.url, desk, 30);
      const alone = await searches(web.url, desk, SEARCHES);
      const stop = new AbortController();
      let begun = 0;
      const checks = people.map((who) => check(web.url, who, stop.signal, () => begun++).catch(() => undefined));
      await delay(1_000);
      const beside = await searches(web.url, desk, SEARCHES);
      stop.abort();
      await Promise.all(checks);
      return { alone, beside, begun };
    } finally {
      web.child.kill('SIGKILL');
      await web.exited;
    }
  }
});

/** Searches one after the other, each with other words, on a connection of their own. @returns the 95th percentile, ms */
async function searches(url: string, { headers }: TestSession, count: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const begun = performance.now();
    const status = await answerOf(`${url}/api/v1/search?q=shah${at % 40}&limit=5`, { headers, agent });
    times.push(performance.now() - begun);
    expect(status).toBe(200);
  }
  agent.destroy();
  return times.sort((left, right) => left - right)[Math.floor(count * 0.95)] ?? Infinity;
}

/** What the script of the page does, over and over: a place, replies, files down and up. */
async function check(url: string, who: TestSession, signal: AbortSignal, began: () => void): Promise<void> {
  const { headers } = who;
  const html = await (await fetch(`${url}/me/connection`, { headers, signal })).text();
  const form = new URLSearchParams(hiddenFieldsOf(html, '/me/connection/result'));
  const body = new URLSearchParams({ token: form.get('token') ?? '' });
  for (;;) {
    const answer = await fetch(`${url}/me/connection/begin`, { method: 'POST', headers, body, signal });
    if (answer.status === 429) {
      await answer.body?.cancel();
      await delay(Number(answer.headers.get('retry-after')) * 1_000, null, { signal });
      continue;
    }
    const { ticket } = (await answer.json()) as { ticket: string };
    began();
    const transfers = `${url}/me/connection/transfers/${ticket}`;
    const down = (bytes: number) => answerOf(`${transfers}/down?bytes=${bytes}`, { headers, signal });
    for (let count = 0; count < 30; count++) await down(0);
    for (let count = 0; count < 4; count++) await Promise.all([1, 2, 3, 4].map(() => down(FILE)));
    await fetch(`${transfers}/end`, { method: 'POST', headers, body, signal });
  }
}

/** Asks and drops what comes. @returns the status, when all of it has come */
function answerOf(url: string, options: http.RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(url, options, (answer) => {
        answer.on('data', () => undefined);
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', reject);
      })
      .on('error', reject);
  });
}
