import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import fc from 'fast-check';
import { InputError } from '../../src/common/errors.js';
import { limitedBytes } from '../../src/sheets/file-bytes.js';
import { IMPORT_LIMITS, type ImportLimits } from '../../src/sheets/import-limits.js';
import { openSheet } from '../../src/sheets/sheet.js';
import { inPieces } from './register-fixture.js';
import { workbookFile, workbookParts, zipFile } from './workbook-file.js';

async function rowsOf(content: string | Uint8Array, pieces = 7, limits: Partial<ImportLimits> = {}) {
  const all = { ...IMPORT_LIMITS, ...limits };
  const sheet = await openSheet(limitedBytes(inPieces(content, pieces), all.bytes, createHash('sha256')), all);
  const rows = [];
  for await (const row of sheet.rows) rows.push(row);
  return rows;
}

async function cellsOf(content: string | Uint8Array, pieces = 7): Promise<[number, ...string[]][]> {
  return (await rowsOf(content, pieces)).map((row) => [row.line, ...row.cells]);
}

function leftOver(): string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith('untether-import-'));
}

describe('CSV files', () => {
  it('are read whatever their line ends, byte order mark and quoting', async () => {
    const expected = [
      [1, 'a', 'b'],
      [2, 'x', 'two\nlines, "quoted"'],
      [4, 'y', 'é'],
    ];
    const text = 'a,b\r\nx,"two\nlines, ""quoted"""\ny,é';
    expect(await cellsOf(text, 1)).toEqual(expected);
    expect(await cellsOf(`\uFEFF${text}`)).toEqual(expected);
    expect(await cellsOf('sep=;\na;b\nx;1,5')).toEqual([
      [2, 'a', 'b'],
      [3, 'x', '1,5'],
    ]);
    expect(await cellsOf('a,b\r\rx,y\r')).toEqual([
      [1, 'a', 'b'],
      [3, 'x', 'y'],
    ]);
  });

  it('are refused in words when their columns are separated by something else', async () => {
    await expect(cellsOf('a;b\nx;1,5', 9)).rejects.toThrow(/separated by semicolons, not by commas/);
    await expect(cellsOf('"a,b"\tc\nx\ty', 9)).rejects.toThrow(/separated by tabs/);
    expect(await cellsOf('only\nx;y')).toEqual([
      [1, 'only'],
      [2, 'x;y'],
    ]);
  });

  it('may be UTF-16 with a byte order mark', async () => {
    const little = Buffer.from('\uFEFFa,b\nx,é\n', 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      expect(await cellsOf(bytes, 3)).toEqual([
        [1, 'a', 'b'],
        [2, 'x', 'é'],
      ]);
    }
  });

  it.each([
    [
      'Windows-1252',
      Buffer.from('a,b\nx,y\nz,caf\xe9 bar\n', 'latin1'),
      /not UTF-8 from line 3 on.*Windows-1252.*CSV UTF-8/,
    ],
    ['half a character', Buffer.concat([Buffer.from('a,b\nx,'), Buffer.from([0xc3])]), /not UTF-8 from line 2/],
    ['UTF-16 without its mark', Buffer.from('a,b\nx,y\n', 'utf16le'), /UTF-16 without a byte order mark/],
    ['a picture', Buffer.from('iVBORw0KGgo=', 'base64'), /not text/],
    ['a PDF', Buffer.from('%PDF-1.7'), /not text/],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old \(\.xls\)/],
    ['a broken zip', Buffer.from('UEsDBBQAAAAIAA==', 'base64'), /zip file that cannot be read/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['an open quote', Buffer.from('a,b\nx,y\n"z,1\nw,2\n'), /line 3 and never closed/],
    ['a quote inside a cell', Buffer.from('a,b\nx,y"1"\n'), /Line 2 has a quotation mark in the middle/],
    ['text after a quote', Buffer.from('a,b\nx,"y"1\n'), /Line 2 has a quotation mark in the middle/],
    ['a row without end', Buffer.from(`a,b\nx,"${'y'.repeat(200_000)}\n`), /row at line 2 is too long/],
  ])('with %s are refused in words', async (_, content, message) => {
    await expect(rowsOf(content, 4_000)).rejects.toThrow(InputError);
    await expect(rowsOf(content, 4_000)).rejects.toThrow(message);
  });

  it('that are too large are refused as soon as it shows', async () => {
    await expect(rowsOf('a,b\n'.repeat(1_000), 100, { bytes: 1_000 })).rejects.toMatchObject({ status: 413 });
  });
});

