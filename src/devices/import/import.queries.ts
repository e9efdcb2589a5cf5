import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NotFoundError } from '../../common/errors.js';
import type { RowProblem } from '../../sheets/sheet-row.js';
import { CONFLICTS } from './domain/conflict.js';
import { REGISTER_FIELDS, type RegisterFieldName } from './domain/register-fields.js';
import { RegisterImport, type ImportState, type RowOutcome } from './register-import.entity.js';
import { RegisterImportRow } from './register-import-row.entity.js';

/** Outcomes that a dry run shows. */
export const SHOWN_OUTCOMES = ['new', 'changed', 'unchanged', 'conflict', 'refused'] as const;
export type ShownOutcome = (typeof SHOWN_OUTCOMES)[number];

/** One import as answers show it. */
export interface ImportSummary {
  readonly id: number;
  readonly state: ImportState;
  readonly fileName: string | null;
  readonly format: 'csv' | 'xlsx' | null;
  readonly mapping: string | null;
  readonly columns: readonly { readonly header: string; readonly field: RegisterFieldName }[];
  readonly ignoredColumns: readonly string[];
  /** Rows by outcome. */
  readonly counts: Readonly<Record<ShownOutcome, number>>;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly checkedAt: Date | null;
  readonly appliedBy: string | null;
  readonly appliedAt: Date | null;
  readonly undoneBy: string | null;
  readonly undoneAt: Date | null;
  readonly undoReason: string | null;
}

type CellValue = string | number | null;

/** One row of a dry run: what it says, what it would change, and what is wrong with it. */
export interface ImportRow {
  readonly line: number;
  readonly outcome: RowOutcome;
  readonly values: readonly { readonly field: string; readonly label: string; readonly value: CellValue }[];
  readonly changes: readonly {
    readonly field: string;
    readonly label: string;
    readonly from: CellValue;
    readonly to: CellValue;
  }[];
  readonly problems: readonly RowProblem[];
  /** The machine that the row is about. */
  readonly deviceId: number | null;
  /** The machines to choose from when several fit. */
  readonly candidateDeviceIds: readonly number[];
  /** Why undoing left the entry as it is. */
  readonly undoRefusal: string | null;
}

/** A page of a dry run. */
export interface ImportPreview {
  readonly import: ImportSummary;
  readonly rows: readonly ImportRow[];
  /** Line after which the next page starts; null on the last page. */
  readonly nextAfterLine: number | null;
}

/** Which rows of an import to show. */
export interface RowSelection {
  readonly outcome?: ShownOutcome;
  readonly afterLine?: number;
  readonly limit?: number;
  /** Only rows that an undo left alone. */
  readonly undoRefused?: boolean;
}

const SHOWN_COLUMNS: readonly { column: string; name: string; label: string }[] = [
  ...REGISTER_FIELDS.map(({ column, name, label }) => ({ column, name, label })),
  { column: 'holder_entra_id', name: 'holderEntraId', label: 'Person' },
  { column: 'device_id', name: 'deviceId', label: 'Machine' },
];
const PAGE = 100;
const LARGEST_PAGE = 1_000;

/** What imports would do and did. */
@Injectable()
export class ImportQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The dry run of an import, a page of its rows in the order of the file.
   * @throws NotFoundError
   */
  async preview(importId: number, selection: RowSelection = {}): Promise<ImportPreview> {
    const summary = await this.summary(importId);
    const limit = Math.min(Math.max(selection.limit ?? PAGE, 1), LARGEST_PAGE);
    const rows = await this.dataSource.query<RowRecord[]>(
      `select line, outcome, fields, changes, problems, conflict, device_id, candidate_device_ids, undo_refusal
       from register_import_row
       where import_id = $1 and line > $2 and ($3::text is null or outcome = $3)
         and (not $4::boolean or undo_refusal is not null)
       order by line limit $5`,
      [importId, selection.afterLine ?? 0, selection.outcome ?? null, selection.undoRefused ?? false, limit + 1],
    );
    const page = rows.slice(0, limit);
    return {
      import: summary,
      rows: page.map(toRow),
      nextAfterLine: rows.length > limit ? (page.at(-1)?.line ?? null) : null,
    };
  }

  /** @throws NotFoundError */
  async summary(importId: number, manager: EntityManager = this.dataSource.manager): Promise<ImportSummary> {
    const found = await manager.findOneBy(RegisterImport, { id: importId });
    if (!found) throw new NotFoundError('There is no such import. Send the file again.');
    return toSummary(found);
  }
}

interface RowRecord extends Pick<
  RegisterImportRow,
  'line' | 'outcome' | 'fields' | 'changes' | 'problems' | 'conflict'
> {
  readonly device_id: number | null;
  readonly candidate_device_ids: number[];
  readonly undo_refusal: string | null;
}

function toSummary(found: RegisterImport): ImportSummary {
  const { id, state, fileName, format, columns, ignoredColumns, startedBy, startedAt, checkedAt } = found;
  const { appliedBy, appliedAt, undoneBy, undoneAt, undoReason } = found;
  const counts = { new: 0, changed: 0, unchanged: 0, conflict: 0, refused: 0 };
  for (const outcome of SHOWN_OUTCOMES) counts[outcome] = found.counts[outcome] ?? 0;
  return {
    ...{ id, state, fileName, format, mapping: found.mappingName, columns, ignoredColumns, counts },
    ...{ startedBy, startedAt, checkedAt, appliedBy, appliedAt, undoneBy, undoneAt, undoReason },
  };
}

function toRow(row: RowRecord): ImportRow {
  const problems = [...row.problems];
  if (row.conflict) problems.push({ severity: 'refused', column: null, ...CONFLICTS[row.conflict] });
  if ('holder_entra_id' in row.fields && row.fields['holder_entra_id'] === null) problems.push(UNKNOWN_HOLDER);
  return {
    line: row.line,
    outcome: row.outcome,
    values: SHOWN_COLUMNS.filter(({ column }) => column in row.fields).map(({ column, name, label }) => ({
      field: name,
      label,
      value: row.fields[column] ?? null,
    })),
    changes: SHOWN_COLUMNS.flatMap(({ column, name, label }) => {
      const change = row.changes[column];
      return change ? [{ field: name, label, from: change.from, to: change.to }] : [];
    }),
    problems,
    deviceId: row.device_id,
    candidateDeviceIds: row.outcome === 'conflict' ? row.candidate_device_ids : [],
    undoRefusal: row.undo_refusal,
  };
}

const UNKNOWN_HOLDER: RowProblem = {
  severity: 'warning',
  column: null,
  message: 'No one person who is present has this user principal name or e-mail address; it is kept as a note.',
  fix: 'Enter the address as it stands in the directory to link the person.',
};
