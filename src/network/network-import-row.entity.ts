import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { RowProblem } from '../sheets/sheet-row.js';
import type { FieldValue, NetworkRowOutcome } from './import/domain/import-words.js';
import { NetworkImport } from './network-import.entity.js';

/** One row of such a file and what applying it does. */
@Entity('network_import_row')
@Check('network_import_row_outcome_check', `outcome in ('read', 'new', 'changed', 'unchanged', 'refused')`)
@Index('network_import_row_outcome_index', ['importId', 'outcome', 'line'])
export class NetworkImportRow {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'network_import_row_pkey' })
  importId: number;

  @ManyToOne(() => NetworkImport, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'network_import_row_import_fkey' })
  import: Relation<NetworkImport>;

  /** Line of the file, or row of the sheet, on which it starts; of a district, its first postcode's. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'network_import_row_pkey' })
  line: number;

  @Column('text')
  outcome: NetworkRowOutcome;

  /** Column of the record to value; a blank cell says nothing and so is not here. */
  @Column('jsonb')
  fields: Readonly<Record<string, FieldValue>>;

  @Column('jsonb', { default: [] })
  problems: readonly RowProblem[];

  /** The record that the row is about, where there is one already. */
  @Column('integer', { name: 'target_id', nullable: true })
  targetId: number | null;

  /** Column to its value before and after. */
  @Column('jsonb', { default: {} })
  changes: Readonly<Record<string, { readonly from: FieldValue | null; readonly to: FieldValue | null }>>;
}
