import fc from 'fast-check';
import type { SheetKind } from '../../../sheets/sheet-row.js';
import { readImportHeader, templateHeaders } from './import-header.js';
import { IMPORT_KINDS } from './import-kinds.js';
import { readImportRow, type ReadRow } from './import-row.js';
import { IMPORTED_KINDS, type ImportedKind } from './import-words.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const CSV: SheetKind = { format: 'csv', counts1904: false };

function read(
  kind: ImportedKind,
  headers: readonly string[],
  cells: readonly string[],
  numbers: number[] = [],
): ReadRow {
  const header = readImportHeader(kind, headers);
  expect(header.problems).toEqual([]);
  return readImportRow(kind, { line: 2, cells, numbers: new Set(numbers) }, header, CSV, NOW);
}

describe('rows of files about networks', () => {
  it('speeds and losses are brought to one unit by their header', () => {
    const speed = (header: string, cell: string): unknown =>
      read('links', ['site', 'name', header, 'upload_kbps'], ['A', 'B', cell, '1']).fields['download_kbps'];
    expect(speed('download_kbps', '80000')).toBe(80_000);
    expect(speed('Download (Mbps)', '0.5')).toBe(500);
    expect(speed('download Mbit/s', '1,000')).toBe(1_000_000);
    expect(speed('download_gbps', '10')).toBe(10_000_000);
    const loss = (header: string, cell: string): unknown =>
      read('site_tests', ['site', 'tested_at', 'source', header], ['A', '2026-01-31 09:00', 'B', cell]).fields[
        'loss_ratio'
      ];
    expect([loss('loss_percent', '1.5'), loss('Packet loss pct', '2'), loss('loss_ratio', '0.02')]).toEqual([
      0.015, 0.02, 0.02,
    ]);
  });

  it('what belongs together has to fit', () => {
    const range = (kind: string, site: string, gateway: string): unknown =>
      read('ranges', ['kind', 'network', 'site', 'remote_access'], [kind, '10.0.0.0/24', site, gateway]).problems.map(
        ({ message }) => message,
      );
    expect(range('egress', '', '')).toEqual([]);
    expect(range('site_subnet', '', '')).toEqual(['A subnet of a site needs its site.']);
    expect(range('remote access', '', '')).toEqual(['A range of remote access needs its gateway.']);
    expect(range('remote access', 'A', 'B')).toEqual(['A range of remote access belongs to no site.']);
    expect(range('egress', '', 'B')).toEqual(['Only a range of remote access has a gateway.']);
    expect(range('constructor', 'A', '')).toEqual(['This is none of the words that can stand here.']);
  });

  it('figures beyond what can be are refused in the unit of the column', () => {
    const { problems } = read(
      'site_tests',
      ['site', 'tested_at', 'source', 'loss_percent'],
      ['A', '2026-01-31 09:00', 'B', '101'],
    );
    expect(problems).toMatchObject([{ column: 'loss_percent', message: 'The figure is not between 0 and 100.' }]);
    const whole = (cell: string, numbers: number[] = []): unknown =>
      read('sites', ['name', 'desks'], ['A', cell], numbers).fields['desks'];
    expect([whole('12'), whole('12.5'), whole('1e2'), whole('NaN'), whole('1.2E2', [1])]).toEqual([
      12,
      undefined,
      undefined,
      undefined,
      120,
    ]);
  });

  it('every template has every field of its kind, and is understood', () => {
    for (const kind of IMPORTED_KINDS) {
      const { columns, ignored, problems } = readImportHeader(kind, templateHeaders(kind));
      expect([problems, ignored]).toEqual([[], []]);
      expect(columns.map(({ field }) => field)).toEqual(IMPORT_KINDS[kind].fields);
    }
  });

  it('whatever a cell holds, a row is read or refused with a fix', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...IMPORTED_KINDS),
        fc.array(fc.string(), { minLength: 1, maxLength: 14 }),
        (kind, cells) => {
          const headers = templateHeaders(kind);
          const row = { line: 2, cells: headers.map((_, at) => cells[at] ?? ''), numbers: new Set<number>() };
          const { problems, fields } = readImportRow(kind, row, readImportHeader(kind, headers), CSV, NOW);
          for (const { message, fix } of problems) expect(message !== '' && fix !== '').toBe(true);
          for (const value of Object.values(fields)) expect(value === '' || Number.isNaN(value)).toBe(false);
        },
      ),
    );
  });
});
