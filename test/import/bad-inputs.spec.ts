import net from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jest } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { csvChunks, unescapeCsvText } from '../../src/common/csv.js';
import type { ImportPreview, ImportSummary } from '../../src/devices/import/import.queries.js';
import { openRegister, type RegisterFixture } from './register-fixture.js';
import { startImportWeb, type ImportWeb } from './import-web.js';

interface Case {
  readonly id: string;
  readonly area: string;
  readonly expected: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const HEADER = 'assetTag,serial,model,purchasedOn,cost\n';
const ROW = 'T1,S1,L,2026-01-02,900\n';
const assets = (id: string, expected: string, text: unknown): Case => ({
  id,
  area: 'import.csv',
  expected,
  input: { op: 'import.assets', text },
});

/** The project's own cases, in the shape of the catalogue; they run everywhere. */
const OWN: readonly Case[] = [
  assets('own-empty', '422', ''),
  assets('own-header-only', '422', HEADER),
  assets('own-blank-lines', '422', `${HEADER}\n\n`),
  assets('own-bom', '1 row', `\uFEFF${HEADER}${ROW}`),
  assets('own-too-few', '422 row 2', `${HEADER}T1,S1\n`),
  assets('own-too-many', '422 row 2', `${HEADER}T1,S1,L,2026-01-02,900,x,y\n`),
  assets('own-header-twice', '422', 'Serial No,serial_no\nA1,B1\n'),
  assets('own-header-blank', '422', 'assetTag, ,serial\nT1,x,A1\n'),
  assets('own-semicolon', '422', 'assetTag;serial;cost\nT1;S1;900\n'),
  assets('own-semicolon-named', '1 row', 'sep=;\nassetTag;serial;cost\nT1;S1;900\n'),
  assets('own-pipe', '422', 'assetTag|serial\nT1|S1\n'),
  assets('own-quote', '422', `${HEADER}T1,"S1,L,2026-01-02,900\n`),
  assets('own-mixed-ends', '3 rows', `${HEADER}T1,S1,L,,\r\nT2,S2,L,,\rT3,S3,L,,\n`),
  assets('own-date-impossible', '422', `${HEADER}T1,S1,L,2026-02-30,900\n`),
  assets('own-date-american', '422', `${HEADER}T1,S1,L,01/31/2026,900\n`),
  assets('own-date-short', '422', `${HEADER}T1,S1,L,02/01/26,900\n`),
  assets('own-date-infinity', '422', `${HEADER}T1,S1,L,infinity,900\n`),
  assets('own-cost-nan', '422', `${HEADER}T1,S1,L,2026-01-02,NaN\n`),
  assets('own-cost-huge', '422', `${HEADER}T1,S1,L,2026-01-02,99999999999\n`),
  assets('own-cost-continental', '422', `${HEADER}T1,S1,L,2026-01-02,"1.234,56"\n`),
  assets('own-cost-euro', '422', `${HEADER}T1,S1,L,2026-01-02,€900\n`),
  assets('own-scientific', '422', `${HEADER}T1,1.23457E+11,L,2026-01-02,900\n`),
  assets('own-placeholder', '422', 'serial,model\nTo Be Filled By O.E.M.,L\n'),
  assets('own-nul', '422', `${HEADER}T1,S1,a\0b,2026-01-02,900\n`),
  assets('own-newline-in-tag', '422', `${HEADER}"T\n1",S1,L,2026-01-02,900\n`),
  assets('own-sql', '1 row', `${HEADER}"x'); drop table device;--",S1,L,2026-01-02,900\n`),
  assets('own-proto', '422', '__proto__,constructor\nT1,S1\n'),
  assets('own-surrogates', '1 row', `${HEADER}T1,S1,\ud83d\ude00 model,2026-01-02,900\n`),
  {
    id: 'own-gzip',
    area: 'import.csv',
    expected: '422',
    input: { op: 'import.assets', bytes: { $base64: 'H4sIAAAAAAAAAwMAAAAAAAAAAAA=' } },
  },
  { id: 'own-columns', area: 'import.csv', expected: '422', input: { op: 'import.assets', columns: 5_000 } },
  {
    id: 'own-cell',
    area: 'import.csv',
    expected: '422',
    input: { op: 'import.assets', cell: { $repeat: 'y', times: 900_000 } },
  },
  {
    id: 'own-name',
    area: 'import.csv',
    expected: 'accepted',
    input: { op: 'import.assets', filename: '..\\..\\main.js' },
  },
  {
    id: 'own-name-long',
    area: 'import.csv',
    expected: '400',
    input: { op: 'import.assets', filename: { $repeat: 'b', times: 5_000 } },
  },
  ...['=1', '@x', '\n+1', '\0-1', '\u200B=1'].map((cell, index): Case => ({
    id: `own-export-${index}`,
    area: 'export',
    expected: 'no formula runs',
    input: { op: 'export.assets', cell },
  })),
];

const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');
const shared: readonly Case[] = existsSync(SHARED)
  ? (JSON.parse(readFileSync(SHARED, 'utf8')) as Case[]).filter(
      ({ area }) => area === 'import.csv' || area === 'export',
    )
  : [];

/** Cases that ask for a course of events rather than for one request; the named specs go through it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  sameFileTwice: 'import-races.spec.ts',
  duringSync: 'import-races.spec.ts',
  rows: 'export-streams.spec.ts',
  clientDisconnects: 'export-streams.spec.ts',
};

function expand(value: unknown): string | Buffer {
  if (typeof value === 'string') return value;
  const marker = value as { $repeat?: string; times?: number; $base64?: string };
  if (marker.$base64 !== undefined) return Buffer.from(marker.$base64, 'base64');
  return (marker.$repeat ?? '').repeat(marker.times ?? 1);
}

function allowedStatuses({ expected, input }: Case): readonly number[] {
  // A type that is not taken at all is refused as such.
  if ('multipart' in input || 'mime' in input) return [400, 415];
  const named = [...expected.matchAll(/\b(4\d\d)\b/g)].map(([status]) => Number(status));
  return /^4\d\d/.test(expected) && !/accepted|decoded|update/.test(expected) ? named : [200, ...named];
}

/** Bytes of the heap that are really in use. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('bad inputs', () => {
  let fixture: RegisterFixture;
  let web: ImportWeb;
  let heapBefore: number;
  /** Sees every connection that anything in this process opens. */
  const connect = jest.spyOn(net.Socket.prototype, 'connect');
  beforeAll(async () => {
    fixture = await openRegister();
    web = await startImportWeb(fixture.database);
    await fixture.bring('assetTag,serial\nEXISTING-1,\n');
    heapBefore = heapInUse();
    if (shared.length === 0) process.stdout.write("bad-inputs.json is not here: only the project's own cases run.\n");
  });
  afterAll(async () => {
    connect.mockRestore();
    await web.close();
    await fixture.close();
  });

