import { request } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { JOB_LIMITS } from '../../src/database/data-source.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { ImportModule } from '../../src/devices/import/import.module.js';
import { ImportService } from '../../src/devices/import/import.service.js';
import type { ImportPreview, ImportSummary } from '../../src/devices/import/import.queries.js';
import { inPieces, openRegister, type RegisterFixture } from './register-fixture.js';
import { startImportWeb, type ImportWeb } from './import-web.js';
import { apiHeaders } from '../support/signed-in-fetch.js';
import { workbookFile } from './workbook-file.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FILE = 'Asset Tag,Serial,Cost\nT1,SER1,900\nT2,SER2,900\nT3,SER3,-1\n';

describe('the API of imports', () => {
  let fixture: RegisterFixture;
  let web: ImportWeb;
  beforeAll(async () => {
    fixture = await openRegister();
    web = await startImportWeb(fixture.database);
  });
  beforeEach(() => fixture.clear());
  afterAll(async () => {
    await web.close();
    await fixture.close();
  });

  const post = (address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${web.url}/api/v1/${address}`, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const send = (
    body: string | Buffer,
    type = 'text/csv',
    query = '',
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${web.url}/api/v1/imports${query}`, {
      method: 'POST',
      headers: { 'content-type': type, ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
  const staged = async (body: string | Buffer, type?: string, query?: string): Promise<ImportSummary> => {
    const answer = await send(body, type, query);
    expect(answer.status).toBe(200);
    return (await answer.json()) as ImportSummary;
  };

  it('takes a file from dry run to undo', async () => {
    const { id, counts, fileName } = await staged(FILE, 'text/csv; charset=utf-8', '?fileName=register.csv');
    expect([counts.new, counts.refused, fileName]).toEqual([2, 1, 'register.csv']);
    const first = (await (await fetch(`${web.url}/api/v1/imports/${id}?limit=2`)).json()) as ImportPreview;
    expect([first.rows.map((row) => row.line), first.nextAfterLine]).toEqual([[2, 3], 3]);
    const refused = (await (await fetch(`${web.url}/api/v1/imports/${id}?outcome=refused`)).json()) as ImportPreview;
    expect(refused.rows).toMatchObject([
      { line: 4, problems: [{ column: 'Cost', message: 'The price is negative.' }] },
    ]);

    expect(await (await post(`imports/${id}/apply`, undefined)).json()).toMatchObject({ state: 'applied' });
    expect((await post(`imports/${id}/apply`, undefined)).status).toBe(409);
    expect((await post(`imports/${id}/undo`, {})).status).toBe(400);
    expect(await (await post(`imports/${id}/undo`, { reason: 'wrong file' })).json()).toMatchObject({ removed: 2 });
    expect((await post('imports/999999/apply', undefined)).status).toBe(404);
  });

  it('starts without a server too, for commands', async () => {
    const context = await NestFactory.createApplicationContext(
      {
        module: class Commands {},
        imports: [DatabaseModule.forRoot(fixture.database.address, JOB_LIMITS), ImportModule],
      },
      { logger: false, abortOnError: false },
    );
    const summary = await context.get(ImportService).stage(inPieces(FILE), { actor: 'command-line:somebody' });
    expect(summary).toMatchObject({ state: 'checked', startedBy: 'command-line:somebody' });
    await context.close();
  });

  it('takes a workbook, whatever type it is sent as', async () => {
    const workbook = workbookFile([['Asset Tag'], ['T1']]);
    expect((await staged(workbook, XLSX)).format).toBe('xlsx');
    expect((await staged(workbook, 'text/csv')).format).toBe('xlsx');
    expect((await staged(FILE, XLSX)).format).toBe('csv');
  });

  it('saves mappings and lists them', async () => {
    const put = (body: unknown) =>
      fetch(`${web.url}/api/v1/import-mappings/Stock%20list`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await put({ fileKind: 'asset-register', columns: { Ding: 'assetTag' } })).status).toBe(200);
    expect((await put({ fileKind: 'asset-register', columns: { Ding: 5 } })).status).toBe(422);
    expect((await put({ fileKind: 'asset-register', columns: { Ding: 'nothing' } })).status).toBe(422);
    expect((await put({ fileKind: 'asset-register', columns: [] })).status).toBe(400);
    const { items } = (await (await fetch(`${web.url}/api/v1/import-mappings`)).json()) as { items: unknown[] };
    expect(items).toMatchObject([{ name: 'Stock list', columns: { Ding: 'assetTag' } }]);
    expect(await staged('Ding\nT1\n', 'text/csv', '?mapping=Stock%20list')).toMatchObject({ mapping: 'Stock list' });
    expect((await send(FILE, 'text/csv', '?mapping=none')).status).toBe(404);
  });

  it('gives one request sent twice one import', async () => {
    const key = { 'idempotency-key': 'a-1' };
    const first = (await (await send(FILE, 'text/csv', '', key)).json()) as ImportSummary;
    const second = (await (await send(FILE, 'text/csv', '', key)).json()) as ImportSummary;
    expect(second.id).toBe(first.id);
    expect((await send('Asset Tag\nT9\n', 'text/csv', '', key)).status).toBe(422);
    expect((await send(FILE, 'text/csv', '', { 'idempotency-key': 'a b' })).status).toBe(400);
  });

  it('takes files at one address only, and nothing else there', async () => {
    expect(
      (
        await fetch(`${web.url}/api/v1/imports/1/undo`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: 'a',
        })
      ).status,
    ).toBe(415);
    for (const type of [
      'multipart/form-data; boundary=x',
      'text/html',
      'application/zip',
      'application/x-www-form-urlencoded',
    ]) {
      expect((await send(FILE, type)).status).toBe(415);
    }
    expect((await send(FILE, 'application/json')).status).toBe(400);
    expect((await post('imports', { a: 1 })).status).toBe(415);
    expect((await fetch(`${web.url}/api/v1/imports`, { method: 'POST' })).status).toBe(415);
  });

  it('refuses what a page of another site makes a browser send', async () => {
    const { id } = await staged(FILE);
    const credentials = await apiHeaders(web.url);
    const asPage = (given: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request(
          `${web.url}/api/v1/imports/${id}/apply`,
          { method: 'POST', headers: { ...credentials, ...given } },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode);
          },
        );
        sent.on('error', reject).end();
      });
    expect(await asPage({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await asPage({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await asPage({ origin: 'https://evil.example' })).toBe(403);
    expect(await asPage({ origin: 'null' })).toBe(403);
    expect(await asPage({ 'sec-fetch-site': 'same-origin', origin: web.url })).toBe(200);
  });

  it('answers a refusal although the file is still being sent', async () => {
    const answer = await send(Buffer.from(`Colour\n${'red\n'.repeat(3_000_000)}`));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ title: 'The request is not valid', status: 422 });
  });

  it('keeps nothing when the connection breaks half way, however often', async () => {
    const headers = { ...(await apiHeaders(web.url)), 'content-type': 'text/csv' };
    for (let round = 0; round < 30; round++) {
      await new Promise<void>((resolve) => {
        const sent = request(`${web.url}/api/v1/imports`, { method: 'POST', headers });
        sent.on('error', () => undefined).on('close', () => resolve());
        sent.write(`Asset Tag\n${Array.from({ length: 3_000 }, (_, n) => `T${n}\n`).join('')}`, () =>
          setTimeout(() => sent.destroy(), 10),
        );
      });
    }
    for (let wait = 0; wait < 50; wait++) {
      if ((await fixture.rows('select from register_import')).length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await fixture.rows('select from register_import')).toEqual([]);
    expect(await fixture.rows('select from register_import_row')).toEqual([]);
    expect(web.logLines.every((line) => typeof JSON.parse(line) === 'object')).toBe(true);
  });
});
