// From asking to stock that is reserved: the commands beside the same SQL statements sent bare, at 1, 10 and 50 connections.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createDataSource, JOB_LIMITS } from '../../dist/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/database/embedded-postgres.js';
import { migrate } from '../../dist/database/migrator.js';
import { Transactor } from '../../dist/database/transactor.js';
import { BeneficiariesQueries } from '../../dist/requests/asking/beneficiaries.queries.js';
import { RequestsService } from '../../dist/requests/asking/requests.service.js';
import { DecisionsService } from '../../dist/requests/decisions/decisions.service.js';
import { ProgrammeQueries } from '../../dist/rollout/programme.queries.js';

const CONNECTIONS = [1, 10, 50];
const PEOPLE = 400;
const SECONDS = 4;
const ROUNDS = 3;
/** Numbers that the database gives begin here, so that none of them is taken for a step or a quantity. */
const FIRST_NUMBER = 1_000_000;
/** Entries of the trail have higher numbers than everything else. */
const FIRST_AUDIT = 50 * FIRST_NUMBER;
const NOW = new Date('2026-11-23T10:00:00Z');

const person = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const actor = (number) => ({
  actor: `person:${person(number)}`,
  personEntraId: person(number),
  permissions: new Set(['own:read']),
});
const [HEAD, MANAGER, HOLDER, FIRST] = [1, 2, 3, 4];

