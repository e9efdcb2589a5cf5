import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { RegisterFieldName } from './domain/register-fields.js';

/** Where an import stands: being read, checked and shown as a dry run, applied, undone. */
export const IMPORT_STATES = ['reading', 'checked', 'applied', 'undone'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What an import does with one of its rows; `read` only until it was compared with the register. */
export const ROW_OUTCOMES = ['read', 'new', 'changed', 'unchanged', 'conflict', 'refused'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

/** One file of register data, from its upload on. */
@Entity('register_import')
@Check('register_import_state_check', `state in ('reading', 'checked', 'applied', 'undone')`)
@Check('register_import_format_check', `format in ('csv', 'xlsx')`)
@Index('register_import_idempotency_key', { synchronize: false })
@Index('register_import_started_index', { synchronize: false })
export class RegisterImport {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'register_import_pkey' })
  id: number;

  @Column('text', { default: 'reading' })
  state: ImportState;

  /** The name that the file was sent under, only to be shown; nothing is ever stored under it. */
  @Column('text', { name: 'file_name', nullable: true })
  fileName: string | null;

  @Column('text', { nullable: true })
  format: 'csv' | 'xlsx' | null;

  /** SHA-256 of the file in hexadecimal. */
  @Column('text', { name: 'content_hash', nullable: true })
  contentHash: string | null;

  @Column('text', { name: 'mapping_name', nullable: true })
  mappingName: string | null;

  /** The columns that were read. */
  @Column('jsonb', { default: [] })
  columns: readonly { readonly header: string; readonly field: RegisterFieldName }[];

  /** Headers of the columns that were not. */
  @Column('jsonb', { name: 'ignored_columns', default: [] })
  ignoredColumns: readonly string[];

  /** Rows by outcome. */
  @Column('jsonb', { default: {} })
  counts: Readonly<Partial<Record<RowOutcome, number>>>;

  /** Stands for what the dry run showed; applying anything else is refused. */
  @Column('text', { name: 'comparison_hash', nullable: true })
  comparisonHash: string | null;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey: string | null;

  @Column('text', { name: 'started_by' })
  startedBy: string;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt: Date;

  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt: Date | null;

  @Column('text', { name: 'applied_by', nullable: true })
  appliedBy: string | null;

  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt: Date | null;

  @Column('text', { name: 'undone_by', nullable: true })
  undoneBy: string | null;

  @Column('timestamptz', { name: 'undone_at', nullable: true })
  undoneAt: Date | null;

  @Column('text', { name: 'undo_reason', nullable: true })
  undoReason: string | null;
}
