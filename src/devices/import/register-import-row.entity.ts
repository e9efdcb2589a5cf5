import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ConflictCode } from './domain/conflict.js';
import type { RowProblem } from '../../sheets/sheet-row.js';
import { RegisterImport, type RowOutcome } from './register-import.entity.js';

/** One row of an imported file: what it says, what it would do, and what it did. */
@Entity('register_import_row')
@Check('register_import_row_outcome_check', `outcome in ('read', 'new', 'changed', 'unchanged', 'conflict', 'refused')`)
@Index('register_import_row_outcome_index', ['importId', 'outcome', 'line'])
export class RegisterImportRow {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'register_import_row_pkey' })
  importId: number;

  @ManyToOne(() => RegisterImport, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'register_import_row_import_fkey' })
  import: Relation<RegisterImport>;

  /** Line of the file, or row of the sheet, on which it starts. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'register_import_row_pkey' })
  line: number;

  @Column('text')
  outcome: RowOutcome;

  /** Column of `device_register` to value. */
  @Column('jsonb')
  fields: Readonly<Record<string, string | number | null>>;

  @Column('jsonb', { default: [] })
  problems: readonly RowProblem[];

  @Column('text', { name: 'doubtful_dates', array: true, default: [] })
  doubtfulDates: string[];

  @Column('text', { name: 'month_first_dates', array: true, default: [] })
  monthFirstDates: string[];

  /** Machines that the serial number and manufacturer fit. */
  @Column('integer', { name: 'candidate_device_ids', array: true, default: [] })
  candidateDeviceIds: number[];

  /** The machine that a person chose among several. */
  @Column('integer', { name: 'decided_device_id', nullable: true })
  decidedDeviceId: number | null;

  @Column('text', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('text', { nullable: true })
  conflict: ConflictCode | null;

  /** The entry of the register that the row is about; once applied also of a new one. */
  @Column('integer', { name: 'register_id', nullable: true })
  registerId: number | null;

  @Column('integer', { name: 'device_id', nullable: true })
  deviceId: number | null;

  /** Column to its value before and after. */
  @Column('jsonb', { default: {} })
  changes: Readonly<Record<string, { readonly from: string | number | null; readonly to: string | number | null }>>;

  /** The whole entry as it was before the import was applied. */
  @Column('jsonb', { nullable: true })
  before: Readonly<Record<string, unknown>> | null;

  /** The version that applying gave the entry. */
  @Column('bigint', { name: 'applied_version', nullable: true })
  appliedVersion: string | null;

  /** Why undoing left the entry as it is. */
  @Column('text', { name: 'undo_refusal', nullable: true })
  undoRefusal: string | null;
}
