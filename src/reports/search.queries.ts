import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { lookalike } from './domain/search-key.js';
import { saysEnough, searchText, type SearchText } from './domain/search-text.js';
import { likelySpellings, spellingsToAsk } from './domain/spellings.js';
import { withSpelling, type SearchResult } from './search-result.js';
import { SPELLINGS, UNKNOWN_WORDS } from './search-spelling-statement.js';
import { SEARCH } from './search-statement.js';

/** Results of each kind that are counted; beyond them it only matters that there are more. */
export const MOST_COUNTED = 200;
/** With so many results nobody looks at what is spelled nearly so. */
const ENOUGH = 10;

interface Answer {
  readonly answer: string;
  readonly found: number;
  readonly exact: boolean;
}

const NOTHING: SearchResult = {
  devices: { items: [], count: 0, more: false },
  people: { items: [], count: 0, more: false },
  asOf: null,
};

/** Finds machines and people by whatever is known of them. */
@Injectable()
export class SearchQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The best results of each kind.
   * @param given what was typed, pasted or scanned
   * @param shown most results of each kind
   */
  async find(given: string, shown: number): Promise<SearchResult> {
    const answer = await this.findAsJson(given, shown);
    return answer === null ? NOTHING : (JSON.parse(answer) as SearchResult);
  }

  /** The same as the JSON that Postgres wrote, so that it need not be read and written again; null for too little a text. */
  async findAsJson(given: string, shown: number): Promise<string | null> {
    const text = searchText(given);
    if (!saysEnough(text)) return null;
    const typed = await this.look(text, shown);
    if (typed.exact || typed.found >= ENOUGH) return typed.answer;
    let result = JSON.parse(typed.answer) as SearchResult;
    for (const meant of await this.spellingsOf(text)) {
      const { answer } = await this.look(searchText(meant), shown);
      result = withSpelling(result, meant, JSON.parse(answer) as SearchResult, shown);
    }
    return JSON.stringify(result);
  }

  private async look(text: SearchText, shown: number): Promise<Answer> {
    const { phrase, compact, lookalike: alike, words } = text;
    const values = [phrase, compact, alike, words, shown, MOST_COUNTED + 1];
    const [row] = await this.ask<Answer>('search', SEARCH, values);
    return row ?? { answer: JSON.stringify(NOTHING), found: 0, exact: false };
  }

  /** What may have been meant: the whole nearly so, or each word that begins nothing replaced by its nearest. */
  private async spellingsOf(text: SearchText): Promise<readonly string[]> {
    const whole = await this.near(text.phrase);
    if (whole.length > 0 || text.words.length === 0) return whole;
    const unknown = await this.ask<{ word: string }>('search-unknown-words', UNKNOWN_WORDS, [text.words]);
    if (unknown.length === 0) return [];
    let phrase = text.phrase.split(' ');
    for (const { word } of unknown) {
      const [nearest] = await this.near(word);
      if (nearest === undefined) return [];
      phrase = phrase.map((given) => (given === word ? nearest : given));
    }
    return [phrase.join(' ')];
  }

  private async near(phrase: string): Promise<readonly string[]> {
    const { lookalikes, names, beginnings, most } = spellingsToAsk(phrase);
    const rows = await this.ask<{ text: string; kind: 'device' | 'name' }>('search-spellings', SPELLINGS, [
      lookalikes,
      names,
      beginnings,
      most,
    ]);
    const own = lookalike(phrase.replaceAll(' ', ''));
    return likelySpellings(phrase, rows).filter((text) => text !== phrase && lookalike(text) !== own);
  }

  private async ask<T extends object>(name: string, text: string, values: unknown[]): Promise<T[]> {
    // TypeORM's Postgres driver keeps node-postgres' pool as `master`; TypeORM itself has no prepared statements.
    const { master } = this.dataSource.driver as unknown as { readonly master: Pool };
    return (await master.query<T>({ name, text, values })).rows;
  }
}
