import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { ImportedKind, NetworkImportState, ShownOutcome } from './import/domain/import-words.js';

/** A file about networks that was read, checked, and perhaps applied. */
@Entity('network_import')
@Check(
  'network_import_kind_check',
  `kind in ('sites', 'links', 'ranges', 'surveys', 'site_tests', 'authority_coverage', 'postcode_coverage')`,
)
@Check('network_import_state_check', `state in ('reading', 'checked', 'applied')`)
@Check('network_import_format_check', `format in ('csv', 'xlsx')`)
@Check(
  'network_import_snapshot_check',
  `(snapshot is not null) = (kind in ('authority_coverage', 'postcode_coverage'))`,
)
@Check('network_import_checked_check', `(state = 'reading') = (checked_at is null)`)
@Check(
  'network_import_applied_check',
  `(state = 'applied') = (applied_at is not null) and (applied_at is null) = (applied_by is null)`,
)
@Index('network_import_idempotency_key', { synchronize: false })
export class NetworkImport {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_import_pkey' })
  id: number;

  @Column('text')
  kind: ImportedKind;

  @Column('text', { default: 'reading' })
  state: NetworkImportState;

  /** The name that the file was sent under, only to be shown; nothing is ever stored under it. */
  @Column('text', { name: 'file_name', nullable: true })
  fileName: string | null;

  @Column('text', { nullable: true })
  format: 'csv' | 'xlsx' | null;

  /** SHA-256 of the file in hexadecimal. */
  @Column('text', { name: 'content_hash', nullable: true })
  contentHash: string | null;

  /** The day of the figures, for coverage of areas. */
  @Column('date', { nullable: true })
  snapshot: string | null;

  /** The columns that were read. */
  @Column('jsonb', { default: [] })
  columns: readonly { readonly header: string; readonly field: string }[];

  /** Headers of the columns that were not. */
  @Column('jsonb', { name: 'ignored_columns', default: [] })
  ignoredColumns: readonly string[];

  /** Rows of the file; several of them become one where postcodes become districts. */
  @Column('integer', { name: 'rows_read', default: 0 })
  rowsRead: number;

  /** Rows by outcome. */
  @Column('jsonb', { default: {} })
  counts: Readonly<Partial<Record<ShownOutcome, number>>>;

  /** Stands for what the dry run showed; applying anything else is refused. */
  @Column('text', { name: 'comparison_hash', nullable: true })
  comparisonHash: string | null;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt: Date | null;

  @Column('text', { name: 'applied_by', nullable: true })
  appliedBy: string | null;

  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt: Date | null;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey: string | null;
}
