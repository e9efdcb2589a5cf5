// The least that a synchronisation can cost: the same pages fetched one after the other and parsed, then one COPY of
// their records into a plain table. It waits for each page before it parses it and for the last before it copies, so it
// never uses more than one core at a time where the product may use all; its heap has no cap where the product's has one.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Agent, fetch } from 'undici';
import { SOURCES } from '../../dist/sync/sources/registry.js';

const { endpoint, connection } = JSON.parse(process.argv[2]);
const dispatcher = new Agent({ connect: { ca: readFileSync(endpoint.caFile, 'utf8') } });
const token = await fetchToken();
const client = new pg.Client(connection);
await client.connect();
await client.query('create table floor (collection text, id text, record jsonb)');

const cursors = {};
process.on('message', async ({ kind }) => {
  await client.query('truncate floor');
  process.send(await measure(kind));
});
process.on('disconnect', () => process.exit(0));
process.send('ready');

async function measure(kind) {
  const started = performance.now();
  const lines = [];
  let requests = 0;
  const next = {};
  for (const source of Object.values(SOURCES)) {
    const delta = kind === 'delta' && source.deltaPath !== null;
    if (kind === 'full' && source.deltaPath !== null) {
      const page = await get(`${endpoint.baseUrl}/v1.0${source.deltaPath}&$deltatoken=latest`);
      next[source.name] = page['@odata.deltaLink'];
      requests++;
    }
    let link = delta ? cursors[source.name] : `${endpoint.baseUrl}/v1.0${source.listPath}`;
    while (link) {
      const page = await get(link);
      requests++;
      for (const record of page.value) lines.push([source.name, record]);
      if (delta && page['@odata.deltaLink']) next[source.name] = page['@odata.deltaLink'];
      link = page['@odata.nextLink'];
    }
  }
  const fetched = performance.now();
  await pipeline(Readable.from(rows(lines)), client.query(copyFrom('copy floor (collection, id, record) from stdin')));
  Object.assign(cursors, next);
  return { fetchMs: fetched - started, copyMs: performance.now() - fetched, rows: lines.length, requests };
}

function* rows(lines) {
  let chunk = '';
  for (const [name, record] of lines) {
    chunk += `${name}\t${record.id}\t${JSON.stringify(record).replaceAll('\\', '\\\\')}\n`;
    if (chunk.length > 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

async function get(url) {
  const answer = await fetch(url, { dispatcher, headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The emulator answered ${answer.status}.`);
  return JSON.parse(await answer.text());
}

async function fetchToken() {
  const answer = await fetch(`${endpoint.authority}/${endpoint.tenantId}/oauth2/v2.0/token`, {
    dispatcher,
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: endpoint.clientId,
      client_secret: endpoint.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  return (await answer.json()).access_token;
}
