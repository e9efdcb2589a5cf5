import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, onDay, utc } from '../../database/sql-conditions.js';
import {
  ImportQueries,
  SHOWN_OUTCOMES,
  type ImportRow,
  type ImportSummary,
  type ShownOutcome,
} from './import.queries.js';
import type { ImportState } from './register-import.entity.js';

/** One import as lists show it; times are ISO 8601 in UTC. */
export interface ListedImport extends Omit<ImportSummary, 'startedAt' | 'checkedAt' | 'appliedAt' | 'undoneAt'> {
  readonly startedAt: string;
  readonly checkedAt: string | null;
  readonly appliedAt: string | null;
  readonly undoneAt: string | null;
}

/** What the list of imports may be narrowed to. */
export interface ImportFilter {
  readonly state?: ImportState | undefined;
  /** First and last day, in UK time, on which the file was sent. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
}

/** What the rows of an import may be narrowed to. */
export interface ImportRowFilter {
  readonly outcome?: ShownOutcome | undefined;
  /** Only rows that an undo left alone. */
  readonly undoRefused?: boolean | undefined;
}

const COUNTS = SHOWN_OUTCOMES.map(
  (outcome) => `'${outcome}', coalesce((register_import.counts ->> '${outcome}')::integer, 0)`,
).join(', ');
const IMPORT = `json_build_object('id', register_import.id, 'state', register_import.state,
  'fileName', register_import.file_name, 'format', register_import.format, 'mapping', register_import.mapping_name,
  'columns', register_import.columns, 'ignoredColumns', register_import.ignored_columns,
  'counts', json_build_object(${COUNTS}), 'startedBy', register_import.started_by,
  'startedAt', ${utc('register_import.started_at')}, 'checkedAt', ${utc('register_import.checked_at')},
  'appliedBy', register_import.applied_by, 'appliedAt', ${utc('register_import.applied_at')},
  'undoneBy', register_import.undone_by, 'undoneAt', ${utc('register_import.undone_at')},
  'undoReason', register_import.undo_reason)`;

/** Name of the order of an import's rows, as cursors have it. */
const LINE = 'line';

/** Reads past imports and their rows as lists. */
@Injectable()
export class ImportListQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportQueries,
  ) {}

  /** One page of the imports, the latest first. */
  async list(filter: ImportFilter, request: PageRequest): Promise<Page<ListedImport>> {
    const page = await keysetPage<ListedImport>(
      this.dataSource,
      { table: 'register_import', conditions: importsLike(filter), item: IMPORT, sources: [] },
      { name: '-id', by: { expression: 'register_import.id', type: 'bigint', descending: true } },
      request,
    );
    // Our own record of what happened is never older than now.
    return { ...page, asOf: new Date().toISOString() };
  }

  /** How many imports match. */
  count(filter: ImportFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'register_import', importsLike(filter));
  }

  /**
   * One page of the rows of an import, in the order of its file.
   * @throws NotFoundError for an unknown import, InputError for a cursor of another list.
   */
  async rows(
    importId: number,
    { outcome, undoRefused }: ImportRowFilter,
    request: PageRequest,
  ): Promise<Page<ImportRow>> {
    const { rows, nextAfterLine } = await this.imports.preview(importId, {
      ...(outcome === undefined ? {} : { outcome }),
      ...(undoRefused === undefined ? {} : { undoRefused }),
      ...(request.limit === undefined ? {} : { limit: request.limit }),
      ...(request.cursor === undefined ? {} : { afterLine: decodeCursor(LINE, request.cursor).id }),
    });
    const next = nextAfterLine === null ? null : encodeCursor(LINE, { value: null, id: nextAfterLine });
    return { items: rows, next, asOf: null };
  }

  /** How many rows of an import match. */
  countRows(importId: number, { outcome, undoRefused }: ImportRowFilter): Promise<Count> {
    const conditions = new SqlConditions()
      .add(importId, (id) => `register_import_row.import_id = ${id}`)
      .addGiven(outcome, (value) => `register_import_row.outcome = ${value}`);
    if (undoRefused === true) conditions.always('register_import_row.undo_refusal is not null');
    return boundedCount(this.dataSource, 'register_import_row', conditions);
  }
}

function importsLike({ state, startedFrom, startedTo }: ImportFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(state, (value) => `register_import.state = ${value}`)
    .addGiven(startedFrom, (day) => onDay.orLater('register_import.started_at', day))
    .addGiven(startedTo, (day) => onDay.orEarlier('register_import.started_at', day));
}