describe('Excel workbooks', () => {
  it('give the first visible sheet: texts, numbers, results of formulas, and blanks', async () => {
    const file = workbookFile([
      ['Asset Tag', 'Serial', 'Cost'],
      ['T1', '00012345', 899.5],
      [],
      ['T2', '', { xml: '<c t="str"><f>A1&amp;"x"</f><v>R&amp;D</v></c>' }],
      [
        { xml: '<c t="inlineStr"><is><r><t>T</t></r><rPh><t>no</t></rPh><r><t>3 &lt;b&gt;</t></r></is></c>' },
        12345,
        { xml: '<c t="b"><v>1</v></c>' },
      ],
    ]);
    for (const pieces of [5, 100_000]) {
      expect(await cellsOf(file, pieces)).toEqual([
        [1, 'Asset Tag', 'Serial', 'Cost'],
        [2, 'T1', '00012345', '899.5'],
        [4, 'T2', '', 'R&D'],
        [5, 'T3 <b>', '12345', 'TRUE'],
      ]);
    }
    expect((await rowsOf(file)).map((row) => [...row.numbers])).toEqual([[], [2], [], [1]]);
    expect(leftOver()).toEqual([]);
  });

  it('never read a formula, nor anything outside the file', async () => {
    const file = workbookFile([['Tag'], [{ xml: '<c><f>WEBSERVICE("http://example.invalid")</f></c>' }], ['T2']]);
    expect(await cellsOf(file)).toEqual([
      [1, 'Tag'],
      [3, 'T2'],
    ]);
  });

  it('decode what XML cannot hold', async () => {
    expect(await cellsOf(workbookFile([['Tag'], ['a_x000A_b']]))).toEqual([
      [1, 'Tag'],
      [2, 'a\nb'],
    ]);
  });

  const parts = workbookParts([['Asset Tag'], ['T1']]);
  const replaced = (name: string, content: string, declaredSize?: number) =>
    zipFile(
      parts.map((part) => (part.name === name ? { name, content, ...(declaredSize ? { declaredSize } : {}) } : part)),
    );
  const SHEET = 'xl/worksheets/sheet2.xml';
  const bomb = `<worksheet><sheetData>${' '.repeat(20_000_000)}</sheetData></worksheet>`;
  it.each([
    ['that unpacks to too much', replaced(SHEET, bomb), /unpacks to too much/],
    ['that lies about its size', replaced(SHEET, bomb, 1_000), /cannot be read/],
    [
      'with entities that multiply',
      replaced(SHEET, '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'),
      /cannot be read/,
    ],
    [
      'with an external entity',
      replaced(SHEET, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'),
      /cannot be read/,
    ],
    ['that is not well formed', replaced(SHEET, '<worksheet><sheetData><row></worksheet>'), /cannot be read/],
    ['without the sheet', zipFile(parts.filter((part) => part.name !== SHEET)), /cannot be read/],
    ['without a workbook', zipFile([{ name: 'word/document.xml', content: '<w/>' }]), /cannot be read/],
    ['cut short', workbookFile([['Asset Tag'], ['T1']]).subarray(0, 400), /cannot be read/],
    [
      'with rows out of all bounds',
      replaced(SHEET, '<w><row r="-1"><c r="A1"><v>1</v></c></row></w>'),
      /cannot be read/,
    ],
    [
      'with a cell far to the right',
      replaced(SHEET, '<w><row r="1"><c r="XFD1"><v>1</v></c></row></w>'),
      /far to the right/,
    ],
    [
      'with two thousand parts and one',
      zipFile(Array.from({ length: 2_001 }, (_, n) => ({ name: `p${n}`, content: '' }))),
      /cannot be read/,
    ],
  ])('V-48: %s are refused, and nothing is left behind', async (_, content, message) => {
    const reading = rowsOf(content, 64_000, { unpackedBytes: 10_000_000 });
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
    expect(leftOver()).toEqual([]);
  });
});

describe('any bytes at all', () => {
  const workbook = workbookFile([
    ['Asset Tag', 'Cost'],
    ['T1', 5],
    ['T2', 'x'],
  ]);
  const csv = Buffer.from('Asset Tag,Note\r\nT1,"two\nlines"\r\nT2,é\r\n');
  const changes = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(255)), { minLength: 1, maxLength: 8 });
  const damaged = fc
    .tuple(fc.constantFrom(workbook, csv), changes, fc.option(fc.nat(1_000_000)))
    .map(([bytes, edits, cut]) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of edits) copy[at % copy.length] = value;
      return cut === null ? copy : copy.subarray(0, cut % copy.length);
    });

  it('are rows or refused in words, and never leave a file behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })),
        fc.integer({ min: 1, max: 400 }),
        async (bytes, pieces) => {
          const outcome = await rowsOf(bytes, pieces, { unpackedBytes: 1_000_000, rowCharacters: 10_000 }).catch(
            (error: unknown) => error,
          );
          if (!Array.isArray(outcome)) expect(outcome).toBeInstanceOf(InputError);
        },
      ),
      { numRuns: 500 },
    );
    expect(leftOver()).toEqual([]);
  }, 60_000);

  it('of a CSV file that another writer made are read back to the same cells', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', ''));
    const table = fc.array(fc.tuple(fc.constant('key'), cell, cell), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.integer({ min: 1, max: 50 }),
        async (rows, separator, pieces) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const body = [['a', 'b', 'c'], ...rows].map((cells) => cells.map(quoted).join(separator)).join('\r\n');
          const text = separator === ',' ? body : `sep=${separator}\r\n${body}`;
          expect((await rowsOf(text, pieces)).slice(1).map((row) => row.cells)).toEqual(
            rows.map((cells) => [...cells]),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
