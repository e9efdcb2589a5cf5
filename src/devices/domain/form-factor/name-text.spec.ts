import { containsPhrase, toWords, withoutLeading } from './name-text.js';

describe('toWords', () => {
  it.each([
    ['OptiPlex 7010', 'OPTIPLEX 7010'],
    ['  optiplex_7010 ', 'OPTIPLEX 7010'],
    ['Surface Laptop 3 Alcantara® palm rest', 'SURFACE LAPTOP 3 ALCANTARA PALM REST'],
    ['Intel(R) Core™', 'INTEL R CORE'],
    ['Portégé Z30', 'PORTEGE Z30'],
    ['iMac14,4', 'IMAC14 4'],
    ['\u0000\u202e', ''],
    ['', ''],
  ])('reads %j as %j', (text, words) => {
    expect(toWords(text)).toBe(words);
  });

  it('takes only the first 200 characters', () => {
    expect(toWords('x'.repeat(50_000))).toHaveLength(200);
  });
});

describe('containsPhrase', () => {
  it('finds whole words only', () => {
    expect(containsPhrase('Z2 MINI G9', 'MINI')).toBe(true);
    expect(containsPhrase('DC7900 MINITOWER', 'MINI')).toBe(false);
    expect(containsPhrase('ALL IN ONE', 'ALL IN ONE')).toBe(true);
    expect(containsPhrase('MINITOWER MINI', 'MINI')).toBe(true);
  });
});

describe('withoutLeading', () => {
  it('takes a leading phrase off, or says that there is none', () => {
    expect(withoutLeading('HP ELITEBOOK', 'HP')).toBe('ELITEBOOK');
    expect(withoutLeading('HPE SERVER', 'HP')).toBeUndefined();
    expect(withoutLeading('HP', 'HP')).toBe('');
  });
});
