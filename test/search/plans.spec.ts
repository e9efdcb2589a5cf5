import type { QueryRunner } from 'typeorm';
import { searchText } from '../../src/reports/domain/search-text.js';
import { spellingsToAsk } from '../../src/reports/domain/spellings.js';
import { SearchQueries } from '../../src/reports/search.queries.js';
import { SPELLINGS, UNKNOWN_WORDS } from '../../src/reports/search-spelling-statement.js';
import { SEARCH } from '../../src/reports/search-statement.js';
import { insertSearchEstate } from '../support/search-estate.mjs';
import { planOf, text, texts } from '../support/search-plans.mjs';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const DEVICES = 40_000;
/** The rarest of several words may have 500 people, whose machines and their people are looked at one by one. */
const MOST_PAGES = 60_000;

describe(`the one box over ${DEVICES} devices`, () => {
  let database: TestDatabase;
  let runner: QueryRunner;
  beforeAll(async () => {
    database = await createTestDatabase();
    await insertSearchEstate((sql) => database.dataSource.query(sql), DEVICES);
    runner = database.dataSource.createQueryRunner();
    await runner.connect();
  }, 300_000);
  afterAll(async () => {
    await runner?.release();
    await database?.drop();
  });

  const query = async (sql: string): Promise<unknown[]> => (await runner.query(sql)) as unknown[];

  it.each([
    'smith',
    'smi',
    'sm',
    'john',
    'john smith',
    'smith latitude',
    'smith wexcombe latitude',
    'dell inc latitude 5540 smith',
    'latitude',
    'wx-lt0000123',
    'WX-LT',
    'WC00000369',
    'O’Neill',
    'no such thing at all',
    'aa bb cc dd ee ff',
  ])('reads indexes only for “%s”', async (typed) => {
    const { phrase, compact, lookalike, words } = searchText(typed);
    const values = [text(phrase), text(compact), text(lookalike), texts(words), 20, 201];
    const plan = await planOf(query, 'search', SEARCH, values);
    expect(plan.scanned).toEqual([]);
    expect(plan.pages).toBeLessThan(MOST_PAGES);
  });

  it.each(['smiht', 'wolstenhulme', 'wx-lt00000123', 'latitud 5540'])(
    'looks “%s” up by its spellings',
    async (typed) => {
      const { lookalikes, names, beginnings, most } = spellingsToAsk(searchText(typed).phrase);
      const values = [texts(lookalikes), texts(names), texts(beginnings), `array[${most.join(', ')}]::integer[]`];
      const plan = await planOf(query, 'spellings', SPELLINGS, values);
      expect(plan.scanned).toEqual([]);
      expect(plan.pages).toBeLessThan(MOST_PAGES);
      expect((await planOf(query, 'unknown', UNKNOWN_WORDS, [texts(typed.split(' '))])).scanned).toEqual([]);
    },
  );

  it('shows names in their order, exact ones first, and machines of people with a common name', async () => {
    const { people, devices } = await new SearchQueries(database.dataSource).find('smith', 20);
    expect(people.items).toHaveLength(20);
    const names = people.items.map(({ displayName }) => displayName);
    expect(names.every((name) => name?.endsWith(' Smith'))).toBe(true);
    expect(devices.items.every(({ match }) => match.role !== null)).toBe(true);
  });
});
