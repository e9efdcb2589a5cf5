import { CustodyApi, PNG, statusOf, type CallOptions } from '../support/custody-api.js';
import { insertMachines, personId, upn } from '../support/custody-fixture.js';
import type { TestDatabase } from '../support/test-database.js';
import type { TestWeb } from '../support/web.js';

describe('the API of evidence', () => {
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

  const add = (
    id: number,
    content: Buffer,
    type: string,
    options: CallOptions & { name?: string } = {},
  ): Promise<Response> =>
    call(`devices/${id}/custody/evidence?fileName=${encodeURIComponent(options.name ?? 'proof')}`, content, {
      ...options,
      headers: { 'content-type': type },
    });

  it('is kept, named in a step, and only ever saved, never shown (V-40)', async () => {
    const id = await one();
    for (const [content, type, name, shown] of [
      [PNG, 'image/png', '../../etc/passwd', 'passwd.png'],
      [Buffer.from('%PDF-1.7 <script>'), 'application/pdf', 'C:\\x\\a"b\r\n.pdf', 'ab.pdf'],
      [Buffer.from('a,b\n'), 'text/csv', 'Liste Größe.csv', 'Liste Größe.csv'],
      [Buffer.from('<script>alert(1)</script>'), 'text/plain; charset=utf-8', 'x.html', 'x.html.txt'],
    ] as const) {
      const answer = await add(id, content, type, { name: name.replace(/[\r\n]/g, '') });
      expect([name, answer.status]).toEqual([name, 200]);
      const added = (await answer.json()) as { id: number };
      expect(added).toMatchObject({ fileName: shown, bytes: content.length });
      expect(await (await add(id, content, type)).json()).toMatchObject({ id: added.id });
      const file = await call(`devices/${id}/custody/evidence/${added.id}`, undefined, { role: 'reviewer' });
      expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
      expect(file.headers.get('content-type')).toContain(type.split(';')[0]);
      expect(file.headers.get('content-disposition')).toMatch(
        /^attachment; filename="[\w.\- ]+"; filename\*=UTF-8''[\w.%-]+$/,
      );
      expect(file.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const list = (await (await call(`devices/${id}/custody/evidence`)).json()) as { items: { id: number }[] };
    expect(list.items).toHaveLength(4);
    const evidence = list.items[0]?.id;
    expect(await statusOf(command(id, 'hand-over', { holder: upn(1), evidence }))).toBe(200);
  });

  it('is of an allowed type and what it says it is, and not too large (V-40)', async () => {
    const id = await one();
    for (const type of [
      'text/html',
      'image/svg+xml',
      'text/xml',
      'application/xml',
      'application/octet-stream',
      'application/zip',
      'application/javascript',
    ]) {
      expect([type, await statusOf(add(id, Buffer.from('<svg/>'), type))]).toEqual([type, 415]);
    }
    expect(await statusOf(add(id, Buffer.from('<html>'), 'image/png'))).toBe(422);
    expect(await statusOf(add(id, Buffer.from('<html>'), 'application/pdf'))).toBe(422);
    expect(await statusOf(add(id, Buffer.from([0xff, 0xfe, 0]), 'text/plain'))).toBe(422);
    expect(await statusOf(add(id, Buffer.alloc(0), 'text/plain'))).toBe(422);
    const large = add(id, Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]), 'image/png');
    await expect(large.then((answer) => answer.status)).resolves.toBe(413);
    expect(
      await statusOf(call('devices', PNG, { headers: { 'content-type': 'image/png' }, method: 'POST' })),
    ).toBeGreaterThanOrEqual(404);
  });

  it('is fetched through its own machine only, with a fresh check (V-16, V-43, B185)', async () => {
    const [id = 0, other = 0] = await insertMachines(database.dataSource, 2, 'EVID');
    const { id: evidence } = (await (await add(id, PNG, 'image/png')).json()) as { id: number };
    expect(await statusOf(call(`devices/${other}/custody/evidence/${evidence}`))).toBe(404);
    expect(await statusOf(command(other, 'hand-over', { holder: upn(1), evidence }))).toBe(422);
    for (const role of [null] as const) {
      expect(await statusOf(call(`devices/${id}/custody/evidence/${evidence}`, undefined, { role }))).toBe(403);
      expect(await statusOf(call(`devices/${id}/custody/evidence`, undefined, { role }))).toBe(403);
    }
    expect(await statusOf(add(id, PNG, 'image/png', { role: 'reviewer' }))).toBe(403);
    for (const segment of ['..%2f..%2fetc%2fpasswd', '1e3', '0', '-1', '99999999999']) {
      expect([400, 404]).toContain(await statusOf(call(`devices/${id}/custody/evidence/${segment}`)));
    }
    const token = await web.tokenFor({ role: 'reviewer', person: personId(31) });
    expect(await statusOf(call(`devices/${id}/custody/evidence/${evidence}`, undefined, { token }))).toBe(200);
    await database.dataSource.query('update person set account_enabled = false where entra_id = $1', [personId(31)]);
    expect([401, 403]).toContain(
      await statusOf(call(`devices/${id}/custody/evidence/${evidence}`, undefined, { token })),
    );
  });
});
