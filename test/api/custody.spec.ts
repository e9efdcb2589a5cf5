import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { CUSTODY_COMMANDS } from '../../src/devices/domain/lifecycle/commands.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import { answerSchema, schemaViolations } from '../support/answer-schema.js';
import { CustodyApi, PNG, statusOf } from '../support/custody-api.js';
import { GOOD_VALUES, insertMachines, personId, place, upn } from '../support/custody-fixture.js';
import type { TestDatabase } from '../support/test-database.js';
import type { TestWeb } from '../support/web.js';

const GONE = 2_000_000_000;

describe('the API of custody', () => {
  let api: CustodyApi;
  let database: TestDatabase;
  let web: TestWeb;
  let call: CustodyApi['call'];
  let command: CustodyApi['command'];
  let one: CustodyApi['machine'];
  beforeAll(async () => {
    api = await CustodyApi.start();
    ({ database, web } = api);
    call = (...given) => api.call(...given);
    command = (...given) => api.command(...given);
    one = () => api.machine();
  });
  afterAll(() => api?.stop());

  const rows = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query<T[]>(sql, parameters);
  const state = async (): Promise<string> =>
    JSON.stringify(await rows('select * from device_custody order by id')) +
    JSON.stringify(await rows('select id from custody_event order by id'));

  it('shows custody under its version, takes a command for that version, and refuses a stale one', async () => {
    const id = await one();
    const before = await call(`devices/${id}/custody`);
    expect(await before.json()).toMatchObject({ deviceId: id, label: 'No custody recorded', version: '0' });
    const tag = before.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"0\./);
    const given = await command(id, 'hand-over', { holder: upn(1) }, { version: tag });
    expect([given.status, await given.json()]).toMatchObject([
      200,
      { deviceId: id, standing: 'in_use', holderEntraId: personId(1) },
    ]);
    const now = await call(`devices/${id}/custody`);
    const after = (await now.json()) as { version: string; commands: { command: string }[] };
    expect(after).toMatchObject({ label: 'In use', holder: { entraId: personId(1), displayName: 'Person 1' } });
    expect(after.commands.map((each) => each.command)).toContain('take-back');
    expect(now.headers.get('etag')).toMatch(new RegExp(`^"${after.version}\\.`));
    expect(
      await statusOf(
        call(`devices/${id}/custody`, undefined, { headers: { 'if-none-match': now.headers.get('etag') ?? '' } }),
      ),
    ).toBe(304);
    expect(await statusOf(command(id, 'transfer', { holder: upn(2), reason: 'x' }, { version: tag }))).toBe(412);
    expect(await statusOf(command(id, 'hand-over', { holder: upn(2) }, { version: after.version }))).toBe(409);
    const history = (await (await call(`devices/${id}/custody/history`)).json()) as { items: unknown[] };
    expect(history.items).toMatchObject([{ command: 'hand-over', from: 'No custody recorded', to: 'In use' }]);
  });

  it.each([
    ['*', 412],
    ['W/"0"', 412],
    ['"stale"', 412],
    ['"0", "1"', 412],
    ['0x', 412],
    [null, 428],
  ])('If-Match %s does not defeat the check (B200, B202, B203)', async (version, status) => {
    const id = await one();
    const before = await state();
    expect(await statusOf(command(id, 'hand-over', { holder: upn(1) }, { version }))).toBe(status);
    expect(await state()).toBe(before);
  });

  it('does a command once under one key, and keeps keys apart by their caller (B196, B197, B199)', async () => {
    const id = await one();
    const headers = { 'idempotency-key': 'k1' };
    const first: unknown = await (await command(id, 'hand-over', { holder: upn(1) }, { headers })).json();
    expect(await (await command(id, 'hand-over', { holder: upn(1) }, { headers })).json()).toEqual(first);
    expect(await statusOf(command(id, 'hand-over', { holder: upn(2) }, { headers }))).toBe(422);
    const other = await one();
    const token = await web.tokenFor('service-desk');
    expect(await statusOf(command(other, 'hand-over', { holder: upn(2) }, { headers, token }))).toBe(200);
    expect(
      await statusOf(command(other, 'recall', { reason: 'x' }, { headers: { 'idempotency-key': 'x'.repeat(201) } })),
    ).toBe(400);
    const bare = await bareStatus(`/api/v1/devices/${other}/custody/recall`, 'Idempotency-Key: \0');
    expect(bare).toBe(400);
  });

  it('gives five of five machines to thirty who ask at once, and none beyond (B205, B206)', async () => {
    const ids = await insertMachines(database.dataSource, 5, 'FIVE');
    await place(database.dataSource, ids, 'in_stock:available');
    const versions = await rows<{ id: number; version: string }>(
      'select device_id as id, version from device_custody where device_id = any($1)',
      [ids],
    );
    const statuses = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const { id = 0, version } = versions[n % 5] ?? {};
        return statusOf(command(id, 'allocate', { holder: upn(n + 8) }, { version: version ?? '' }));
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.every((status) => [200, 409, 412].includes(status))).toBe(true);
    expect(
      await rows(`select from device_custody where state = 'allocated' and device_id = any($1)`, [ids]),
    ).toHaveLength(5);
    const six = { command: 'hand-over', input: { holder: upn(3) }, devices: [...ids, GONE], mode: 'all' };
    expect(await (await call('custody/bulk', six)).json()).toMatchObject({ counts: { done: 0 } });
  });

  it.each(CUSTODY_COMMANDS)(
    '%s takes no custody from outside its fields, whoever sends it (V-02, V-08, B163 to B173)',
    async (word) => {
      const id = await one();
      const before = await state();
      for (const key of [
        'assignedTo',
        'state',
        'holderEntraId',
        'id',
        'actor',
        'version',
        'createdAt',
        'source',
        'isAdmin',
      ]) {
        const answer = await command(id, word, { [key]: 'x' });
        expect([key, answer.status]).toEqual([key, 400]);
        expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
      }
      for (const body of [[], [1], 'text', 7, null]) {
        expect([400, 422]).toContain(await statusOf(command(id, word, body)));
      }
      expect(await state()).toBe(before);
    },
  );

  it('has custody on its own routes only: no other way to write a device leads to it (V-02, B172)', async () => {
    const id = await one();
    const before = await state();
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      for (const address of [`devices/${id}`, `devices/${id}/custody`, `devices/${id}/custody/hand-over`]) {
        if (method === 'POST' && address.endsWith('hand-over')) continue;
        const status = await statusOf(call(address, { assignedTo: personId(1), holder: upn(1) }, { method }));
        expect([method, address, [404, 405].includes(status)]).toEqual([method, address, true]);
      }
    }
    expect(await statusOf(command(id, 'assign', {}))).toBe(404);
    expect(await statusOf(command(id, '__proto__', {}))).toBe(404);
    expect(await state()).toBe(before);
  });

  it('asks every role for the permission of the command, single and in bulk alike (V-07, V-09)', async () => {
    const id = await one();
    const before = await state();
    for (const role of [null, 'reviewer', 'approver', 'rollout-manager', 'administrator'] as const) {
      expect(await statusOf(command(id, 'hand-over', { holder: upn(1) }, { role }))).toBe(403);
      const bulk = { command: 'hand-over', input: { holder: upn(1) }, devices: [id], mode: 'rest' };
      expect(await statusOf(call('custody/bulk', bulk, { role }))).toBe(403);
      expect(await statusOf(call('custody/deliveries', { lines: [{ serialNumber: 'ROLE0001' }] }, { role }))).toBe(403);
    }
    const wipe = { method: 'disk-erasure', reference: 'C-1', performedBy: 'Us', performedOn: '2026-11-20' };
    for (const role of ['service-desk', 'stock-holder'] as const) {
      expect(await statusOf(command(id, 'wipe', wipe, { role }))).toBe(403);
      expect(await statusOf(call('custody/bulk', { command: 'wipe', input: wipe, devices: [id] }, { role }))).toBe(403);
    }
    for (const role of ['service-desk', 'engineer'] as const) {
      expect(await statusOf(command(id, 'allocate', { holder: upn(1) }, { role }))).toBe(403);
    }
    expect(await state()).toBe(before);
  });

  it('gives nothing to a leaver, to oneself, or from oneself (V-03, V-05, V-25)', async () => {
    const id = await one();
    expect(await statusOf(command(id, 'hand-over', { holder: upn(7) }))).toBe(422);
    expect(await statusOf(command(id, 'hand-over', { holder: personId(99) }))).toBe(422);
    const token = await web.tokenFor({ role: 'service-desk', person: personId(30) });
    expect(await statusOf(command(id, 'hand-over', { holder: upn(30) }, { token }))).toBe(403);
    expect(await statusOf(command(id, 'hand-over', { holder: upn(30) }))).toBe(200);
    const { version } = (await (await call(`devices/${id}/custody`)).json()) as { version: string };
    for (const word of ['take-back', 'transfer', 'report-missing'] as const) {
      const body = {
        'take-back': { condition: 'good', place: 'x' },
        transfer: { holder: upn(1), reason: 'x' },
        'report-missing': { reason: 'x', reference: 'I-1' },
      }[word];
      expect(await statusOf(command(id, word, body, { token, version }))).toBe(403);
    }
  });

  it('checks a bulk action, does it under its id once, and gives every line as CSV (V-04, V-06)', async () => {
    const ids = await insertMachines(database.dataSource, 49, 'BULK');
    const input = { condition: GOOD_VALUES['condition'], place: '=HYPERLINK("x")' };
    const checked = (await (
      await call('custody/bulk', { command: 'take-back', input, devices: [...ids, GONE] })
    ).json()) as { id: number };
    expect(checked).toMatchObject({ state: 'checked', counts: { ready: 49, refused: 1 } });
    const stranger = await web.tokenFor('stock-holder');
    for (const address of [`custody/bulk/${checked.id}`, `custody/bulk/${checked.id}/lines.csv`]) {
      expect(await statusOf(call(address, undefined, { token: stranger }))).toBe(404);
    }
    expect(await statusOf(call(`custody/bulk/${checked.id}`, { mode: 'rest' }, { token: stranger }))).toBe(404);
    expect(await statusOf(call(`custody/bulk/${checked.id}`, { mode: 'some' }))).toBe(400);
    expect(await (await call(`custody/bulk/${checked.id}`, { mode: 'all' })).json()).toMatchObject({
      counts: { done: 0, undone: 49, refused: 1 },
    });
    expect(await statusOf(call(`custody/bulk/${checked.id}`, { mode: 'rest' }))).toBe(409);
    const again = { command: 'take-back', input, machines: 'Serial,x\nBULK000001\nNOWHERE\n"=cmd|1"', mode: 'rest' };
    const done = (await (await call('custody/bulk', again, { headers: { 'idempotency-key': 'bulk-1' } })).json()) as {
      id: number;
    };
    expect(done).toMatchObject({ state: 'done', mode: 'rest', counts: { done: 1, refused: 2 } });
    expect(await (await call('custody/bulk', again, { headers: { 'idempotency-key': 'bulk-1' } })).json()).toEqual(
      done,
    );
    const csv = await (await call(`custody/bulk/${done.id}/lines.csv`)).text();
    const nowhere = '"No machine has this number, asset tag or serial number."';
    expect(csv.split('\r\n')).toEqual([
      'Line,Given,Device,Hostname,Serial number,Outcome,Reason',
      `1,BULK000001,${ids[0]},PC-1,BULK000001,done,`,
      `2,NOWHERE,,,,refused,${nowhere}`,
      `3,"'=cmd|1",,,,refused,${nowhere}`,
      '',
    ]);
    for (const body of [
      { command: 'take-back', input, devices: Array.from({ length: 1_001 }, (_, n) => n + 1) },
      { command: 'take-back', input, devices: ['1'] },
      { command: 'take-back', input, devices: [1], machines: 'x' },
      { command: 'take-back', input, devices: [1], holder: 'x' },
      { command: 'take-back', input: { ...input, holder: 'x' }, devices: [1] },
      { command: 'take-back', input },
    ]) {
      expect(await statusOf(call('custody/bulk', body))).toBe(400);
    }
  });

  it('receives a delivery of a thousand lines, larger than other bodies may be', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => ({
      serialNumber: `DELIVERY${String(n).padStart(5, '0')}`,
      manufacturer: 'HP',
      model: 'EliteBook 840 G11 Notebook PC',
      assetTag: `D-${n}`,
    }));
    const body = { lines, input: { place: 'Stores', reference: 'DN-1' }, mode: 'all' };
    expect(JSON.stringify(body).length).toBeGreaterThan(65_536);
    const outcome = (await (await call('custody/deliveries', body)).json()) as { done: boolean; lines: unknown[] };
    expect([outcome.done, outcome.lines.length]).toEqual([true, 1_000]);
    expect(
      await statusOf(call('custody/deliveries', { ...body, lines: [...lines, { serialNumber: 'ONEMORE1' }] })),
    ).toBe(422);
    expect(await statusOf(call('custody/deliveries', { ...body, lines: [null] }))).toBe(400);
  });

  it('answers what the description of the API says', async () => {
    const id = await one();
    await command(id, 'hand-over', { holder: upn(1) });
    await call(`devices/${id}/custody/evidence`, PNG, { headers: { 'content-type': 'image/png' } });
    const [contested = 0] = await insertMachines(database.dataSource, 1, 'CONTEST');
    await place(database.dataSource, [contested], 'wiped');
    await database.dataSource.query(
      `insert into device_custody (device_id, recorded_for, state, holder_entra_id, set_aside_at, contested)
       values ($1, $1, 'in_use', $2, now(), true)`,
      [contested, personId(2)],
    );
    const bulk = { command: 'note', input: { reason: 'x' }, devices: [id, contested] };
    const { id: bulkId } = (await (await call('custody/bulk', bulk)).json()) as { id: number };
    const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as OpenAPIObject;
    for (const [route, address] of [
      ['devices/{id}/custody', `devices/${id}/custody`],
      ['devices/{id}/custody', `devices/${contested}/custody`],
      ['devices/{id}/custody/history', `devices/${id}/custody/history`],
      ['devices/{id}/custody/evidence', `devices/${id}/custody/evidence`],
      ['custody/bulk/{id}', `custody/bulk/${bulkId}`],
      ['custody/contradictions', 'custody/contradictions'],
    ] as const) {
      const answer: unknown = await (await call(address)).json();
      expect([address, schemaViolations(answer, answerSchema(document, `/api/v1/${route}`))]).toEqual([address, []]);
    }
  });

  it('has met every shared case that concerns it', () => {
    const shared = path.join(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');
    if (!existsSync(shared)) {
      process.stdout.write('The shared bad inputs are not here; the project’s own cases were run.\n');
      return;
    }
    const cases = JSON.parse(readFileSync(shared, 'utf8')) as { id: string; area: string }[];
    const known = new Set(cases.map(({ id }) => id));
    for (const id of ['B163', 'B172', 'B173', 'B185', 'B196', 'B197', 'B199', 'B200', 'B202', 'B203', 'B205', 'B206']) {
      expect(known).toContain(id);
    }
  });

  /** Sends one header as it is; no client library would. */
  function bareStatus(address: string, header: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(web.url);
      const request = httpRequest({ hostname, port, path: address, method: 'POST' });
      request.on('error', reject);
      request.on('socket', (socket) => {
        socket.on('connect', () => {
          socket.write(
            `POST ${address} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${api.tokens.get('stock-holder')}\r\n${header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
          );
        });
        socket.once('data', (data: Buffer) => {
          resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString())?.[1] ?? 0));
          socket.destroy();
        });
      });
    });
  }
});
