import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { safeReturnTo } from './return-to.js';

/** Paths that lead elsewhere, or do when a browser has tidied them up (n8n CVE-2025-49592, Express CVE-2024-29041). */
const ELSEWHERE: readonly unknown[] = [
  '//evil.com',
  '/\\evil.com',
  '\\\\evil.com',
  '/\t/evil.com',
  '/\n/evil.com',
  'http:evil.com',
  'https://evil.com',
  'javascript:alert(1)',
  ' //evil.com',
  '/requests\r\nSet-Cookie: a=b',
  '/.//evil.com',
  '/a/..//evil.com',
  '/%2e//evil.com',
  '/a'.repeat(20_000),
  '',
  'devices',
  '/caf\u00e9',
  '/\u0000',
  null,
  undefined,
  ['/devices'],
];

/** The cases of the shared list of bad inputs, when it is there. */
function sharedCases(): readonly (readonly [id: string, value: unknown])[] {
  const file = path.join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'bad-inputs.json');
  if (!existsSync(file)) return [];
  type Case = {
    readonly id: string;
    readonly input: { readonly returnTo?: string | { $repeat: string; times: number } };
  };
  return (JSON.parse(readFileSync(file, 'utf8')) as Case[])
    .filter(({ input }) => 'returnTo' in input)
    .map(({ id, input: { returnTo } }) => [
      id,
      typeof returnTo === 'object' ? returnTo.$repeat.repeat(returnTo.times) : returnTo,
    ]);
}

describe('V-68: the way back after a sign-in', () => {
  it.each(ELSEWHERE.map((value) => [value]))('is the start page for %j', (value) => {
    expect(safeReturnTo(value)).toBe('/');
  });

  const shared = sharedCases();
  it(
    shared.length === 0
      ? 'was not tried with the shared list, which is not here'
      : 'is / for the shared list, B247 to B254',
    () => {
      expect(shared.filter(([, value]) => safeReturnTo(value) !== '/')).toEqual([]);
    },
  );

  it.each(['/', '/devices?state=in-use&q=a%20b', '/people/7', '/search?q=%C3%A9', '/devices/1?next=//evil.com'])(
    'is a page of this site: %s',
    (value) => expect(safeReturnTo(value)).toBe(value),
  );

  it('never goes round in a circle, and leaves the part after # to the browser', () => {
    for (const value of ['/sign-in', '/sign-in?returnTo=/', '/sign-in/callback?code=x', '/Sign-Out']) {
      expect(safeReturnTo(value)).toBe('/');
    }
    expect(safeReturnTo('/devices#top')).toBe('/devices');
  });

  it('stays on this site whatever is asked for', () => {
    const piece = fc.constantFrom('/', '\\', '.', '..', 'evil.com', '@', ':', '%2f', '?', '#', '\t', '\r\n', 'a', '//');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const way = safeReturnTo(pieces.join(''));
        expect(new URL(way, 'https://untether.example').origin).toBe('https://untether.example');
        expect(way).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
