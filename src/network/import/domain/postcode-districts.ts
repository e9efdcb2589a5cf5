import { COVERAGE_FIELDS } from './coverage-fields.js';
import type { FieldValue } from './import-words.js';

interface Total {
  sum: number;
  count: number;
}

interface District {
  /** Line of its first postcode. */
  readonly line: number;
  postcodes: number;
  readonly totals: Map<string, Total>;
}

/** A district with the mean of its postcodes. */
export interface DistrictRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Postcode districts of the United Kingdom number about 3,000; so many more are no file of postcodes. */
const MOST_DISTRICTS = 20_000;

/**
 * Adds postcodes up to districts while they are read, so that no postcode is kept. Ofcom publishes no number of premises
 * for a postcode, so each counts the same: the mean over postcodes is not that over premises.
 */
export class PostcodeDistricts {
  readonly #districts = new Map<string, District>();

  /** Whether there are more districts than the country has. */
  get areTooMany(): boolean {
    return this.#districts.size > MOST_DISTRICTS;
  }

  /** @param fields of a row that was read: `postcode` without its space, and shares in percent */
  add(line: number, fields: Readonly<Record<string, FieldValue>>): void {
    const code = String(fields['postcode']).slice(0, -3);
    const district = this.#districts.get(code) ?? { line, postcodes: 0, totals: new Map<string, Total>() };
    this.#districts.set(code, district);
    district.postcodes += 1;
    for (const { name } of COVERAGE_FIELDS) {
      const value = fields[name];
      if (typeof value !== 'number') continue;
      const total = district.totals.get(name) ?? { sum: 0, count: 0 };
      district.totals.set(name, { sum: total.sum + value, count: total.count + 1 });
    }
  }

  /** The districts in the order of the file; means to a tenth of a percent, as Ofcom rounds. */
  *rows(): Generator<DistrictRow, void, undefined> {
    for (const [code, { line, postcodes, totals }] of this.#districts) {
      const means = [...totals].map(([name, { sum, count }]) => [name, Math.round((sum / count) * 10) / 10] as const);
      yield { line, fields: { area_code: code, postcodes, ...Object.fromEntries(means) } };
    }
  }
}
