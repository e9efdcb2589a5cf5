import fc from 'fast-check';
import { InputError } from './errors.js';
import { decodeCursor, encodeCursor } from './paging.js';

describe('cursors', () => {
  it('come back as they were given out', () => {
    const position = fc.record({
      value: fc.option(fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !text.includes('\0'))),
      id: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    });
    fc.assert(
      fc.property(position, fc.string(), (given, sort) => {
        const cursor = encodeCursor(sort, given);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(decodeCursor(sort, cursor)).toEqual(given);
      }),
    );
  });

  it('belong to one order', () => {
    const cursor = encodeCursor('name', { value: 'a', id: 1 });
    expect(() => decodeCursor('-name', cursor)).toThrow(InputError);
  });

  it('are refused, not misread, when they are something else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const cursor of [text, Buffer.from(text).toString('base64url')]) {
          expect(() => decodeCursor('name', cursor)).toThrow(InputError);
        }
      }),
    );
  });
});
