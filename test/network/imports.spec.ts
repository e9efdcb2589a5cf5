import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { auditedAs } from '../support/audit.js';
import { IMPORTER, openNetworkImports, type NetworkImportFixture } from './import-fixture.js';
import type { ImportedKind } from '../../src/network/import/domain/import-words.js';

const SITES = 'name,desks,docks,wired_ports\nCivic Centre,400,200,\nLibrary,20,,12\n';
const TABLES = [
  'network_site',
  'network_link',
  'network_range',
  'wifi_survey',
  'site_test',
  'area_coverage',
  'network_change',
];
const SHARED = path.resolve(import.meta.dirname, '..', '..', '..', 'shared', 'network', 'ofcom-laua-2024.csv');

/** A file of coverage by postcode as Ofcom publishes it: byte order mark, CRLF, twenty columns. */
const OFCOM_POSTCODES = `\uFEFF${[
  'postcode,postcode_space,postcode area,SFBB availability (% premises),UFBB (100Mbit/s) availability (% premises),UFBB availability (% premises),Gigabit availability (% premises),% of premises with NGA,% of premises unable to receive decent broadband from fixed or FWA,% of premises able to receive decent broadband from FWA,% of premises unable to receive 2Mbit/s,% of premises unable to receive 5Mbit/s,% of premises unable to receive 10Mbit/s,% of premises unable to receive 30Mbit/s,% of premises with 0<2Mbit/s download speed,% of premises with 2<5Mbit/s download speed,% of premises with 5<10Mbit/s download speed,% of premises with 10<30Mbit/s download speed,% of premises with 30<300Mbit/s download speed,% of premises with >=300Mbit/s download speed',
  'SO140AA,SO14 0AA,SO,100,100,100,100,100,0,0,0,0,0,0,0,0,0,0,0,100',
  'SO140AB,SO14 0AB,SO,50,50,50,25,100,10,0,0,0,0,0,0,0,0,0,0,100',
  'SO151AA,SO15 1AA,SO,90,90,80,,100,0,0,0,0,0,0,0,0,0,0,0,100',
  'nonsense,non sense,SO,90,90,80,,100,0,0,0,0,0,0,0,0,0,0,0,100',
  'SO151AB,SO15 1AB,SO,101,90,80,,100,0,0,0,0,0,0,0,0,0,0,0,100',
].join('\r\n')}\r\n`;

