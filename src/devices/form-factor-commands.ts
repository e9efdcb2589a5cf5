import { Transform, type Readable, type TransformCallback, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import { InputError } from '../common/errors.js';
import type { FormFactorCatalogue } from './domain/form-factor/catalogue.js';
import { classifyModel } from './domain/form-factor/classify.js';
import { explain } from './domain/form-factor/explain.js';
import { loadFormFactorCatalogue } from './form-factor-catalogue.js';

const HEADINGS = ['manufacturer', 'model', 'class', 'superclass', 'rule', 'confidence'];
// A lone carriage return would end the row for most readers.
const NEEDS_QUOTES = /\r/;
// A quote that is never closed would otherwise swallow the rest of the file.
const LONGEST_RECORD = 1_000_000;

/** What a run over a file came to. */
export interface CsvClassificationSummary {
  readonly rows: number;
  readonly unknown: number;
}

/** The reasoning about one manufacturer and model as text for a terminal. Needs no database. */
export function explainClassification(manufacturer: string, model: string): string {
  const catalogue = loadFormFactorCatalogue();
  return explain(
    manufacturer,
    model,
    classifyModel(catalogue, manufacturer, model),
    catalogue.find(manufacturer, model),
  );
}

/**
 * Reads a CSV file with the columns `manufacturer` and `model`, in any case and any place among others, and writes for each
 * row, in the same order, both as they were with `class`, `superclass`, `rule` and `confidence` added. Streams: memory does
 * not grow with the file. Needs no database.
 *
 * @throws InputError naming the missing columns, or the line at which the file is not CSV
 */
export async function classifyCsv(input: Readable, output: Writable): Promise<CsvClassificationSummary> {
  const classifier = new RowClassifier(loadFormFactorCatalogue());
  const reader = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
  });
  try {
    await pipeline(input, reader, classifier, stringify({ quoted_match: NEEDS_QUOTES }), output);
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(`The file is not valid CSV: ${error.message}`);
    throw error;
  }
  return classifier.summary;
}

/** Rows of the file in, rows of the answer out; the first row is the heading. */
class RowClassifier extends Transform {
  #columns: { readonly manufacturer: number; readonly model: number } | undefined;
  #rows = 0;
  #unknown = 0;

  constructor(private readonly catalogue: FormFactorCatalogue) {
    super({ objectMode: true });
  }

  get summary(): CsvClassificationSummary {
    return { rows: this.#rows, unknown: this.#unknown };
  }

  override _transform(row: readonly string[], _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#columns !== undefined) {
      done(null, this.#classified(row, this.#columns));
      return;
    }
    const headings = row.map((heading) => heading.trim().toLowerCase());
    const missing = ['manufacturer', 'model'].filter((name) => !headings.includes(name));
    if (missing.length > 0) {
      done(missingColumns(missing));
      return;
    }
    this.#columns = { manufacturer: headings.indexOf('manufacturer'), model: headings.indexOf('model') };
    done(null, HEADINGS);
  }

  override _flush(done: TransformCallback): void {
    done(this.#columns === undefined ? missingColumns(['manufacturer', 'model']) : null);
  }

  #classified(row: readonly string[], columns: { manufacturer: number; model: number }): readonly string[] {
    const manufacturer = row[columns.manufacturer] ?? '';
    const model = row[columns.model] ?? '';
    const answer = classifyModel(this.catalogue, manufacturer, model);
    this.#rows += 1;
    if (answer.class === 'unknown') this.#unknown += 1;
    return [manufacturer, model, answer.class, answer.superclass, answer.rule, answer.confidence.toFixed(2)];
  }
}

function missingColumns(names: readonly string[]): InputError {
  const list = names.map((name) => `"${name}"`).join(' and ');
  return new InputError(
    `The file needs ${names.length === 1 ? 'a column' : 'columns'} called ${list} in its first line`,
    names.map((name) => ({ field: name, message: `Add a column called "${name}"` })),
  );
}
