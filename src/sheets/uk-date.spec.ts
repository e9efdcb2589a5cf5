import fc from 'fast-check';
import { readDate, readExcelDay } from './uk-date.js';

describe('dates', () => {
  it.each([
    ['2026-01-31', '2026-01-31'],
    ['2026-01-31T00:00:00Z', '2026-01-31'],
    ['2026-01-31 00:00:00.000', '2026-01-31'],
    ['31/01/2026', '2026-01-31'],
    ['2/1/2026', '2026-01-02'],
    ['02.01.2026', '2026-01-02'],
    ['02-01-2026 00:00', '2026-01-02'],
    ['29/02/2028', '2028-02-29'],
    ['2 January 2026', '2026-01-02'],
    ['02-Sep-2026', '2026-09-02'],
    ['2 Sept 2026', '2026-09-02'],
  ])('%s is %s', (text, date) => expect(readDate(text)).toMatchObject({ ok: true, date }));

  it.each([
    ['2026-02-30', /no such day/],
    ['2026-13-45', /no such day/],
    ['31/11/2026', /no such day/],
    ['29/02/2026', /no such day/],
    ['00/01/2026', /no such day/],
    ['01/31/2026', /month first/],
    ['02/01/26', /two digits/],
    ['2-Jan-26', /two digits/],
    ['2026-01-31T09:30:00Z', /not a date/],
    ['1989-12-31', /1989 is not between/],
    ['02/01-2026', /not a date/],
    ['2 Janvember 2026', /not a date/],
    ['infinity', /not a date/],
    ['46024', /not a date/],
    ['', /not a date/],
  ])('%s is refused', (text, message) => {
    const reading = readDate(text);
    expect(reading).toMatchObject({ ok: false, message: expect.stringMatching(message) as string });
    expect(!reading.ok && reading.fix.length > 0).toBe(true);
  });

  it('says which could be read with the month first, and which only can', () => {
    expect(readDate('02/01/2026')).toMatchObject({ couldBeMonthFirst: true });
    expect(readDate('02/02/2026')).toMatchObject({ couldBeMonthFirst: false });
    expect(readDate('13/01/2026')).toMatchObject({ couldBeMonthFirst: false });
    expect(readDate('2026-01-02')).toMatchObject({ couldBeMonthFirst: false });
    expect(readDate('01/13/2026')).toMatchObject({ monthFirst: true });
    expect(readDate('32/13/2026')).toMatchObject({ monthFirst: false });
  });

  it('reads the day numbers of workbooks', () => {
    expect(readExcelDay('46024', false)).toMatchObject({ ok: true, date: '2026-01-02' });
    expect(readExcelDay('44562', true)).toMatchObject({ ok: true, date: '2026-01-02' });
    expect(readExcelDay('46024.5', false)).toMatchObject({ ok: false });
    expect(readExcelDay('12', false)).toMatchObject({ ok: false });
    expect(readExcelDay('99999', false)).toMatchObject({ ok: false });
  });

  it('reads every day of the calendar in every way of writing it', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = iso.split('-');
        for (const text of [iso, `${dayOfMonth}/${month}/${year}`, `${Number(dayOfMonth)}.${Number(month)}.${year}`]) {
          expect(readDate(text)).toMatchObject({ ok: true, date: iso });
        }
      }),
    );
  });
});
