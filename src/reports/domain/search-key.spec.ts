import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { lookalike, searchCompact, searchPhrase } from './search-key.js';

describe('the key of a text', () => {
  it.each([
    ['  5CG-1234\u00a0xyz\r\n', '5cg1234 xyz'],
    ['Éilís O’Neill', 'eilis oneill'],
    ['ŻAK, Łukasz (Finance)', 'zak lukasz finance'],
    ['Straße ÆRØ', 'strasse aero'],
    ['ΆΝΝΑ ЙОЖ', 'αννα иож'],
    ['john.smith@council.example', 'johnsmith councilexample'],
    ['\u001d]C1WC0001\u0004', 'c1wc0001'],
    ['ｗｘ－０１', 'wx01'],
    ['Amélie 😀', 'amelie'],
    ['%_\\"\'', ''],
    ['\u202eabc\u200b', 'abc'],
    ['', ''],
  ])('%j is compared as %j', (text, key) => expect(searchPhrase(text)).toBe(key));

  it('counts the first 200 characters', () => {
    expect(searchPhrase('a'.repeat(10_000))).toHaveLength(200);
    expect([...searchPhrase('𐐀'.repeat(10_000))]).toHaveLength(200);
  });

  it('does not tell apart what cannot be told apart on a label', () => {
    expect(lookalike(searchCompact('WC-OO1I lL'))).toBe('wc001111');
  });

  describe('in the database', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
    });
    afterAll(() => database.drop());

    const keysOf = async (texts: readonly string[]): Promise<string[]> => {
      const rows = await database.dataSource.query<{ key: string }[]>(
        'select search_phrase(text) as key from unnest($1::text[]) with ordinality as given(text, place) order by place',
        [texts],
      );
      return rows.map(({ key }) => key);
    };

    it('is the same for every character there is', async () => {
      const texts: string[] = [];
      for (let code = 1; code < 0x1ffff; code++) {
        const character = String.fromCodePoint(code);
        if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\p{C}]$/u.test(character) && !/^[\p{Cs}\p{Cn}]$/u.test(character))
          texts.push(`x${character}y`);
      }
      const differing: string[] = [];
      // Characters that are younger than the database's Unicode are what they are.
      const rows = await database.dataSource.query<{ folds: boolean }[]>(
        'select normalize(text, NFKD) <> text as folds from unnest($1::text[]) with ordinality as given(text, place) order by place',
        [texts],
      );
      const known = (text: string, place: number): boolean =>
        text.normalize('NFKD') === text || rows[place]?.folds === true;
      const keys = await keysOf(texts);
      texts.forEach((text, place) => {
        if (known(text, place) && keys[place] !== searchPhrase(text))
          differing.push(`U+${text.codePointAt(1)?.toString(16)} ${keys[place]} ${searchPhrase(text)}`);
      });
      expect(differing).toEqual([]);
    });

    it('is the same for any text', async () => {
      const text = fc
        .string({ unit: 'binary', maxLength: 300 })
        .map((given) => given.replaceAll('\0', '').replace(/\p{Cs}/gu, ''));
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), async (texts) => {
          expect(await keysOf(texts)).toEqual(texts.map(searchPhrase));
        }),
        { numRuns: 50 },
      );
    });
  });
});
