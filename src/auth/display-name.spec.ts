import { displayNameOf } from './display-name.js';

describe('a name that a token states', () => {
  it.each([
    ['Asha Shah', 'Asha Shah'],
    ['  Éilís Żak ', 'Éilís Żak'],
    ['\u202e\u0000<b>', '<b>'],
    ['a\u2066b\u2069\u200fc', 'abc'],
    ['line\r\nbreak', 'linebreak'],
    ['\ud800half', 'half'],
    ['', 'Somebody without a name'],
    [' \u0000 ', 'Somebody without a name'],
    [undefined, 'Somebody without a name'],
    [['a'], 'Somebody without a name'],
    [7, 'Somebody without a name'],
  ])('%j is shown as %j', (stated, shown) => expect(displayNameOf(stated)).toBe(shown));

  it('is no longer than a header has room for, and never half a character', () => {
    const shown = displayNameOf('😀'.repeat(500));
    expect(shown.length).toBeLessThanOrEqual(200);
    expect(shown.isWellFormed()).toBe(true);
    expect(displayNameOf(`x${'😀'.repeat(500)}`)).not.toContain('\ufffd');
  });
});
