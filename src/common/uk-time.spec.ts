import { age, shownNumber, shownTime } from './uk-time.js';

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

  it('separates thousands', () => expect(shownNumber(1_234_567)).toBe('1,234,567'));
});
