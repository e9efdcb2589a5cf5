import { isWorkingDay, neededByFault, workingDayAfter } from './working-days.js';

describe('the day by which something is needed', () => {
  const today = '2026-11-23';
  it.each([
    ['2026-11-23', null],
    ['2026-11-22', 'not in the past'],
    ['2026-11-28', 'Saturday'],
    ['2026-12-25', 'bank holiday (Christmas Day)'],
    ['2027-11-24', null],
    ['2027-12-01', 'within the next year'],
  ])('%s is %s', (day, fault) => {
    const found = neededByFault(day, today);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });

  it('counts working days over weekends and bank holidays', () => {
    expect(isWorkingDay('2026-12-28')).toBe(false);
    expect(workingDayAfter('2026-12-24', 1)).toBe('2026-12-29');
    expect(workingDayAfter('2026-11-27', 5)).toBe('2026-12-04');
  });
});
