import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { hiddenFieldsOf, sendForm, type FormAnswer } from '../support/send-form.js';
import type { TestSession } from '../support/sign-in.js';
import { startTestWeb, type TestWeb } from '../support/web.js';
import { IMPORTED_KINDS } from '../../src/network/import/domain/import-words.js';
import type { NetworkImportSummary } from '../../src/network/import/network-import.queries.js';
import { auditedAs } from '../support/audit.js';
import { openNetworkImports, type NetworkImportFixture } from './import-fixture.js';

const NEW = '/network/imports/new';
const SITES = 'name,desks\nCivic Centre,400\n<b>Library</b>,20\nDepot,many\n';
const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'bad-inputs.json');

interface BadInput {
  readonly id: string;
  readonly area: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Files that no kind takes, in the shape of the catalogue; they run everywhere. */
const OWN: readonly BadInput[] = [
  ['own-picture', { bytes: { $base64: 'iVBORw0KGgo=' } }],
  ['own-zip', { bytes: { $base64: 'UEsDBBQAAAAIAA==' } }],
  ['own-gzip', { bytes: { $base64: 'H4sIAAAAAAAAAwMAAAAAAAAAAAA=' } }],
  ['own-columns', { columns: 5_000 }],
  ['own-nul', { text: 'name,desks\na\0b,1\n' }],
  ['own-quote', { text: 'name,desks\n"a,1\n' }],
  ['own-windows', { bytes: { $base64: 'bmFtZSxkZXNrcwpDYWbpLDEK' } }],
  ['own-prototype', { text: '__proto__,constructor\na,1\n' }],
  ['own-cell', { cell: { $repeat: 'x', times: 900_000 } }],
].map(([id, input]) => ({ id: id as string, area: 'import.csv', input: input as Record<string, unknown> }));
const shared: readonly BadInput[] = existsSync(SHARED)
  ? (JSON.parse(readFileSync(SHARED, 'utf8')) as BadInput[]).filter(
      ({ area, input }) =>
        area === 'import.csv' && ['text', 'bytes', 'columns', 'cell', 'filename'].some((key) => key in input),
    )
  : [];

function expanded(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  const { $base64, $repeat = '', times = 1 } = value as { $base64?: string; $repeat?: string; times?: number };
  return $base64 === undefined ? Buffer.from($repeat.repeat(times)) : Buffer.from($base64, 'base64');
}

function bodyOf({ input }: BadInput): Buffer {
  if ('bytes' in input) return expanded(input['bytes']);
  if ('text' in input) return expanded(input['text']);
  if ('cell' in input)
    return Buffer.concat([Buffer.from('name,provider\na,'), expanded(input['cell']), Buffer.from('\n')]);
  const columns = Array.from({ length: Number(input['columns'] ?? 1) }, (_, index) => `c${index}`);
  return Buffer.from(`name,${columns.join(',')}\na${',x'.repeat(columns.length)}\n`);
}

describe('imports of network data for people and programs', () => {
  let fixture: NetworkImportFixture;
  let web: TestWeb;
  let manager: TestSession;
  beforeAll(async () => {
    fixture = await openNetworkImports();
    web = await startTestWeb(fixture.database);
    manager = await web.signIn('rollout-manager');
  });
  beforeEach(() => fixture.clear());
  afterAll(async () => {
    await web?.close();
    await fixture?.close();
  });

  const page = async (address: string): Promise<string> =>
    (await fetch(web.url + address, { headers: manager.headers })).text();
  const upload = async (content: string, fields: Record<string, string>, name = 'sites.csv'): Promise<FormAnswer> => {
    const days = { 'snapshot-day': '', 'snapshot-month': '', 'snapshot-year': '' };
    const body = new FormData();
    for (const [field, value] of Object.entries({ ...hiddenFieldsOf(await page(NEW), NEW), ...days, ...fields }))
      body.append(field, value);
    body.append('file', new Blob([content], { type: 'text/csv' }), name);
    const answer = await fetch(web.url + NEW, { method: 'POST', headers: manager.headers, body, redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
  };
  const send = (query: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${web.url}/api/v1/network/imports?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });

  it('pages take a file from its dry run to what it says', async () => {
    const { dataSource } = fixture.database;
    let address = '';
    await auditedAs(dataSource, 'network-import.staged', async () => {
      const sent = await upload(SITES, { kind: 'sites' });
      expect(sent).toMatchObject({ status: 303 });
      address = sent.location ?? '';
    });
    const dryRun = await page(address);
    expect(dryRun).toMatch(/Not applied yet[\s\S]*Rows of the file: 3[\s\S]*<strong>3 rows/);
    expect(dryRun).toContain('desks: This is not a number.');
    expect(dryRun).toContain('&lt;b&gt;Library&lt;/b&gt;');
    expect(await page(`${address}?outcome=refused`)).toMatch(/<strong>1 row<[\s\S]*Line 4/);
    expect(await fixture.rows('select 1 from network_site')).toEqual([]);
    await auditedAs(dataSource, 'network-import.applied', () =>
      sendForm(web.url, manager, address, {}, { action: `${address}/apply` }),
    );
    expect(await page(address)).toMatch(/govuk-tag--green">\s*Applied/);
    expect(await page(address)).not.toContain('Apply the import');
    expect(await fixture.rows('select name from network_site order by name')).toHaveLength(2);
    expect(await page('/network/imports?kind=sites&state=applied')).toMatch(/sites\.csv[\s\S]*Applied/);
    const again = await upload(SITES.replace('many', '3'), { kind: 'sites' });
    expect(await page(again.location ?? '')).toContain('Apply the import');
  });

  it('pages say beside the field what is wrong', async () => {
    const coverage = 'laua,la_name,superfast_pct\nE06000045,SOUTHAMPTON,98.1\n';
    expect(await upload(coverage, { kind: 'authority_coverage' })).toMatchObject({
      status: 422,
      html: expect.stringMatching(/href="#snapshot">Enter the day of the figures/) as string,
    });
    expect((await upload(coverage, { kind: '' })).html).toMatch(/href="#kind">Choose what the file is about/);
    expect((await upload('', { kind: 'sites' })).html).toContain('Choose a file that is not empty');
    expect((await upload('name,desks\nA,many\n', { kind: 'sites' })).html).toContain('line 2, desks');
    const days = { 'snapshot-day': '1', 'snapshot-month': '7', 'snapshot-year': '2024' };
    const sent = await upload(coverage, { kind: 'authority_coverage', ...days });
    expect(await page(sent.location ?? '')).toContain('Day of the figures: Monday 1 July 2024');
    expect(await upload(coverage, { kind: 'authority_coverage' }, '202401_laua.csv')).toMatchObject({ status: 303 });
  });

  it('every template is a file that its kind takes', async () => {
    expect(await page(NEW)).toContain('/api/v1/network/import-templates/site_tests');
    expect(await page(NEW)).toContain('Columns: name, desks, docks, wired_ports');
    for (const kind of IMPORTED_KINDS) {
      const answer = await fetch(`${web.url}/api/v1/network/import-templates/${kind}`);
      expect(answer.headers.get('content-disposition')).toContain(`untether-template-${kind.replaceAll('_', '-')}-`);
      const text = await answer.text();
      const [headers = []]: string[][] = parse(text, { bom: true });
      const snapshot = kind.endsWith('coverage') ? '&snapshot=2026-01-01' : '';
      expect(await (await send(`kind=${kind}${snapshot}`, text)).text()).toContain('no rows below it');
      expect(headers.length).toBeGreaterThan(3);
    }
    expect((await fetch(`${web.url}/api/v1/network/import-templates/other`)).status).toBe(404);
  });

  it('programs send, look and apply', async () => {
    const staged = await send('kind=sites&fileName=sites.csv', SITES, { 'idempotency-key': 'nightly-1' });
    const summary = (await staged.json()) as NetworkImportSummary;
    expect([staged.status, summary.counts]).toEqual([200, { new: 2, changed: 0, unchanged: 0, refused: 1 }]);
    const { id } = summary;
    expect(await (await send('kind=sites', SITES, { 'idempotency-key': 'nightly-1' })).json()).toMatchObject({ id });
    const get = async (address: string): Promise<unknown> =>
      (await fetch(`${web.url}/api/v1/network/${address}`)).json();
    expect(await get(`imports/${id}`)).toEqual(summary);
    expect(await get('imports?state=checked')).toMatchObject({ items: [summary], next: null });
    expect(await get(`imports/${id}/rows?outcome=refused`)).toMatchObject({ items: [{ line: 4, outcome: 'refused' }] });
    const file = await (await fetch(`${web.url}/api/v1/network/imports/${id}/rows.csv`)).text();
    expect(parse(file, { bom: true })).toHaveLength(4);
    const apply = (): Promise<Response> => fetch(`${web.url}/api/v1/network/imports/${id}/apply`, { method: 'POST' });
    const answers = await Promise.all([apply(), apply(), apply()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await send('', SITES)).status).toBe(400);
    expect((await send('kind=people', SITES)).status).toBe(400);
    expect((await send('kind=sites', '{}', { 'content-type': 'application/json' })).status).toBe(415);
  });

  it('only those who manage networks import; who may read sees areas', async () => {
    const reader = await web.signIn('reviewer');
    const engineer = await web.signIn('engineer');
    const status = async (address: string, { headers }: TestSession): Promise<number> =>
      (await fetch(web.url + address, { headers })).status;
    expect(await status('/network/imports', reader)).toBe(403);
    expect(await status('/network/areas', reader)).toBe(200);
    expect(await status('/network/areas', engineer)).toBe(403);
  });

  it('areas are found by name, district or postcode, the latest figures first of all', async () => {
    const authorities = 'laua,la_name,superfast_pct\nE06000045,SOUTHAMPTON,98.1\nE06000046,ISLE OF WIGHT,96.1\n';
    await fixture.bring('authority_coverage', authorities, { snapshot: '2023-07-01' });
    await fixture.bring('authority_coverage', authorities, { snapshot: '2024-07-01', fileName: 'connected.csv' });
    await fixture.bring('postcode_coverage', 'postcode,superfast_pct\nSO14 0AA,100\nSO14 0AB,50\nPO30 1AA,7\n', {
      snapshot: '2026-01-01',
    });
    const found = async (query: string): Promise<unknown> => {
      const answer = (await (await fetch(`${web.url}/api/v1/network/areas?${query}`)).json()) as {
        items: { code: string; snapshot: string }[];
      };
      return answer.items.map(({ code, snapshot }) => [code, snapshot]);
    };
    expect(await found('')).toEqual([
      ['E06000046', '2024-07-01'],
      ['PO30', '2026-01-01'],
      ['SO14', '2026-01-01'],
      ['E06000045', '2024-07-01'],
    ]);
    expect(await found('limit=2&search=o')).toHaveLength(2);
    expect(await found('search=hampton')).toEqual([['E06000045', '2024-07-01']]);
    expect(await found('search=SO14%207LY')).toEqual([['SO14', '2026-01-01']]);
    expect(await found('search=%25')).toEqual([]);
    expect(await found('search=wight&earlier=true')).toHaveLength(2);
    const shown = await page('/network/areas?search=so14');
    expect(shown).toMatch(/nobody is judged by them[\s\S]*SO14[\s\S]*75/);
    expect(await page('/network/areas?kind=authority')).toContain('connected.csv');
  });

  it.each([...OWN, ...shared].map((each) => [each.id, each] as const))('%s leaves nothing behind', async (_, each) => {
    const name =
      'filename' in each.input ? `&fileName=${encodeURIComponent(expanded(each.input['filename']).toString())}` : '';
    const started = performance.now();
    const answer = await send(`kind=sites${name}`, bodyOf(each));
    const text = await answer.text();
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(text).not.toMatch(/node_modules|\bat \/|\.ts:|select |insert into|csv-parse|yauzl|network_import/);
    if ('filename' in each.input && answer.status === 200) {
      expect((JSON.parse(text) as NetworkImportSummary).fileName).not.toMatch(/[/\\\p{Cc}]/u);
      return;
    }
    expect([400, 413, 422]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await fixture.rows('select 1 from network_import')).toEqual([]);
  });
});
