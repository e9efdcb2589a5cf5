import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { lookalike, searchCompact, searchPhrase } from './search-key.js';

/** Every character that is assigned, of all planes that hold any. */
const CHARACTERS = Array.from({ length: 0x3_ffff }, (_, place) => place + 1)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => !/^\p{Cn}$/u.test(character));
const ASSIGNED: ReadonlySet<string> = new Set(CHARACTERS);

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

    /** Characters that only one of the two takes apart: the one of the younger Unicode. */
    const youngerThanOneOfBoth = async (): Promise<Set<string>> => {
      const rows = await database.dataSource.query<{ folds: boolean }[]>(
        'select normalize(text, NFKD) <> text as folds from unnest($1::text[]) with ordinality as given(text, place) order by place',
        [CHARACTERS],
      );
      return new Set(
        CHARACTERS.filter((character, place) => (character.normalize('NFKD') !== character) !== rows[place]?.folds),
      );
    };

    it('is the same for every character that both know', async () => {
      const unknown = await youngerThanOneOfBoth();
      expect(unknown.size).toBeLessThan(CHARACTERS.length / 100);
      const known = CHARACTERS.filter((character) => !unknown.has(character));
      const keys = await keysOf(known.map((character) => `x${character}y`));
      const differing = known.flatMap((character, place) =>
        keys[place] === searchPhrase(`x${character}y`)
          ? []
          : [`U+${character.codePointAt(0)?.toString(16)} ${keys[place]} ${searchPhrase(`x${character}y`)}`],
      );
      expect(differing).toEqual([]);
    });

    it('is the same for any text of such characters', async () => {
      const unknown = await youngerThanOneOfBoth();
      const text = fc
        .string({ unit: 'binary', maxLength: 300 })
        .map((given) => [...given].filter((character) => ASSIGNED.has(character) && !unknown.has(character)).join(''));
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 50 }), async (texts) => {
          expect(await keysOf(texts)).toEqual(texts.map(searchPhrase));
        }),
        { numRuns: 50 },
      );
    });
  });
});
