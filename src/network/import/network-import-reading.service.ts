import { Injectable } from '@nestjs/common';
import { InputError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import { quotedHeaders } from '../../sheets/header-row.js';
import type { ImportLimits } from '../../sheets/import-limits.js';
import { readSheet, type ReadSheet } from '../../sheets/sheet-reading.js';
import { readImportHeader, type ImportHeader } from './domain/import-header.js';
import { readImportRow, type ReadRow } from './domain/import-row.js';
import type { ImportedKind } from './domain/import-words.js';
import { PostcodeDistricts } from './domain/postcode-districts.js';

/** A file of postcodes with more wrong rows than these is of another kind. */
const MOST_WRONG_POSTCODES = 10_000;
/** Rows that go to the database in one statement. */
const BATCH = 1_000;

/** What is read for whom. */
interface Reading {
  readonly importId: number;
  readonly kind: ImportedKind;
  /** The day of the figures, for coverage. */
  readonly snapshot: string | null;
  readonly limits: ImportLimits;
  readonly now: Date;
}

type KeptRow = Pick<ReadRow, 'line' | 'fields' | 'problems'>;

/** Reads a file into the rows of an import, a batch at a time. */
@Injectable()
export class NetworkImportReading {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Reads and checks every row. Each batch is a transaction of its own, so that a slow upload holds no connection.
   * Postcodes become districts on the way; of a postcode only that it was wrong, and on which line, is kept.
   * @throws InputError when the file as a whole cannot be read
   */
  async read(source: AsyncIterable<Uint8Array | string>, reading: Reading): Promise<ReadSheet<ImportHeader>> {
    const { importId, kind, snapshot, limits, now } = reading;
    const districts = kind === 'postcode_coverage' ? new PostcodeDistricts() : null;
    const dates = new DateOrders();
    let wrongPostcodes = 0;
    const file = await readSheet(source, limits, {
      header: (cells) => readImportHeader(kind, cells),
      take: async (rows, header, sheet) => {
        const read = rows.map((row) => readImportRow(kind, row, header, sheet, now));
        dates.note(read);
        if (districts === null)
          return this.#keep(
            importId,
            read.map((row) => withArea(row, kind, snapshot)),
          );
        const wrong = read.filter(({ problems }) => problems.length > 0);
        for (const { line, fields, problems } of read) if (problems.length === 0) districts.add(line, fields);
        wrongPostcodes += wrong.length;
        if (wrongPostcodes > MOST_WRONG_POSTCODES || districts.areTooMany) throw new InputError(NO_POSTCODES);
        await this.#keep(
          importId,
          wrong.map(({ line, problems }) => ({ line, problems, fields: {} })),
        );
      },
    });
    dates.check();
    const batch: KeptRow[] = [];
    for (const row of districts?.rows() ?? []) {
      batch.push(withArea({ ...row, problems: [] }, kind, snapshot));
      if (batch.length === BATCH) await this.#keep(importId, batch.splice(0));
    }
    await this.#keep(importId, batch);
    return file;
  }

  async #keep(importId: number, batch: readonly KeptRow[]): Promise<void> {
    if (batch.length === 0) return;
    const rows = batch.map(({ line, fields, problems }) => ({
      line,
      outcome: problems.some(({ severity }) => severity === 'refused') ? 'refused' : 'read',
      fields,
      problems,
    }));
    await this.transactor.run((tx) => tx.query(INSERT_ROWS, [importId, JSON.stringify(rows)]));
  }
}

/** One date such as 01/31/2026 in a column shows that its writer puts the month first: 02/01/2026 is then no longer certain. */
class DateOrders {
  readonly #doubtful = new Set<string>();
  readonly #monthFirst = new Set<string>();

  note(rows: readonly ReadRow[]): void {
    for (const { doubtfulDates, monthFirstDates } of rows) {
      for (const header of doubtfulDates) this.#doubtful.add(header);
      for (const header of monthFirstDates) this.#monthFirst.add(header);
    }
  }

  /** @throws InputError when day and month of a column cannot be told apart */
  check(): void {
    const uncertain = [...this.#monthFirst].filter((header) => this.#doubtful.has(header));
    if (uncertain.length === 0) return;
    throw new InputError(
      `Some dates below ${quotedHeaders(uncertain)} have the month first, so day and month of the others cannot be told apart. Write all of them as 2026-01-31.`,
    );
  }
}

function withArea(row: KeptRow, kind: ImportedKind, snapshot: string | null): KeptRow {
  if (snapshot === null) return row;
  const area = kind === 'postcode_coverage' ? 'postcode_district' : 'authority';
  return { ...row, fields: { ...row.fields, area_kind: area, snapshot } };
}

const NO_POSTCODES =
  'Too many rows have no UK postcode or no share in percent. Check that this is a file of coverage by postcode.';

const INSERT_ROWS = `
  insert into network_import_row (import_id, line, outcome, fields, problems)
  select $1, line, outcome, fields, problems
  from jsonb_to_recordset($2::jsonb) as read(line integer, outcome text, fields jsonb, problems jsonb)`;