  function bodyOf({ input }: Case): { type: string; body: string | Buffer; query: string } {
    const query = 'filename' in input ? `?fileName=${encodeURIComponent(expand(input['filename']).toString())}` : '';
    if ('multipart' in input) {
      const field = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`;
      return { type: 'multipart/form-data; boundary=x', body: `${field('a[b]'.repeat(500)).repeat(20)}--x--`, query };
    }
    if ('mime' in input) return { type: String(input['mime']), body: String(input['content']), query };
    const type = 'text/csv';
    if ('bytes' in input) return { type, body: expand(input['bytes']), query };
    if ('columns' in input) {
      const columns = Array.from({ length: Number(input['columns']) }, (_, n) => `c${n}`);
      return { type, body: `assetTag,${columns.join(',')}\nT1${',x'.repeat(columns.length)}\n`, query };
    }
    if ('cell' in input)
      return { type, body: `${HEADER}T1,S1,${expand(input['cell']).toString()},2026-01-02,900\n`, query };
    const text = 'text' in input ? expand(input['text']) : `${HEADER}${ROW}`;
    return { type, body: typeof text === 'string' ? text.replace('<existing tag>', 'EXISTING-1') : text, query };
  }

  async function tables(): Promise<unknown> {
    return fixture.rows(`
      select (select json_agg(entry order by id) from device_register as entry) as register,
             (select json_agg(id order by id) from register_import) as imports,
             (select count(*) from register_import_row) as rows,
             (select json_agg(device order by id) from device) as devices`);
  }

  const imports = [...OWN, ...shared].filter(
    ({ area, input }) => area === 'import.csv' && !Object.keys(input).some((key) => key in ELSEWHERE),
  );
  it.each(imports.map((each) => [each.id, each] as const))('%s', async (id, each) => {
    await fixture.clear();
    await fixture.bring('assetTag,serial\nEXISTING-1,\nEXISTING-2,S1\n');
    const before = await tables();
    const { type, body, query } = bodyOf(each);
    const started = performance.now();
    const answer = await fetch(`${web.url}/api/v1/imports${query}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(Buffer.from(body)),
    });
    const text = await answer.text();
    expect(performance.now() - started).toBeLessThan(2_000);
    const allowed = allowedStatuses(each);
    expect([id, allowed.includes(answer.status) ? allowed : answer.status, text]).toEqual([id, allowed, text]);
    expect(text).not.toMatch(/node_modules|\bat \/|\.ts:|select |insert into|csv-parse|yauzl|register_import/);
    if (answer.status >= 400) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await tables()).toEqual(before);
      return;
    }
    const summary = JSON.parse(text) as ImportSummary;
    const rows = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
    const promised = /^(\d+) (?:rows?|assets)\b/.exec(each.expected);
    if (promised) expect(rows).toBe(Number(promised[1]));
    if (summary.fileName !== null) expect(summary.fileName).not.toMatch(/[/\\\p{Cc}]/u);
    // Applying what was accepted never makes a second entry for what is there.
    if (summary.counts.new + summary.counts.changed > 0) await fixture.imports.apply(summary.id, 'system:test');
    const entries = await fixture.register();
    expect(entries.filter((entry) => entry['asset_tag'] === 'EXISTING-1')).toHaveLength(1);
    expect(entries.filter((entry) => entry['serial_key'] === 'S1').length).toBeLessThanOrEqual(1);
  });

  it('is survived by the process: it answers, logs one JSON object a line, keeps its size and calls nobody', async () => {
    const answer = await fetch(`${web.url}/api/v1/import-mappings`);
    expect(answer.status).toBe(200);
    for (const line of web.logLines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect((heapInUse() - heapBefore) / 1_000_000).toBeLessThan(50);
    const reached = connect.mock.calls
      .flat(2)
      .map((given) => given as unknown as { host?: string; path?: string } | null);
    const hosts = reached.filter((given) => given?.path === undefined).map((given) => given?.host ?? 'localhost');
    expect(hosts.filter((host) => !/^(127\.0\.0\.1|::1|localhost)$/.test(host))).toEqual([]);
  });

  it('gives values the meaning that the catalogue promises', async () => {
    const valuesOf = async (text: string): Promise<Record<string, unknown>> => {
      await fixture.clear();
      const { id } = await fixture.stage(text);
      const preview: ImportPreview = await fixture.imports.preview(id);
      return Object.fromEntries(preview.rows[0]?.values.map(({ field, value }) => [field, value]) ?? []);
    };
    expect(await valuesOf(`${HEADER}T1,00012345,L,02/01/2026,"£1,234.56"\n`)).toEqual({
      assetTag: 'T1',
      serialNumber: '00012345',
      model: 'L',
      purchasedOn: '2026-01-02',
      price: 123_456,
    });
    expect(await valuesOf(`${HEADER}T1, s1 ,<script>alert(1)</script>,,\n`)).toMatchObject({
      serialNumber: 'S1',
      model: '<script>alert(1)</script>',
    });
    expect(await valuesOf(`${HEADER}=cmd|' /C calc'!A0,S1,L,,\n`)).toMatchObject({ assetTag: `=cmd|' /C calc'!A0` });
    const { id } = await fixture.stage(`${HEADER}T1,Default string,a\uFFFDb,,\n`);
    const [row] = (await fixture.imports.preview(id)).rows;
    expect(row?.problems.map(({ severity, column }) => [severity, column])).toEqual([
      ['warning', 'model'],
      ['warning', 'serial'],
    ]);
    expect(row?.values.map(({ field }) => field)).toEqual(['assetTag', 'model']);
  });

  const exports_ = [...OWN, ...shared].filter(
    ({ area, input }) => area === 'export' && !Object.keys(input).some((key) => key in ELSEWHERE),
  );
  it.each(exports_.map((each) => [each.id, each] as const))('%s', async (_, { input }) => {
    const cell = String(input['cell'] ?? input['userAgent']);
    let text = '';
    for await (const chunk of csvChunks([{ cell }], [{ header: 'Cell', value: (row) => row.cell }])) text += chunk;
    const [, [written = ''] = []]: string[][] = parse(text, { bom: true, record_delimiter: '\r\n' });
    expect(written.startsWith("'")).toBe(true);
    expect(unescapeCsvText(written)).toBe(cell);
  });

  it('covers every case of the catalogue', () => {
    const elsewhere = shared.filter(({ input }) => Object.keys(input).some((key) => key in ELSEWHERE));
    const here = [...imports, ...exports_].filter((each) => shared.includes(each));
    expect(here.length + elsewhere.length).toBe(shared.length);
  });
});
