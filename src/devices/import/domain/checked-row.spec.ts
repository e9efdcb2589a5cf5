import type { SheetKind } from '../../../sheets/sheet-row.js';
import { checkRow } from './checked-row.js';
import { mapHeader } from './column-mapping.js';

const CSV: SheetKind = { format: 'csv', counts1904: false };
const XLSX: SheetKind = { format: 'xlsx', counts1904: false };

function check(headers: string[], cells: string[], sheet = CSV, numbers: number[] = []) {
  const { columns, width } = mapHeader(headers, null);
  return checkRow({ line: 2, cells, numbers: new Set(numbers) }, columns, width, sheet);
}

describe('rows', () => {
  it('give the values of the register and the forms by which they are compared', () => {
    const headers = ['Asset Tag', 'Serial', 'Make', 'Model', 'Cost', 'Purchased', 'Notes'];
    const cells = [' t-1 ', ' 5cg 12345 ', 'Dell Inc.', 'Latitude\u00A05450\u200B', '£1,000', '2/1/2026', 'two\nlines'];
    expect(check(headers, cells)).toMatchObject({
      fields: {
        asset_tag: 't-1',
        asset_tag_key: 'T-1',
        serial_number: '5CG 12345',
        serial_key: '5CG12345',
        manufacturer: 'Dell Inc.',
        manufacturer_key: 'dell',
        model: 'Latitude 5450',
        price_pence: 100_000,
        purchased_on: '2026-01-02',
        notes: 'two\nlines',
      },
      problems: [],
      doubtfulDates: ['purchased_on'],
    });
  });

  it('say nothing with a blank cell', () => {
    expect(check(['Asset Tag', 'Model', 'Cost'], ['T1', ' ', '\u200B']).fields).toEqual({
      asset_tag: 'T1',
      asset_tag_key: 'T1',
    });
  });

  it.each(['Default string', 'To Be Filled By O.E.M.', '0000000', 'N/A', 'Latitude 5450'])(
    'leave out %j where a serial number belongs',
    (serial) => {
      const row = check(['Asset Tag', 'Serial', 'Model'], ['T1', serial, 'Latitude 5450']);
      expect(row.fields).not.toHaveProperty('serial_number');
      expect(row.problems).toMatchObject([{ severity: 'warning', column: 'Serial' }]);
      expect(check(['Serial', 'Model'], [serial, 'Latitude 5450']).problems.at(-1)).toMatchObject({
        severity: 'refused',
      });
    },
  );

  it.each([
    ['Serial', '1.23457E+11', /turned the value into a number/],
    ['Serial', 'a\tb', /control character/],
    ['Serial', 'x'.repeat(129), /129 characters; at most 128/],
    ['Serial', 'caf\uFFFD', /not UTF-8/],
    ['Model', 'a\nb', /line break/],
    ['Model', 'a\0b', /control character/],
    ['Model', '#N/A', /error #N\/A/],
    ['Notes', 'n'.repeat(2_001), /2001 characters/],
    ['Cost', '12 each', /not an amount/],
    ['Purchased', 'soon', /not a date/],
  ])('are refused for the column %s with %j', (header, cell, message) => {
    const { problems } = check(['Asset Tag', header], ['T1', cell]);
    expect(problems).toMatchObject([
      { severity: 'refused', column: header, message: expect.stringMatching(message) as string },
    ]);
    expect(problems[0]?.fix).not.toBe('');
  });

  it('of CSV must have as many cells as the header row; those of a sheet end where they are empty', () => {
    expect(check(['Asset Tag', 'Model'], ['T1']).problems[0]?.message).toBe(
      'The row has 1 cells, but the header row has 2.',
    );
    expect(check(['Asset Tag', 'Model'], ['T1', 'M', '', 'x']).problems[0]?.message).toMatch(/has 4 cells/);
    expect(check(['Asset Tag', 'Model'], ['T1', 'M', '', '']).problems).toEqual([]);
    expect(check(['Asset Tag', 'Model'], ['T1'], XLSX).problems).toEqual([]);
  });

  it('of a workbook may hold dates and prices as numbers, but no long serial numbers', () => {
    const headers = ['Asset Tag', 'Serial', 'Purchased', 'Cost'];
    const row = check(headers, ['1234', '54827', '46024', '899.99'], XLSX, [0, 1, 2, 3]);
    expect(row.fields).toMatchObject({ asset_tag: '1234', purchased_on: '2026-01-02', price_pence: 89_999 });
    expect(row.problems.map(({ severity, column }) => [severity, column])).toEqual([
      ['warning', 'Asset Tag'],
      ['warning', 'Serial'],
    ]);
    for (const serial of ['1.23456789012346E+17', '1234567890123456', '12.5']) {
      expect(check(headers, ['T1', serial, '', ''], XLSX, [1]).problems).toMatchObject([
        { severity: 'refused', column: 'Serial' },
      ]);
    }
  });

  it('are read quickly, however hostile the cells', () => {
    const started = performance.now();
    for (const unit of ['1', '1,', '/', '2/1/', ' ', '\u200B', '£', '(', 'x@']) {
      const cell = unit.repeat(50_000);
      check(['Asset Tag', 'Serial', 'Cost', 'Purchased', 'Notes'], ['T1', cell, cell, cell, cell]);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
