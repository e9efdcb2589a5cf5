import { visibleText } from './visible-text.js';

describe('text that can be seen', () => {
  it.each(['', '   ', '\u200b\u200b', '\u2060\ufeff', '\u202e', '\u00ad\ufe0f', '\u3164', '\u00a0\u3000\t\r\n'])(
    '%j has none',
    (typed) => expect(visibleText(typed)).toBe(''),
  );

  it.each([
    [' as typed ', 'as typed'],
    ['\u202eevil', '\u202eevil'],
    ['क्\u200dष', 'क्\u200dष'],
    [' 😀\ufe0f\n', '😀\ufe0f'],
    ['-', '-'],
  ])('%j stays, without the blanks around it', (typed, kept) => expect(visibleText(typed)).toBe(kept));
});
