import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A file about networks that was read, checked, and perhaps applied. */
@Entity('network_import')
@Check(
  'network_import_kind_check',
  `kind in ('sites', 'links', 'ranges', 'surveys', 'site_tests', 'authority_coverage', 'postcode_coverage')`,
)
@Check('network_import_state_check', `state in ('checked', 'applied')`)
@Check(
  'network_import_applied_check',
  `(state = 'applied') = (applied_at is not null) and (applied_at is null) = (applied_by is null)`,
)
@Index('network_import_idempotency_key', { synchronize: false })
export class NetworkImport {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_import_pkey' })
  id: number;

  @Column('text')
  kind: string;

  @Column('text', { default: 'checked' })
  state: string;

  @Column('text', { name: 'file_name', nullable: true })
  fileName: string | null;

  @Column('text', { name: 'content_hash' })
  contentHash: string;

  @Column('jsonb')
  columns: unknown;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'applied_by', nullable: true })
  appliedBy: string | null;

  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt: Date | null;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey: string | null;
}