/** Measures at every number of connections; returns the lines to print. */
export async function benchRequests() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'untether-bench-'));
  const postgres = await startEmbeddedPostgres(path.join(folder, 'data'), ['max_connections=120']);
  try {
    const { host, user } = postgres.connection;
    const admin = await createDataSource({ host, username: user, database: 'postgres' }, JOB_LIMITS).initialize();
    await admin.query('create database requests');
    await admin.destroy();
    const address = { host, username: user, database: 'requests' };
    const [product, recorded] = await withDataSource(address, 4, async (dataSource) => {
      await migrate(dataSource);
      const filled = await fill(dataSource);
      return [filled, await record(dataSource, filled)];
    });
    const lines = ['from submission to stock that is reserved, both approvals included'];
    for (const connections of CONNECTIONS) {
      lines.push(
        await withDataSource(address, connections, (all) => measure(all, address, connections, product, recorded)),
      );
    }
    return lines;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Connections are given back before the server ends, so that an error is not hidden by theirs. */
async function withDataSource(address, connections, work) {
  const dataSource = await createDataSource(address, { ...JOB_LIMITS, connections }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function measure(dataSource, address, connections, product, recorded) {
  const { host, username: user, database } = address;
  const clients = Array.from({ length: connections }, () => new pg.Client({ host, user, database }));
  const services = servicesOf(new Transactor(dataSource), dataSource);
  const [commands, bare] = [[], []];
  try {
    await Promise.all(clients.map((client) => client.connect()));
    // In turn, so that a machine that slows down slows both down.
    for (let round = 0; round < ROUNDS; round++) {
      commands.push(await rate(connections, (each) => ask(services, product, FIRST + (each % PEOPLE))));
      bare.push(await rate(connections, (each, worker) => replay(clients[worker], recorded, FIRST + (each % PEOPLE))));
    }
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
  const [own, floor] = [median(commands), median(bare)];
  return (
    `  ${connections} connections: ${own.toFixed(0)} requests a second; ` +
    `floor ${floor.toFixed(0)} for the same ${recorded.statements.length} statements sent bare = ${(floor / own).toFixed(2)}x the floor's time`
  );
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** How many are done in a second by so many workers at once. */
async function rate(workers, work) {
  const until = performance.now() + SECONDS * 1000;
  const begun = performance.now();
  let done = 0;
  const loop = async (_none, worker) => {
    while (performance.now() < until) await work(done++, worker);
  };
  await Promise.all(Array.from({ length: workers }, loop));
  return (done * 1000) / (performance.now() - begun);
}

function servicesOf(transactor, dataSource) {
  const beneficiaries = new BeneficiariesQueries(dataSource, new ProgrammeQueries(dataSource));
  return { requests: new RequestsService(transactor, beneficiaries), decisions: new DecisionsService(transactor) };
}

/** One request for one person: a draft, its submission, the line manager's and the budget holder's approval. */
async function ask({ requests, decisions }, productId, beneficiary) {
  const line = {
    beneficiaryEntraId: person(beneficiary),
    productId,
    quantity: 1,
    bundleId: null,
    exceptionReason: null,
    privateReason: null,
    replacesDeviceId: null,
  };
  const details = {
    neededBy: '2026-12-18',
    delivery: 'site',
    site: 'Civic Centre',
    reason: null,
    costCentreCode: 'CC',
  };
  const { id: requestId } = await requests.begin({ details, lines: [line], idempotencyKey: null }, actor(MANAGER));
  const submission = { requestId, version: null, totalPence: null, exceptionReason: null, returns: new Map() };
  await requests.submit({ ...submission, idempotencyKey: null }, actor(MANAGER), NOW);
  const decision = { requestId, revision: 1, outcome: 'approved', reason: null, idempotencyKey: null };
  await decisions.decide({ ...decision, step: 1 }, actor(HEAD), NOW);
  const { state } = await decisions.decide({ ...decision, step: 2 }, actor(HOLDER), NOW);
  if (state !== 'approved') throw new Error('A request was not approved.');
}

/** Does it once and keeps every statement, its values and what came back. */
async function record(dataSource, product) {
  const statements = [];
  const watched = {
    createQueryRunner: () => {
      const runner = dataSource.createQueryRunner();
      const query = runner.query.bind(runner);
      return Object.assign(runner, {
        query: async (text, values, ...more) => {
          const result = await query(text, values, ...more);
          // What TypeORM makes of an update is its rows and how many there were.
          const rows = Array.isArray(result?.[0]) ? result[0] : (result ?? []);
          statements.push({ text, values: values ?? [], rows });
          return result;
        },
      });
    },
  };
  await ask(servicesOf(new Transactor(watched), dataSource), product, FIRST);
  return { statements, beneficiary: person(FIRST) };
}

/** Sends the recorded statements again, with the numbers that the database gives this time. */
async function replay(client, { statements, beneficiary }, forWhom) {
  const given = new Map();
  const people = [beneficiary, person(forWhom)];
  try {
    for (const { text, values, rows } of statements) {
      const result = await client.query(
        text,
        values.map((value) => translated(value, given, people)),
      );
      learn(rows, result.rows ?? [], given);
    }
  } catch (error) {
    // A deadlock, which the commands repeat.
    if (error.code !== '40P01') throw error;
    await client.query('rollback');
  }
}

/** A message has a digest of its own. */
const MESSAGE_KEY = /"message_key":"[0-9a-f]{40}"/g;
const NUMBERS = /\d{7,}(?![-\d])/g;

function translated(value, given, people) {
  if (value instanceof Date) return given.get(value.toISOString()) ?? value;
  if (typeof value === 'number') return value >= FIRST_NUMBER ? Number(given.get(String(value)) ?? value) : value;
  if (Array.isArray(value)) return value.map((each) => translated(each, given, people));
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(...people)
    .replace(NUMBERS, (number) => given.get(number) ?? number)
    .replace(MESSAGE_KEY, () => `"message_key":"${randomBytes(20).toString('hex')}"`);
}

/** Which number and instant stands for which: those that a statement gave then, and gives now. */
function learn(before, now, given) {
  if (before instanceof Date && now instanceof Date) {
    given.set(before.toISOString(), now);
    return;
  }
  if (typeof before === 'object' && before !== null) {
    for (const key of Object.keys(before)) if (now?.[key] !== undefined) learn(before[key], now[key], given);
    return;
  }
  const [from, to] = [Number(before), Number(now)];
  if (!Number.isSafeInteger(from) || from < FIRST_NUMBER) return;
  given.set(String(from), String(to));
  // The trail counts on from its head by itself.
  if (from >= FIRST_AUDIT) for (let next = 1; next <= 4; next++) given.set(String(from + next), String(to + next));
}

/** People, a cost centre, and more of one product than anybody asks for. @returns the product */
async function fill(dataSource) {
  await dataSource.query(
    `insert into person (entra_id, user_principal_name, display_name, account_enabled, user_type, office_location, cost_centre, manager_entra_id)
     select '00000000-0000-4000-8000-' || lpad(n::text, 12, '0'), 'p' || n || '@council.example', 'Person ' || n, true, 'Member',
            'Civic Centre', 'CC', case when n > 3 then $2 when n > 1 then $1 end
     from generate_series(1, $3::integer) as n`,
    [person(HEAD), person(MANAGER), PEOPLE + FIRST],
  );
  await dataSource.query(
    `insert into cost_centre (code, name, budget_holder_entra_id, changed_by) values ('CC', 'Care', $1, 'system:bench')`,
    [person(HOLDER)],
  );
  const [product] = await dataSource.query(
    `insert into product (name, kind, serialised, price_pence, changed_by) values ('Bag', 'bag', false, 1000, 'system:bench') returning id`,
  );
  await dataSource.query(`insert into stock_place (name, changed_by) values ('Stores', 'system:bench')`);
  await dataSource.query(
    `insert into stock_movement (product_id, place_id, kind, quantity, actor)
     select $1, id, 'received', 10000000, 'system:bench' from stock_place`,
    [product.id],
  );
  const tables = ['equipment_request', 'request_line', 'reservation'];
  for (const [index, table] of tables.entries()) {
    await dataSource.query(`alter table ${table} alter column id restart with ${FIRST_NUMBER * (index + 1)}`);
  }
  await dataSource.query(`update audit_chain set head_id = ${FIRST_AUDIT}`);
  await dataSource.query('vacuum (analyze)');
  return product.id;
}
