import { readTimeOfTest } from './time-of-test.js';

const read = (text: string, isNumber = false): unknown => readTimeOfTest(text, isNumber, false);

describe('when something was tested', () => {
  it.each([
    ['2026-01-31 14:30', '2026-01-31T14:30:00.000Z'],
    ['2026-07-01 09:30', '2026-07-01T08:30:00.000Z'],
    ['2026-07-01T09:30:15', '2026-07-01T08:30:15.000Z'],
    ['31/07/2026 9:05', '2026-07-31T08:05:00.000Z'],
    ['31 July 2026, 09:05', '2026-07-31T08:05:00.000Z'],
    ['2026-07-01T09:30:00Z', '2026-07-01T09:30:00.000Z'],
    ['2026-07-01T09:30:00+01:00', '2026-07-01T08:30:00.000Z'],
    ['2026-07-01T09:30:00.123-0500', '2026-07-01T14:30:00.123Z'],
  ])('%s is %s', (text, time) => {
    expect(read(text)).toMatchObject({ ok: true, time });
  });

  it('of a workbook is a day number with a fraction', () => {
    expect(read('46204.5', true)).toMatchObject({ ok: true, time: '2026-07-01T11:00:00.000Z' });
    expect(read('46204.999999', true)).toMatchObject({ ok: true, time: '2026-07-01T22:59:00.000Z' });
  });

  it.each([
    '2026-07-01',
    '2026-02-30 09:30',
    '2026-07-01 24:30',
    '2026-02-30T09:30:00Z',
    '09:30',
    '46204.5',
    'infinity',
    '',
  ])('%j is refused', (text) => {
    expect(read(text)).toMatchObject({ ok: false, fix: expect.stringContaining('2026-01-31 14:30') as string });
  });

  it('knows dates of which day and month are uncertain, or swapped', () => {
    expect(read('02/01/2026 09:30')).toMatchObject({ ok: true, couldBeMonthFirst: true });
    expect(read('01/31/2026 09:30')).toMatchObject({ ok: false, monthFirst: true });
  });
});
