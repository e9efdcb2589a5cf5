import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { ColumnMapping } from './domain/column-mapping.js';

/** Kinds of file that bring register data. */
export const FILE_KINDS = ['asset-register', 'directory-export', 'delivery-note'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** What the columns of one kind of file stand for, saved under a name. */
@Entity('import_mapping')
@Check('import_mapping_file_kind_check', `file_kind in ('asset-register', 'directory-export', 'delivery-note')`)
@Index('import_mapping_name_key', { synchronize: false })
export class ImportMapping {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'import_mapping_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('text', { name: 'file_kind' })
  fileKind: FileKind;

  /** Header to name of the field. */
  @Column('jsonb')
  columns: ColumnMapping;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
