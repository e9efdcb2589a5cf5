import fc from 'fast-check';
import {
  addDays,
  age,
  londonDay,
  londonInstant,
  londonParts,
  shownDay,
  shownDayOfYear,
  shownDays,
  shownTime,
  shownTimeOfDay,
  weekdayOf,
} from './uk-time.js';

/** The last Sunday of a month. */
function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return addDays(last, -(weekdayOf(last) % 7));
}

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

describe('times of day in the UK', () => {
  it.each([
    ['2026-01-15', '09:30', '2026-01-15T09:30:00.000Z'],
    ['2026-07-15', '09:30', '2026-07-15T08:30:00.000Z'],
    // The clocks go forward at 1am UTC on 29 March 2026 and back at 1am UTC on 25 October 2026.
    ['2026-03-29', '00:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29', '01:30', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25', '00:30', '2026-10-24T23:30:00.000Z'],
    ['2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25', '02:00', '2026-10-25T02:00:00.000Z'],
  ])('%s %s is %s', (day, at, utc) => {
    expect(londonInstant(day, at).toISOString()).toBe(utc);
  });

  it('come back as they were said, around both changes of the clocks, except in the hour that there is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2020, max: 2060 }),
        fc.constantFrom(3, 10),
        fc.integer({ min: -2, max: 2 }),
        time,
        (year, month, offset, at) => {
          const change = lastSunday(year, month);
          const day = addDays(change, offset);
          const missing = month === 3 && offset === 0 && at.startsWith('01:');
          const expected = missing ? { day, time: `02${at.slice(2)}` } : { day, time: at };
          expect(londonParts(londonInstant(day, at))).toEqual(expected);
        },
      ),
    );
  });

  it('says days and times as GOV.UK does', () => {
    expect(shownDay('2026-11-23')).toBe('Monday 23 November 2026');
    expect(shownDayOfYear('2026-11-23')).toBe('Monday 23 November');
    expect([
      shownDays('2026-03-16', '2026-03-16'),
      shownDays('2026-03-16', '2026-03-20'),
      shownDays('2026-03-16', '2026-04-19'),
      shownDays('2026-12-28', '2027-04-25'),
      shownDays('2026-03-16', '2027-03-16'),
    ]).toEqual([
      ...['16 March 2026', '16 to 20 March 2026', '16 March to 19 April 2026'],
      ...['28 December 2026 to 25 April 2027', '16 March 2026 to 16 March 2027'],
    ]);
    expect(shownTimeOfDay(new Date('2026-07-15T08:00:00Z'))).toBe('9am');
    expect(shownTimeOfDay(new Date('2026-01-15T12:30:00Z'))).toBe('12:30pm');
    expect(londonDay(new Date('2026-07-14T23:30:00Z'))).toBe('2026-07-15');
    expect(() => londonInstant('tomorrow', '09:30')).toThrow(TypeError);
  });
});

describe('UK time', () => {
  const now = new Date('2026-11-23T10:00:00Z');

  it.each([
    ['2026-11-23T09:30:00.123Z', '23 November 2026 at 9:30am', '2026-11-23T09:30:00Z'],
    ['2026-07-01T23:05:00Z', '2 July 2026 at 12:05am', '2026-07-01T23:05:00Z'],
    ['2026-01-01T12:00:00Z', '1 January 2026 at 12:00pm', '2026-01-01T12:00:00Z'],
    // The hour that the clocks put back happens twice; UTC tells them apart.
    ['2026-10-25T00:30:00Z', '25 October 2026 at 1:30am', '2026-10-25T00:30:00Z'],
    ['2026-10-25T01:30:00Z', '25 October 2026 at 1:30am', '2026-10-25T01:30:00Z'],
  ])('%s is %s', (instant, text, utc) => expect(shownTime(instant, now)).toMatchObject({ text, utc }));

  it('leaves unknown times unknown', () => expect(shownTime(null, now)).toBeNull());

  it.each([
    [0, 'less than a minute ago'],
    [-59, 'less than a minute ago'],
    [-60, '1 minute ago'],
    [-7_199, '1 hour ago'],
    [-86_400 * 3 - 5, '3 days ago'],
    [30, 'in less than a minute'],
    [3_600, 'in 1 hour'],
  ])('%d seconds from now is %s', (seconds, text) =>
    expect(age(new Date(now.getTime() + seconds * 1_000), now)).toBe(text),
  );
});
