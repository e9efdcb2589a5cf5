import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { NetworkImport } from './network-import.entity.js';

/** One row of such a file and what applying it does. */
@Entity('network_import_row')
@Check('network_import_row_outcome_check', `outcome in ('new', 'changed', 'unchanged', 'refused')`)
export class NetworkImportRow {
  @PrimaryColumn('integer', { name: 'import_id', primaryKeyConstraintName: 'network_import_row_pkey' })
  importId: number;

  @ManyToOne(() => NetworkImport, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'network_import_row_import_fkey' })
  import: Relation<NetworkImport>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'network_import_row_pkey' })
  line: number;

  @Column('text')
  outcome: string;

  @Column('jsonb')
  fields: unknown;

  @Column('jsonb', { default: () => "'[]'" })
  problems: unknown;
}
