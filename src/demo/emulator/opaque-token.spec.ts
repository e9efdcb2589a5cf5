import fc from 'fast-check';

import { OpaqueTokens } from './opaque-token.js';

const tokens = new OpaqueTokens(Buffer.from('a key of more than sixteen bytes'));

test('a token gives back its content, is URL-encoded, and is the same for the same content', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (content) => {
      const token = tokens.seal(content);
      expect(token).toMatch(/^(%2B%2F){2}[\w%]+%3D%3D$/);
      expect(tokens.seal(content)).toBe(token);
      expect(JSON.stringify(tokens.open(decodeURIComponent(token)))).toBe(JSON.stringify(content));
    }),
  );
});

test('a changed token, one of another key and any other text are not accepted', () => {
  const token = decodeURIComponent(tokens.seal({ index: 10 }));
  const other = new OpaqueTokens(Buffer.from('another key of sufficient length'));
  expect(other.open(token)).toBeUndefined();
  fc.assert(
    fc.property(fc.nat({ max: token.length - 5 }), fc.constantFrom('A', 'z', '0'), (at, character) => {
      fc.pre(token[at] !== character);
      expect(tokens.open(token.slice(0, at) + character + token.slice(at + 1))).toBeUndefined();
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => expect(tokens.open(text)).toBeUndefined()));
});
