import {
  decimal,
  FieldRejected,
  flag,
  gigabytes,
  identifier,
  instant,
  text,
  textList,
  wholeNumber,
  type Conversion,
  type FieldValue,
} from './field-conversion.js';

const GUID = 'A1B2C3D4-1111-4222-8333-ABCDEFABCDEF';

/** What a conversion makes of a value, or the reason for which it refuses it. */
function outcome(convert: Conversion, value: unknown): FieldValue | { rejected: string } {
  try {
    return convert(value, { sanitised: 0 });
  } catch (error) {
    if (error instanceof FieldRejected) return { rejected: error.reason };
    throw error;
  }
}

const NOT_TEXT = { rejected: 'is not text' };
const NOT_FLAG = { rejected: 'is not true or false' };
const NOT_DATE = { rejected: 'is not a date and time' };
const NOT_WHOLE = { rejected: 'is not a whole number' };

describe('the conversion of one value', () => {
  it.each<[string, Conversion, unknown, FieldValue | { rejected: string }]>([
    ['text', text(), 'Ada', 'Ada'],
    ['text with spaces around it, which may matter', text(), ' Ada ', ' Ada '],
    ['null text', text(), null, null],
    ['empty text', text(), '', null],
    ['blank text', text(), ' \t\n', null],
    ['text of the longest length', text(4), 'abcd', 'abcd'],
    ['text that is too long', text(4), 'abcde', { rejected: 'is longer than 4 characters' }],
    ['text with a NUL', text(), 'a\u0000b', 'ab'],
    ['text of nothing but a NUL', text(), '\u0000', null],
    ['text with half a surrogate pair', text(), 'a\uD800', 'a\uFFFD'],
    ['text with a whole surrogate pair', text(), 'a😀', 'a😀'],
    ['text with a right-to-left override', text(), 'a\u202Eb', 'a\u202Eb'],
    ['a number for text', text(), 7, NOT_TEXT],
    ['a list for text', text(), ['a'], NOT_TEXT],
    ['an object for text', text(), {}, NOT_TEXT],

    ['a GUID', identifier, GUID, GUID.toLowerCase()],
    ['an id that is no GUID', identifier, 'Device-ID', 'Device-ID'],
    ['the all-zero GUID', identifier, '00000000-0000-0000-0000-000000000000', null],
    ['a zero', identifier, '0', null],
    ['no id', identifier, '', null],
    ['a number for an id', identifier, 5, NOT_TEXT],
    ['an id of 257 characters', identifier, 'x'.repeat(257), { rejected: 'is longer than 256 characters' }],

    ['true', flag, true, true],
    ['false', flag, false, false],
    ['null for a flag', flag, null, null],
    ['the word true', flag, 'true', NOT_FLAG],
    ['one for a flag', flag, 1, NOT_FLAG],

    ['an instant', instant, '2026-11-23T09:30:00Z', '2026-11-23T09:30:00Z'],
    ['an instant with seven decimals', instant, '2026-11-23T09:30:00.1234567Z', '2026-11-23T09:30:00.1234567Z'],
    ['an instant with an offset', instant, '2016-12-31T23:59:43.797191-08:00', '2016-12-31T23:59:43.797191-08:00'],
    ['an instant without seconds', instant, '2026-11-23T09:30Z', '2026-11-23T09:30Z'],
    ['a leap day', instant, '2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['year 1', instant, '0001-01-01T00:00:00Z', null],
    ['year 1 with decimals', instant, '0001-01-01T00:00:00.0000000Z', null],
    ['no instant', instant, null, null],
    ['an empty instant', instant, '', null],
    ['a leap day in another year', instant, '2026-02-29T00:00:00Z', NOT_DATE],
    ['the thirteenth month', instant, '2026-13-01T00:00:00Z', NOT_DATE],
    ['the 25th hour', instant, '2026-01-01T25:00:00Z', NOT_DATE],
    ['a day without time', instant, '2026-11-23', NOT_DATE],
    ['an instant without a zone', instant, '2026-11-23T09:30:00', NOT_DATE],
    ['infinity', instant, 'infinity', NOT_DATE],
    ['milliseconds since 1970', instant, 1_795_000_000_000, NOT_DATE],
    ['the 17th century', instant, '1601-01-01T00:00:00Z', { rejected: 'is not a plausible year' }],
    ['the 23rd century', instant, '2200-01-01T00:00:00Z', { rejected: 'is not a plausible year' }],
    ['the last year taken', instant, '2199-12-31T23:59:59Z', '2199-12-31T23:59:59Z'],

    ['a whole number', wholeNumber(0), 25, 25],
    ['the least', wholeNumber(0), 0, 0],
    ['less than the least', wholeNumber(0), -1, { rejected: 'is not between 0 and 2147483647' }],
    ['more than the most', wholeNumber(0, 9), 10, { rejected: 'is not between 0 and 9' }],
    ['null for a number', wholeNumber(0), null, null],
    ['a fraction', wholeNumber(0), 1.5, NOT_WHOLE],
    ['digits in text', wholeNumber(0), '25', NOT_WHOLE],
    ['a number beyond 2^53', wholeNumber(0), Number('9223372036854775807'), NOT_WHOLE],

    ['a score', decimal, 7.333333333333333, 7.333333333333333],
    ['null for a score', decimal, null, null],
    ['text for a score', decimal, '7', { rejected: 'is not a number' }],
    ['infinity for a score', decimal, Infinity, { rejected: 'is not a number' }],

    ['16 GiB', gigabytes, 17_179_869_184, 17.2],
    ['a few bytes', gigabytes, 8, 0],
    ['no bytes', gigabytes, 0, 0],
    ['the largest Int64, rounded by JSON', gigabytes, Number('9223372036854775807'), 9_223_372_036.9],
    ['fewer than no bytes', gigabytes, -1, null],
    ['null bytes', gigabytes, null, null],
    ['text for bytes', gigabytes, '8', { rejected: 'is not a number of bytes' }],

    ['a list of texts', textList, ['a', 'b'], ['a', 'b']],
    ['blank entries', textList, ['a', '', null], ['a']],
    ['null for a list', textList, null, []],
    ['text for a list', textList, 'a', { rejected: 'is not a list of texts' }],
    ['a number in a list', textList, ['a', 1], NOT_TEXT],
    ['a list of 201', textList, Array.from({ length: 201 }, () => 'a'), { rejected: 'is not a list of texts' }],
  ])('%s', (_title, convert, value, expected) => {
    expect(outcome(convert, value)).toEqual(expected);
  });

  it('counts each value that was put right, and only those', () => {
    const notes = { sanitised: 0 };
    text()('a\u0000\u0000', notes);
    text()('a\uDC00', notes);
    text()('quite all right 😀', notes);
    textList(['\u0000x', 'y'], notes);
    expect(notes.sanitised).toBe(3);
  });

  it('never quotes the value in a rejection', () => {
    const secret = 'canary-value';
    for (const convert of [flag, instant, decimal, gigabytes, textList, wholeNumber(0), text(3)]) {
      expect(() => convert(secret, { sanitised: 0 })).toThrow(FieldRejected);
      expect(JSON.stringify(outcome(convert, secret))).not.toContain(secret);
    }
  });
});
