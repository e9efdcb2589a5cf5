import { errorWords, MOST_TRIES, pauseAfter } from './message-words.js';

describe('the tries at a message', () => {
  it('are soon at first, and last for more than a day', () => {
    const pauses = Array.from({ length: MOST_TRIES - 1 }, (_, index) => pauseAfter(index + 1));
    expect(pauses[0]).toBe(1);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.reduce((sum, minutes) => sum + minutes, 0)).toBeGreaterThan(24 * 60);
    expect(pauseAfter(1_000)).toBe(pauses.at(-1));
  });

  it('say what to do about what went wrong', () => {
    for (const code of [
      'no-address',
      'connection',
      'sign-in',
      'tls',
      'smtp-550',
      'interrupted',
      'connection-lost',
      'failed',
    ]) {
      expect(errorWords(code)).toMatch(/\.$/);
    }
    expect(errorWords('smtp-550')).toContain('(550)');
  });
});