describe('imports of network data', () => {
  let fixture: NetworkImportFixture;
  beforeAll(async () => {
    fixture = await openNetworkImports();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.close());

  const everything = async (): Promise<unknown> =>
    Promise.all(TABLES.map((table) => fixture.rows(`select * from ${table} order by 1, 2`)));
  const outcomes = async (id: number): Promise<unknown[]> =>
    (await fixture.queries.rows(id, {}, { limit: 100 })).items.map(({ line, outcome }) => [line, outcome]);
  const problems = async (id: number): Promise<unknown[]> =>
    (await fixture.queries.rows(id, { outcome: 'refused' }, { limit: 100 })).items.map(({ line, problems: wrong }) => [
      line,
      ...wrong.map(({ column, message, fix }) => `${column}: ${message} ${fix}`),
    ]);
  const addGateway = (): Promise<unknown[]> =>
    fixture.rows(`insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
      values ('Gateway', 100, 1000, 1000, true, 'person:somebody')`);

  const FILES: readonly (readonly [ImportedKind, string, string, string, object[]])[] = [
    [
      'sites',
      SITES,
      'name,desks,docks,wired_ports\nCivic Centre,410,,\nLibrary,20,,12\nDepot,5,,\n',
      `select name, desks, docks, wired_ports from network_site order by name`,
      [
        { name: 'Civic Centre', desks: 410, docks: 200, wired_ports: null },
        { name: 'Depot', desks: 5, docks: null, wired_ports: null },
        { name: 'Library', desks: 20, docks: null, wired_ports: 12 },
      ],
    ],
    [
      'links',
      'site,name,provider,Download (Mbps),upload_mbps,contract ends,live_from\ncivic centre,A,One,"1,000",500,31/03/2027,2026-01-01\nLibrary,A,,80,20,,\n',
      'site,name,download_kbps,upload_kbps,live_until\nCivic Centre,A,2000000,500000,2026-12-31\nLibrary,A,80000,20000,\nLibrary,B,1000,1000,\n',
      `select site.name as site, link.name, provider, link.download_kbps, link.upload_kbps, contract_ends_on::text, live_from::text,
         live_until::text from network_link as link join network_site as site on site.id = site_id order by 1, 2`,
      [
        {
          ...{ site: 'Civic Centre', name: 'A', provider: 'One', download_kbps: 2_000_000, upload_kbps: 500_000 },
          ...{ contract_ends_on: '2027-03-31', live_from: '2026-01-01', live_until: '2026-12-31' },
        },
        {
          ...{ site: 'Library', name: 'A', provider: null, download_kbps: 80_000, upload_kbps: 20_000 },
          ...{ contract_ends_on: null, live_from: null, live_until: null },
        },
        {
          ...{ site: 'Library', name: 'B', provider: null, download_kbps: 1_000, upload_kbps: 1_000 },
          ...{ contract_ends_on: null, live_from: null, live_until: null },
        },
      ],
    ],
    [
      'ranges',
      'kind,network,site,gateway,note\nSite subnet,10.1.0.0/16,Library,,first floor\negress,203.0.113.7,,,\nVPN,2001:DB8:1::/48,,Gateway,\n',
      'kind,range,site,gateway,note\nSite subnet,10.1.0.0/16,Civic Centre,,\negress,203.0.113.7/32,,,\negress,2001:db8:2::/48,Library,,\n',
      `select kind, network::text, site.name as site, remote_access_id is not null as gateway, note from network_range
       left join network_site as site on site.id = site_id order by network_range.network`,
      [
        { kind: 'site_subnet', network: '10.1.0.0/16', site: 'Civic Centre', gateway: false, note: 'first floor' },
        { kind: 'egress', network: '203.0.113.7/32', site: null, gateway: false, note: null },
        { kind: 'remote_access', network: '2001:db8:1::/48', site: null, gateway: true, note: null },
        { kind: 'egress', network: '2001:db8:2::/48', site: 'Library', gateway: false, note: null },
      ],
    ],
    [
      'site_tests',
      'site,tested_at,source,rtt ms,jitter_ms,loss_percent,download_mbps,upload_mbps\nLibrary,2026-07-01 09:30,Speed test,21.5,3,0.5,80.25,19\nLibrary,2026-07-01T08:45:00Z,Speed test,20,,,,\n',
      'site,tested_at,source,round_trip_ms,sharepoint_megabytes_per_second\nLibrary,2026-07-01 09:30,Speed test,22,\nLibrary,2026-07-01 09:45,Speed test,20,\nLibrary,2026-12-01 09:45,Speed test,,\nCivic Centre,01/07/2026 09:45,Assessment,,8.25\n',
      `select site.name as site, tested_at, round_trip_ms, loss_ratio, download_kbps, sharepoint_megabytes_per_second as sharepoint
       from site_test join network_site as site on site.id = site_id order by site.name, tested_at`,
      [
        {
          ...{ site: 'Civic Centre', tested_at: new Date('2026-07-01T08:45:00Z') },
          ...{ round_trip_ms: null, loss_ratio: null, download_kbps: null, sharepoint: 8.25 },
        },
        {
          ...{ site: 'Library', tested_at: new Date('2026-07-01T08:30:00Z') },
          ...{ round_trip_ms: 22, loss_ratio: 0.005, download_kbps: 80_250, sharepoint: null },
        },
        {
          ...{ site: 'Library', tested_at: new Date('2026-07-01T08:45:00Z') },
          ...{ round_trip_ms: 20, loss_ratio: null, download_kbps: null, sharepoint: null },
        },
      ],
    ],
    [
      'authority_coverage',
      'laua,la_name,superfast_pct,below_uso_pct\nE06000045,SOUTHAMPTON,98.1,0\nE07000086,EASTLEIGH,98.1,0.1\n',
      'laua,laua_name,SFBB availability (% premises),Full Fibre availability (% premises)\nE06000045,SOUTHAMPTON,98.3,86.3\nE07000086,EASTLEIGH,98.1,\nE07000091,NEW FOREST,96.2,\n',
      `select area_kind, area_code, area_name, snapshot::text, superfast_percent, full_fibre_percent, below_universal_service_percent as below
       from area_coverage order by area_code`,
      [
        ['E06000045', 'SOUTHAMPTON', 98.3, 86.3, 0],
        ['E07000086', 'EASTLEIGH', 98.1, null, 0.1],
        ['E07000091', 'NEW FOREST', 96.2, null, null],
      ].map(([area_code, area_name, superfast_percent, full_fibre_percent, below]) => ({
        ...{ area_kind: 'authority', area_code, area_name, snapshot: '2024-07-01' },
        ...{ superfast_percent, full_fibre_percent, below },
      })),
    ],
  ];

  it.each(FILES)(
    '%s: the dry run changes nothing, applying does what it shows, the same again is unchanged',
    async (...each) => {
      const [kind, first, second, sql, expected] = each;
      const options = kind === 'authority_coverage' ? { snapshot: '1/7/2024' } : {};
      if (kind !== 'sites') await fixture.bring('sites', SITES);
      await addGateway();
      const before = await everything();
      const dry = await fixture.stage(kind, first, options);
      expect([dry.state, dry.counts.changed, dry.counts.unchanged, dry.counts.refused]).toEqual(['checked', 0, 0, 0]);
      expect(await everything()).toEqual(before);
      expect((await fixture.imports.apply(dry.id, IMPORTER)).counts).toEqual(dry.counts);
      const again = await fixture.stage(kind, first, options);
      expect(again.counts).toEqual({ new: 0, changed: 0, unchanged: dry.counts.new, refused: 0 });

      const changing = await fixture.stage(kind, second, options);
      const applied = await fixture.imports.apply(changing.id, IMPORTER);
      expect(applied.counts).toEqual({ new: 1, changed: 1, unchanged: 1, refused: kind === 'site_tests' ? 1 : 0 });
      expect(await fixture.rows(sql)).toEqual(expected);
      const last = await fixture.stage(kind, second, options);
      expect([last.counts.new, last.counts.changed]).toEqual([0, 0]);
    },
  );

  it('says what changes, from what to what, and reads no more than it says', async () => {
    await fixture.bring('sites', SITES);
    await fixture.bring('ranges', 'kind,network,site\nsubnet,10.1.0.0/16,Library\n');
    const { id, ignoredColumns, columns } = await fixture.stage(
      'ranges',
      'Kind,CIDR,Site,Colour\nsubnet,10.1.0.0/16,Civic Centre,red\n',
    );
    expect([ignoredColumns, columns.map(({ field }) => field)]).toEqual([['Colour'], ['kind', 'network', 'site']]);
    expect((await fixture.queries.rows(id, {}, {})).items).toEqual([
      {
        ...{ line: 2, outcome: 'changed', problems: [] },
        changes: [{ field: 'site', label: 'Site', from: 'Library', to: 'Civic Centre' }],
        values: [
          { field: 'kind', label: 'Kind', value: 'site_subnet' },
          { field: 'network', label: 'Range', value: '10.1.0.0/16' },
          { field: 'site', label: 'Site', value: 'Civic Centre' },
        ],
      },
    ]);
  });

  it('surveys: what one found is never changed', async () => {
    await fixture.bring('sites', SITES);
    const header = 'site,surveyed_on,result,floors,clients,expires_on\n';
    await fixture.bring(
      'surveys',
      `${header}Library,2026-05-01,passed,,200,2027-05-01\nLibrary,2026-05-01,partial,Basement,20,\n`,
    );
    const { id, counts } = await fixture.stage(
      'surveys',
      `${header}Library,2026-05-01,failed,,,\nLibrary,2026-05-01,passed in part,Basement,20,\nLibrary,2026-06-01,fail,,,\nLibrary,2026-05-01,passed,,200,2026-04-01\nLibrary,2030-05-01,passed,,,\n`,
    );
    expect(counts).toEqual({ new: 1, changed: 0, unchanged: 1, refused: 3 });
    expect(await problems(id)).toEqual([
      [
        2,
        'result: A survey of this day is entered already, and what a survey found is never changed. If that one is wrong, withdraw it on the page of the site and send the file again.',
      ],
      [5, 'null: The survey expires before it was done. Correct one of the two days.'],
      [6, 'null: The day of the survey lies ahead. Enter the day on which it was done.'],
    ]);
    await fixture.imports.apply(id, IMPORTER);
    expect(await fixture.rows('select result, floors, clients_supported from wifi_survey order by id')).toEqual([
      { result: 'passed', floors: null, clients_supported: 200 },
      { result: 'passed_in_part', floors: 'Basement', clients_supported: 20 },
      { result: 'failed', floors: null, clients_supported: null },
    ]);
    await fixture.rows(
      `update wifi_survey set withdrawn_at = now(), withdrawn_by = 'person:x', withdrawn_reason = 'Wrong'`,
    );
    expect((await fixture.stage('surveys', `${header}Library,2026-05-01,failed,,,\n`)).counts.new).toBe(1);
  });

  it('postcodes become districts, and no postcode is kept', async () => {
    const dry = await fixture.stage('postcode_coverage', OFCOM_POSTCODES, {
      fileName: '202601_fixed_pc_coverage_r2_SO.csv',
    });
    expect([dry.snapshot, dry.rowsRead, dry.counts]).toEqual([
      '2026-01-01',
      5,
      { new: 2, changed: 0, unchanged: 0, refused: 2 },
    ]);
    expect(await outcomes(dry.id)).toEqual([
      [2, 'new'],
      [4, 'new'],
      [5, 'refused'],
      [6, 'refused'],
    ]);
    const kept = await fixture.rows<{ text: string }>(
      'select to_jsonb(row)::text as text from network_import_row as row',
    );
    expect(kept.map(({ text }) => text).join()).not.toMatch(/SO1[45] ?[01]A|nonsense/i);
    await fixture.imports.apply(dry.id, IMPORTER);
    expect(
      await fixture.rows(
        `select area_kind, area_code, area_name, snapshot::text, postcodes, superfast_percent, ultrafast_percent, gigabit_percent,
           below_universal_service_percent as below, import_id from area_coverage order by 2`,
      ),
    ).toEqual([
      {
        ...{ area_kind: 'postcode_district', area_code: 'SO14', area_name: null, snapshot: '2026-01-01', postcodes: 2 },
        ...{ superfast_percent: 75, ultrafast_percent: 75, gigabit_percent: 62.5, below: 5, import_id: dry.id },
      },
      {
        ...{ area_kind: 'postcode_district', area_code: 'SO15', area_name: null, snapshot: '2026-01-01', postcodes: 1 },
        ...{ superfast_percent: 90, ultrafast_percent: 80, gigabit_percent: null, below: 0, import_id: dry.id },
      },
    ]);
    const later = await fixture.stage('postcode_coverage', OFCOM_POSTCODES, { snapshot: '2026-07-01' });
    expect(later.counts.new).toBe(2);
  });

  it('the figures of all local authorities are taken as they were published', async () => {
    if (!existsSync(SHARED)) {
      process.stdout.write('ofcom-laua-2024.csv is not here: only the figures of this spec are read.\n');
      return;
    }
    const { counts } = await fixture.bring('authority_coverage', readFileSync(SHARED, 'utf8'), {
      snapshot: '2024-07-01',
    });
    expect(counts).toEqual({ new: 361, changed: 0, unchanged: 0, refused: 0 });
    expect(
      await fixture.rows(`select area_name, superfast_percent, gigabit_percent, mobile_4g_all_percent from area_coverage
        where area_code = 'E06000045'`),
    ).toEqual([
      { area_name: 'SOUTHAMPTON', superfast_percent: 98.1, gigabit_percent: 94, mobile_4g_all_percent: 99.2 },
    ]);
  });

  it('refuses rows with the column and the fix, and applies the rest', async () => {
    await fixture.bring('sites', SITES);
    const { id, counts } = await fixture.stage(
      'links',
      [
        'site,name,download_mbps,upload_mbps,live_from,live_until',
        'Nowhere,A,80,20,,',
        'Library,A,fast,20,,',
        'Library,A,80,,,',
        'Library,A,80,20,2026-05-01,2026-04-01',
        'Library,B,80,20,,',
        'library,B,80,20,,',
        'Library,C,80,20,30/02/2026,',
        'Library,D,-1,20,,',
        'Library,#REF!,80,20,,',
        'Library,E,80,20,,,,x',
        'Library,F,1e9,20,,',
      ].join('\n'),
    );
    expect(counts).toEqual({ new: 1, changed: 0, unchanged: 0, refused: 10 });
    expect(await problems(id)).toEqual([
      [
        2,
        'site: No site of this name is entered. Correct the name, or enter or import the site first and send the file again.',
      ],
      [3, 'download_mbps: This is not a number. Write it in digits, such as 1250 or 12.5, without a unit.'],
      [4, 'upload_mbps: The cell is empty. Enter upload (kbit/s).'],
      [5, 'live_until: The link would end before it begins. Correct one of the two days.'],
      [7, 'null: Line 6 is about the same. Keep one of the two rows.'],
      [8, 'live_from: There is no such day in the calendar. Write the date as 2026-01-31 or 31/01/2026.'],
      [
        9,
        'download_mbps: The figure is not between 0.001 and 1,000,000. Check its unit, which the header of the column names.',
      ],
      [10, 'name: The spreadsheet shows the error #REF! here. Correct the formula, or enter the value.'],
      [
        11,
        'null: The row has 8 cells, but the header row has 6. Put cells that contain the separator in quotation marks, or remove what is too much.',
      ],
      [12, 'download_mbps: This is not a number. Write it in digits, such as 1250 or 12.5, without a unit.'],
    ]);
    await fixture.imports.apply(id, IMPORTER);
    expect(await fixture.rows('select name from network_link')).toEqual([{ name: 'B' }]);
  });

  it('refuses a file of which nothing can be imported, and keeps nothing of it', async () => {
    const refusals: readonly (readonly [ImportedKind, string, RegExp, string?])[] = [
      ['sites', 'name,desks\nLibrary,many\n', /The one row of the file cannot be imported\. Row at line 2, desks/],
      ['sites', 'name,desks\n', /no rows below/],
      ['sites', '', /empty/],
      [
        'sites',
        'desks,docks\n1,2\n',
        /no column for "name" .*the template has the headers: name, desks, docks, wired_ports/,
      ],
      ['sites', 'name,site\na,b\n', /"name", "site" all stand for site/],
      ['sites', 'name;desks\na;1\n', /separated by semicolons/],
      ['site_tests', 'site,tested_at,source\na,2026-07-01 09:30,x\n', /no column for any figure/],
      ['postcode_coverage', 'postcode,superfast_pct\nLibrary,20\n', /One|one row/, '2026-01-01'],
      ['authority_coverage', 'laua,la_name,superfast_pct\nE06000045,S,98\n', /Enter the day of the figures/],
      ['authority_coverage', 'laua,la_name,superfast_pct\nE06000045,S,98\n', /not ahead/, '2090-01-01'],
      ['sites', SITES, /Leave the day open/, '2026-01-01'],
      [
        'links',
        'site,name,download_mbps,upload_mbps,live_from\na,b,1,1,01/02/2026\na,c,1,1,01/31/2026\n',
        /month first/,
      ],
    ];
    for (const [kind, content, message, snapshot] of refusals) {
      await expect(fixture.stage(kind, content, snapshot === undefined ? {} : { snapshot })).rejects.toThrow(message);
    }
    await expect(
      fixture.stage('sites', SITES, {
        limits: { bytes: 1_000_000, unpackedBytes: 1_000_000, rows: 1, rowCharacters: 1_000 },
      }),
    ).rejects.toThrow(/more than 1 rows/);
    expect(await fixture.rows('select 1 from network_import union all select 1 from network_import_row')).toEqual([]);
  });

  it('keeps texts that look like formulas as texts', async () => {
    await fixture.bring('sites', `name,desks\n"=cmd|' /C calc'!A0",1\n<script>alert(1)</script>,2\n`);
    expect(await fixture.rows('select name from network_site order by name')).toEqual([
      { name: '<script>alert(1)</script>' },
      { name: `=cmd|' /C calc'!A0` },
    ]);
  });

  it('is applied once, however many try at once, and notes the sites that it judges', async () => {
    await fixture.bring('sites', SITES);
    await fixture.rows('truncate network_change');
    const { id } = await fixture.stage('links', 'site,name,download_mbps,upload_mbps\nLibrary,A,80,20\n');
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => fixture.imports.apply(id, IMPORTER)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of tries) {
      if (each.status === 'rejected') expect(String(each.reason)).toMatch(/applied only once/);
    }
    expect(await fixture.rows('select name from network_link')).toHaveLength(1);
    expect(await fixture.rows('select kind, subject from network_change')).toEqual([
      { kind: 'site', subject: 'library' },
    ]);
    await expect(fixture.imports.apply(999_999, IMPORTER)).rejects.toThrow(/no such import/);
  });

  it('two imports of the same become one record', async () => {
    await fixture.bring('sites', SITES);
    const files = ['A', 'A'].map((name) => `site,name,download_mbps,upload_mbps\nLibrary,${name},80,20\n`);
    const staged = await Promise.all(files.map((file) => fixture.stage('links', file)));
    const tries = await Promise.allSettled(staged.map(({ id }) => fixture.imports.apply(id, IMPORTER)));
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(String(tries.find((each) => each.status === 'rejected')?.reason)).toMatch(/changed since the dry run/);
    expect(await fixture.rows('select name from network_link')).toHaveLength(1);
  });

  it('what changed since the dry run is looked at once more', async () => {
    const { id } = await fixture.stage('sites', SITES);
    await fixture.rows(`insert into network_site (name, desks, changed_by) values ('library', 20, 'person:somebody')`);
    await expect(fixture.imports.apply(id, IMPORTER)).rejects.toThrow(/made again/);
    expect((await fixture.queries.summary(id)).counts).toEqual({ new: 1, changed: 1, unchanged: 0, refused: 0 });
    expect(await fixture.rows('select name from network_site')).toEqual([{ name: 'library' }]);
    await fixture.imports.apply(id, IMPORTER);
    expect(await fixture.rows('select name, desks, changed_by from network_site order by name')).toEqual([
      { name: 'Civic Centre', desks: 400, changed_by: IMPORTER },
      { name: 'Library', desks: 20, changed_by: IMPORTER },
    ]);
  });

  it('the same key gives the same import', async () => {
    const options = { idempotencyKey: 'once' };
    const [first, second] = [
      await fixture.stage('sites', SITES, options),
      await fixture.stage('sites', SITES, options),
    ];
    expect(second).toEqual(first);
    await expect(fixture.stage('sites', `${SITES}Depot,1,,\n`, options)).rejects.toThrow(/another file/);
    await expect(fixture.stage('links', SITES, options)).rejects.toThrow(/another file/);
    const racing = await Promise.allSettled(
      [1, 2, 3].map(() => fixture.stage('sites', SITES, { idempotencyKey: 'race' })),
    );
    for (const each of racing) if (each.status === 'rejected') expect(String(each.reason)).toMatch(/being worked on/);
    expect(await fixture.rows(`select 1 from network_import where idempotency_key = 'race'`)).toHaveLength(1);
  });

  it('is in the audit trail, by kind and counts', async () => {
    const { dataSource } = fixture.database;
    let id = 0;
    await auditedAs(dataSource, 'network-import.staged', async () => {
      ({ id } = await fixture.stage('sites', SITES));
    });
    await auditedAs(dataSource, 'network-import.applied', () => fixture.imports.apply(id, IMPORTER));
  });

  it('reads 100,000 rows without holding them', async () => {
    await fixture.bring('sites', SITES);
    const lines = ['site,tested_at,source,round_trip_ms,jitter_ms'];
    for (let at = 0; at < 100_000; at += 1) {
      lines.push(`Library,${new Date(1_700_000_000_000 + at * 60_000).toISOString()},Probe,${at % 100},1`);
    }
    const content = lines.join('\n');
    lines.length = 0;
    const memory = process.memoryUsage().rss;
    const started = performance.now();
    const { id, counts } = await fixture.stage('site_tests', content);
    const staged = performance.now();
    expect(counts).toEqual({ new: 100_000, changed: 0, unchanged: 0, refused: 0 });
    await fixture.imports.apply(id, IMPORTER);
    const grown = Math.round((process.memoryUsage().rss - memory) / 1_000_000);
    process.stdout.write(
      `100,000 rows: stage ${Math.round(staged - started)} ms, apply ${Math.round(performance.now() - staged)} ms, memory +${grown} MB\n`,
    );
    expect(await fixture.rows('select count(*)::integer as tests from site_test')).toEqual([{ tests: 100_000 }]);
    expect(grown).toBeLessThan(300);
  }, 240_000);
});
