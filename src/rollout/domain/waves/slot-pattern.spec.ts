import fc from 'fast-check';
import { addDays, londonParts, weekdayOf } from '../../../common/uk-time.js';
import { BANK_HOLIDAYS_KNOWN_UNTIL, bankHolidayOn } from './bank-holidays.js';
import { patternFault, planSlots, type SlotPattern } from './slot-pattern.js';

const PATTERN: SlotPattern = {
  fromDay: '2026-03-23',
  untilDay: '2026-04-10',
  weekdays: [1, 2, 3, 4, 5],
  startTimes: ['09:30', '13:00'],
  minutes: 60,
  capacity: 4,
  cutOffDays: 1,
};

function lastSunday(year: number, month: number): string {
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return addDays(last, -(weekdayOf(last) % 7));
}

/** Easter Sunday (anonymous Gregorian algorithm, Nature 1876). */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return `${year}-${String(Math.floor(n / 31)).padStart(2, '0')}-${String((n % 31) + 1).padStart(2, '0')}`;
}

describe('planSlots', () => {
  it('makes slots on its weekdays, at the same time of day before and after the clocks change', () => {
    const { slots, skipped } = planSlots(PATTERN, [
      { fromDay: '2026-03-24', untilDay: '2026-03-25', reason: 'Election count' },
    ]);
    expect(skipped).toEqual([
      { day: '2026-03-24', reason: 'Election count' },
      { day: '2026-03-25', reason: 'Election count' },
      { day: '2026-04-03', reason: 'Good Friday' },
      { day: '2026-04-06', reason: 'Easter Monday' },
    ]);
    expect(slots).toHaveLength((15 - 4) * 2);
    expect(slots[0]?.startsAt.toISOString()).toBe('2026-03-23T09:30:00.000Z');
    const after = slots.find(({ day }) => day === '2026-03-30');
    expect(after?.startsAt.toISOString()).toBe('2026-03-30T08:30:00.000Z');
    expect(after?.endsAt.toISOString()).toBe('2026-03-30T09:30:00.000Z');
    // Five in the afternoon of the Sunday on which the clocks went forward.
    expect(after?.cutOffAt.toISOString()).toBe('2026-03-29T16:00:00.000Z');
  });

  it('keeps the time of day, the length and the cut-off around every last Sunday of March and October', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2025, max: 2028 }),
        fc.constantFrom(3, 10),
        fc.uniqueArray(fc.integer({ min: 6, max: 20 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 0, max: 5 }),
        (year, month, hours, minutes, cutOffDays) => {
          const change = lastSunday(year, month);
          const startTimes = hours.map((hour) => `${String(hour).padStart(2, '0')}:00`);
          const pattern = {
            ...PATTERN,
            fromDay: addDays(change, -4),
            untilDay: addDays(change, 4),
            weekdays: [1, 2, 3, 4, 5, 6, 7],
            startTimes,
            minutes,
            cutOffDays,
          };
          expect(patternFault(pattern)).toBeNull();
          const { slots, skipped } = planSlots(pattern, []);
          expect(slots).toHaveLength((9 - skipped.length) * hours.length);
          for (const { day, startsAt, endsAt, cutOffAt } of slots) {
            const shown = londonParts(startsAt);
            expect(shown.day).toBe(day);
            expect(startTimes).toContain(shown.time);
            expect(endsAt.getTime() - startsAt.getTime()).toBe(minutes * 60_000);
            if (cutOffDays === 0) expect(cutOffAt).toEqual(startsAt);
            else expect(londonParts(cutOffAt)).toEqual({ day: addDays(day, -cutOffDays), time: '17:00' });
          }
        },
      ),
    );
  });

  it.each<[keyof SlotPattern, Partial<SlotPattern>]>([
    ['untilDay', { untilDay: '2026-03-22' }],
    ['untilDay', { untilDay: '2029-01-01' }],
    ['untilDay', { untilDay: '2027-06-01' }],
    ['weekdays', { weekdays: [] }],
    ['startTimes', { startTimes: [] }],
    ['startTimes', { startTimes: ['9.30'] }],
    ['startTimes', { startTimes: ['09:30', '10:00'] }],
    ['minutes', { minutes: 4 }],
    ['capacity', { capacity: 0 }],
    ['cutOffDays', { cutOffDays: -1 }],
  ])('finds fault with %s: %j', (field, replaced) => {
    expect(patternFault({ ...PATTERN, ...replaced })?.field).toBe(field);
  });
});

describe('bank holidays', () => {
  it.each([2025, 2026, 2027, 2028])('of %i are what the rules for England and Wales come to', (year) => {
    const mondayFrom = (day: string): string => addDays(day, (8 - weekdayOf(day)) % 7);
    const weekday = (day: string): string => (weekdayOf(day) > 5 ? mondayFrom(day) : day);
    const christmas = `${year}-12-25`;
    // Christmas Day and Boxing Day move to the next days that are neither a weekend nor the other's.
    const moved = weekdayOf(christmas) >= 5 ? [weekday(christmas), weekday(`${year}-12-26`)] : [];
    const [first = christmas, second = `${year}-12-26`] = moved;
    const expected = [
      weekday(`${year}-01-01`),
      addDays(easter(year), -2),
      addDays(easter(year), 1),
      mondayFrom(`${year}-05-01`),
      mondayFrom(`${year}-05-25`),
      mondayFrom(`${year}-08-25`),
      first,
      first === second ? addDays(first, 1) : second,
    ];
    const found: string[] = [];
    for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) {
      if (bankHolidayOn(day) !== null) found.push(day);
    }
    expect(found).toEqual(expected);
    expect(BANK_HOLIDAYS_KNOWN_UNTIL.slice(0, 4) >= String(year)).toBe(true);
  });
});
