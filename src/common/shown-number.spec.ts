import { shownNumber } from './shown-number.js';

describe('a number on a page', () => {
  it('has its thousands separated', () => expect(shownNumber(1_234_567)).toBe('1,234,567'));
});
