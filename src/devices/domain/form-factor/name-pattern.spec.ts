import { compileNamePattern } from './name-pattern.js';

function matches(pattern: string, words: string): boolean {
  return new RegExp(compileNamePattern(pattern).expression).test(words);
}

describe('compileNamePattern', () => {
  it.each([
    ['OPTIPLEX', 'OPTIPLEX 7010', true],
    ['OPTIPLEX', 'OPTIPLEXES', false],
    ['OPTIPLEX*', 'OPTIPLEXES 1', true],
    ['VOSTRO ##(|S)', 'VOSTRO 26S', true],
    ['VOSTRO ##(|S)', 'VOSTRO 260', false],
    ['PRECISION M##*', 'PRECISION M4800', true],
    ['PRECISION M##*', 'PRECISION 4800', false],
    ['~AIO', 'OPTIPLEX 7480 AIO', true],
    ['~AIO', 'OPTIPLEX 7480 AIOX', false],
    ['Z1$', 'Z1', true],
    ['Z1$', 'Z1 G5', false],
    ['2[0-2]@?', '20XW', true],
    ['2[0-2]@?', '2347', false],
    ['(T|T#)430(S|U)', 'T1430S', true],
    ['*', '', true],
  ])('%s against "%s" is %s', (pattern, words, expected) => {
    expect(matches(pattern, words)).toBe(expected);
  });

  it.each([
    ['OPTIPLEX', 'O'],
    ['[A-C]#', 'ABC'],
    ['(HP|DELL) 1', 'DH'],
    ['(|X)5', '5X'],
    ['(T(1|2)|9)', '9T'],
    ['#1', '0123456789'],
  ])('%s can begin with %s', (pattern, characters) => {
    expect([...(compileNamePattern(pattern).firstCharacters ?? [])].sort().join('')).toBe(characters);
  });

  it.each(['~AIO', '*', '*5'])('%s can begin with anything', (pattern) => {
    expect(compileNamePattern(pattern).firstCharacters).toBeUndefined();
  });

  it.each(['', 'a', 'X+', 'X{3}', 'X.Y', '^X', ' X', 'X**', 'A-B', '\\d', '~'])('refuses %j', (pattern) => {
    expect(() => compileNamePattern(pattern)).toThrow(/pattern|repeats/);
  });
});
