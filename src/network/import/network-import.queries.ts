import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import { decodeCursor, DEFAULT_LIMIT, encodeCursor, type Page, type PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { SqlConditions, onDay, utc } from '../../database/sql-conditions.js';
import type { RowProblem } from '../../sheets/sheet-row.js';
import { IMPORT_KINDS } from './domain/import-kinds.js';
import {
  SHOWN_OUTCOMES,
  type FieldValue,
  type ImportedKind,
  type NetworkImportState,
  type NetworkRowOutcome,
  type ShownOutcome,
} from './domain/import-words.js';

/** One import as answers show it; times are ISO 8601 in UTC. */
export interface NetworkImportSummary {
  readonly id: number;
  readonly kind: ImportedKind;
  readonly state: NetworkImportState;
  readonly fileName: string | null;
  readonly format: 'csv' | 'xlsx' | null;
  /** The day of the figures, for coverage of areas. */
  readonly snapshot: string | null;
  readonly columns: readonly { readonly header: string; readonly field: string }[];
  readonly ignoredColumns: readonly string[];
  /** Rows of the file; several of them become one where postcodes become districts. */
  readonly rowsRead: number;
  /** What applying does, by outcome. */
  readonly counts: Readonly<Record<ShownOutcome, number>>;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly checkedAt: string | null;
  readonly appliedBy: string | null;
  readonly appliedAt: string | null;
}

/** One row of a dry run: what it says, what it would change, and what is wrong with it. */
export interface NetworkImportRowShown {
  readonly line: number;
  readonly outcome: NetworkRowOutcome;
  readonly values: readonly { readonly field: string; readonly label: string; readonly value: FieldValue }[];
  readonly changes: readonly {
    readonly field: string;
    readonly label: string;
    readonly from: FieldValue | null;
    readonly to: FieldValue | null;
  }[];
  readonly problems: readonly RowProblem[];
}

/** What the list of imports may be narrowed to. */
export interface NetworkImportFilter {
  readonly kind?: ImportedKind | undefined;
  readonly state?: NetworkImportState | undefined;
  /** First and last day, in UK time, on which the file was sent. */
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
}

/** What the rows of an import may be narrowed to. */
export interface NetworkImportRowFilter {
  readonly outcome?: ShownOutcome | undefined;
}

const COUNTS = SHOWN_OUTCOMES.map(
  (outcome) => `'${outcome}', coalesce((network_import.counts ->> '${outcome}')::integer, 0)`,
).join(', ');
const IMPORT = `json_build_object('id', network_import.id, 'kind', network_import.kind, 'state', network_import.state,
  'fileName', network_import.file_name, 'format', network_import.format, 'snapshot', network_import.snapshot,
  'columns', network_import.columns, 'ignoredColumns', network_import.ignored_columns,
  'rowsRead', network_import.rows_read, 'counts', json_build_object(${COUNTS}),
  'createdBy', network_import.created_by, 'createdAt', ${utc('network_import.created_at')},
  'checkedAt', ${utc('network_import.checked_at')}, 'appliedBy', network_import.applied_by,
  'appliedAt', ${utc('network_import.applied_at')})`;

/** Name of the order of an import's rows, as cursors have it. */
const LINE = 'line';

/** What imports of network data would do and did. */
@Injectable()
export class NetworkImportQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws NotFoundError */
  async summary(importId: number, manager: EntityManager = this.dataSource.manager): Promise<NetworkImportSummary> {
    const [found] = await manager.query<{ summary: NetworkImportSummary }[]>(
      `select ${IMPORT} as summary from network_import where id = $1`,
      [importId],
    );
    if (!found) throw new NotFoundError('There is no such import. Send the file again.');
    return found.summary;
  }

  /** One page of the imports, the latest first. */
  async list(filter: NetworkImportFilter, request: PageRequest): Promise<Page<NetworkImportSummary>> {
    const page = await keysetPage<NetworkImportSummary>(
      this.dataSource,
      { table: 'network_import', conditions: importsLike(filter), item: IMPORT, sources: [] },
      { name: '-id', by: { expression: 'network_import.id', type: 'bigint', descending: true } },
      request,
    );
    // Our own record of what happened is never older than now.
    return { ...page, asOf: new Date().toISOString() };
  }

  /** How many imports match. */
  count(filter: NetworkImportFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'network_import', importsLike(filter));
  }

  /**
   * One page of the rows of an import, in the order of its file.
   * @throws NotFoundError for an unknown import, InputError for a cursor of another list.
   */
  async rows(
    importId: number,
    { outcome }: NetworkImportRowFilter,
    { limit = DEFAULT_LIMIT, cursor }: PageRequest,
  ): Promise<Page<NetworkImportRowShown>> {
    const { kind } = await this.summary(importId);
    const after = cursor === undefined ? 0 : decodeCursor(LINE, cursor).id;
    const found = await this.dataSource.query<RowRecord[]>(
      `select line, outcome, fields, changes, problems from network_import_row
       where import_id = $1 and line > $2 and ($3::text is null or outcome = $3) order by line limit $4`,
      [importId, after, outcome ?? null, limit + 1],
    );
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      items: rows.map((row) => toRow(row, LABELS[kind])),
      next: last ? encodeCursor(LINE, { value: null, id: last.line }) : null,
      asOf: null,
    };
  }

  /** How many rows of an import match. */
  countRows(importId: number, { outcome }: NetworkImportRowFilter): Promise<Count> {
    const conditions = new SqlConditions()
      .add(importId, (id) => `network_import_row.import_id = ${id}`)
      .addGiven(outcome, (value) => `network_import_row.outcome = ${value}`);
    return boundedCount(this.dataSource, 'network_import_row', conditions);
  }
}

interface RowRecord {
  readonly line: number;
  readonly outcome: NetworkRowOutcome;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly changes: Readonly<Record<string, { readonly from: FieldValue | null; readonly to: FieldValue | null }>>;
  readonly problems: readonly RowProblem[];
}

type Labels = ReadonlyMap<string, string>;

function labelsOf(kind: ImportedKind): Labels {
  const fields = IMPORT_KINDS[kind].fields.map(({ name, label }) => [name, label] as const);
  if (kind !== 'postcode_coverage') return new Map(fields);
  return new Map([
    ['area_code', 'Postcode district'],
    ['postcodes', 'Postcodes'],
    ...fields.filter(([name]) => name !== 'postcode'),
  ]);
}

const LABELS = Object.fromEntries(
  Object.keys(IMPORT_KINDS).map((kind) => [kind, labelsOf(kind as ImportedKind)]),
) as Readonly<Record<ImportedKind, Labels>>;

function toRow({ line, outcome, fields, changes, problems }: RowRecord, labels: Labels): NetworkImportRowShown {
  return {
    line,
    outcome,
    values: [...labels].flatMap(([field, label]) => {
      const value = fields[field];
      return value === undefined ? [] : [{ field, label, value }];
    }),
    changes: [...labels].flatMap(([field, label]) => {
      const change = changes[field];
      return change ? [{ field, label, ...change }] : [];
    }),
    problems,
  };
}

function importsLike({ kind, state, createdFrom, createdTo }: NetworkImportFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(kind, (value) => `network_import.kind = ${value}`)
    .addGiven(state, (value) => `network_import.state = ${value}`)
    .addGiven(createdFrom, (day) => onDay.orLater('network_import.created_at', day))
    .addGiven(createdTo, (day) => onDay.orEarlier('network_import.created_at', day));
}
