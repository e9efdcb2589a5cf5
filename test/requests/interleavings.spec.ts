import { jest } from '@jest/globals';
import pg from 'pg';
import { stockEquipment, type Equipment, type Sql } from '../support/request-fixture.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { rowsOf } from './guard-proofs.js';
import { INTERLEAVED } from './interleaved-scripts.js';
import { interleavings, runInterleaved, Side } from './interleaving.js';
import { unsound } from './sound-sums.js';

jest.setTimeout(120_000);

describe('two connections in every order of their statements', () => {
  let database: TestDatabase;
  let clients: pg.Client[];
  let pids: number[];
  let sql: Sql;
  let equipment: Equipment;
  let number = 0;
  beforeAll(async () => {
    database = await createTestDatabase();
    clients = Array.from({ length: 3 }, () => new pg.Client({ connectionString: database.url }));
    for (const client of clients) {
      await client.connect();
      // A deadlock would be found late otherwise, and the order be told apart from a wait late with it.
      await client.query(`set deadlock_timeout = '50ms'`);
    }
    pids = await Promise.all(
      clients.map(
        async (client) => (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0,
      ),
    );
    sql = rowsOf(clients[2] as pg.Client);
    equipment = await stockEquipment(sql);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  const isBlocked = async (pid: number): Promise<boolean> => {
    const [row] = await sql.query<{ blocked: boolean }[]>('select cardinality(pg_blocking_pids($1)) > 0 as blocked', [
      pid,
    ]);
    return row?.blocked === true;
  };
  const side = (index: number, script: readonly string[]): Side =>
    new Side({ client: clients[index] as pg.Client, pid: pids[index] ?? 0, isBlocked }, script);

  it.each(INTERLEAVED.map((scripts) => [scripts.keeps, scripts] as const))('%s', async (_keeps, scripts) => {
    const orders = new Map<string, string>();
    const lengths = await lengthsOf(scripts);
    for (const order of interleavings(...lengths)) {
      number += 1;
      const scene = await scripts.scene(sql, equipment, number);
      const endings = await runInterleaved(order, {
        a: side(0, scripts.a(scene, equipment)),
        b: side(1, scripts.b(scene, equipment)),
      });
      const committed = [endings.a, endings.b].filter((ending) => ending === 'committed').length;
      orders.set(order.join(''), `${endings.a}, ${endings.b}`);
      const sound = scripts.query
        ? await sql.query<{ sound: boolean }[]>(scripts.query(scene, endings))
        : [{ sound: true }];
      expect({ order: order.join(''), endings, isRight: scripts.commits.includes(committed), sound }).toEqual({
        order: order.join(''),
        endings,
        isRight: true,
        sound: [{ sound: true }],
      });
    }
    expect(orders.size).toBe(binomial(...lengths));
    expect(await unsound(sql)).toEqual([]);
  });

  async function lengthsOf(scripts: (typeof INTERLEAVED)[number]): Promise<[number, number]> {
    number += 1;
    const scene = await scripts.scene(sql, equipment, number);
    return [scripts.a(scene, equipment).length, scripts.b(scene, equipment).length];
  }
});

/** How many orders two scripts have: (a + b)! / (a! b!). */
function binomial(a: number, b: number): number {
  let orders = 1;
  for (let step = 1; step <= b; step++) orders = (orders * (a + step)) / step;
  return Math.round(orders);
}
