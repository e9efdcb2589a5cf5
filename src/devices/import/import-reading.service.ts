import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transactor } from '../../database/transactor.js';
import type { ImportLimits } from '../../sheets/import-limits.js';
import { readSheet, type ReadSheet } from '../../sheets/sheet-reading.js';
import { checkRow, type CheckedRow } from './domain/checked-row.js';
import { mapHeader, type ColumnMapping, type MappedHeader } from './domain/column-mapping.js';

/** What reading a file found, apart from its rows. */
export type ReadFile = ReadSheet<MappedHeader>;

/** Reads an uploaded file into the rows of an import, a batch at a time. */
@Injectable()
export class ImportReading {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Reads and checks every row. Each batch is a transaction of its own, so that a slow upload holds no connection.
   * @throws InputError when the file as a whole cannot be read
   */
  read(
    importId: number,
    source: AsyncIterable<Uint8Array | string>,
    mapping: ColumnMapping | null,
    limits: ImportLimits,
  ): Promise<ReadFile> {
    return readSheet(source, limits, {
      header: (cells) => mapHeader(cells, mapping),
      take: (rows, { columns, width }, kind) =>
        this.#keep(
          importId,
          rows.map((row) => checkRow(row, columns, width, kind)),
        ),
    });
  }

  /** Refuses what only the whole file can show: rows that repeat others, and dates that may have the month first. */
  async refuseAcrossRows(tx: EntityManager, importId: number, header: MappedHeader): Promise<void> {
    const headers = Object.fromEntries(header.columns.map((column) => [column.field.column, column.header]));
    await tx.query(REFUSE_MONTH_FIRST, [importId, JSON.stringify(headers)]);
    await tx.query(REFUSE_REPEATED_TAGS, [importId, headers['asset_tag'] ?? null]);
    await tx.query(REFUSE_REPEATED_SERIALS, [importId, headers['serial_number'] ?? null]);
  }

  async #keep(importId: number, batch: readonly CheckedRow[]): Promise<void> {
    const rows = batch.map((row) => ({
      line: row.line,
      outcome: row.problems.some((problem) => problem.severity === 'refused') ? 'refused' : 'read',
      fields: row.fields,
      problems: row.problems,
      doubtful_dates: row.doubtfulDates,
      month_first_dates: row.monthFirstDates,
    }));
    await this.transactor.run((tx) => tx.query(INSERT_ROWS, [importId, JSON.stringify(rows)]));
  }
}

const INSERT_ROWS = `
  insert into register_import_row (import_id, line, outcome, fields, problems, doubtful_dates, month_first_dates)
  select $1, line, outcome, fields, problems, doubtful_dates, month_first_dates
  from jsonb_to_recordset($2::jsonb) as read(
    line integer, outcome text, fields jsonb, problems jsonb, doubtful_dates text[], month_first_dates text[])`;

/** One date such as 01/31/2026 in a column shows that its writer puts the month first: 02/01/2026 is then no longer certain. */
const REFUSE_MONTH_FIRST = `
  with column_of_dates as (
    select distinct unnest(month_first_dates) as name from register_import_row where import_id = $1
  ), doubtful as (
    select row.line, jsonb_agg(jsonb_build_object(
             'severity', 'refused', 'column', $2::jsonb->>name,
             'message', 'Other dates of this column have the month first, so day and month cannot be told apart.',
             'fix', 'Write all dates of the column as 2026-01-31.')) as problems
    from register_import_row as row join column_of_dates on name = any(row.doubtful_dates)
    where row.import_id = $1 group by row.line
  )
  update register_import_row as row set outcome = 'refused', problems = row.problems || doubtful.problems
  from doubtful where row.import_id = $1 and row.line = doubtful.line`;

const REFUSE_REPEATED_TAGS = `
  with repeated as (
    select line, first_value(line) over (partition by fields->>'asset_tag_key' order by line) as first_line
    from register_import_row where import_id = $1 and outcome <> 'refused' and fields ? 'asset_tag_key'
  )
  ${refuseRepeated('asset tag')}`;

/** Serial numbers are unique per manufacturer only, so two known and different makers are two machines. */
const REFUSE_REPEATED_SERIALS = `
  with line as materialized (
    select line, fields->>'serial_key' as serial_key, fields->>'manufacturer_key' as maker_key
    from register_import_row where import_id = $1 and outcome <> 'refused' and fields ? 'serial_key'
  ), shared as (
    select serial_key from line group by serial_key having count(*) > 1
  ), repeated as (
    select later.line, min(earlier.line) as first_line
    from shared
    join line as later using (serial_key)
    join lateral (
      select min(line.line) as line from line
      where line.serial_key = later.serial_key and line.line < later.line
        and (line.maker_key is null or later.maker_key is null or line.maker_key = later.maker_key)
    ) as earlier on earlier.line is not null
    group by later.line
  )
  ${refuseRepeated('serial number')}`;

function refuseRepeated(what: string): string {
  return `update register_import_row as row
  set outcome = 'refused', problems = row.problems || jsonb_build_object(
        'severity', 'refused', 'column', $2::text,
        'message', 'Line ' || repeated.first_line || ' has the same ${what}.', 'fix', 'Keep one of the rows.')
  from repeated where row.import_id = $1 and row.line = repeated.line and repeated.first_line < row.line`;
}
