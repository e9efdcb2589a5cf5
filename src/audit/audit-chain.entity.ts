import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Where the trail ends: a single row, which everybody who appends locks and moves on. */
@Entity('audit_chain')
@Check('audit_chain_single_check', 'single')
export class AuditChain {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'audit_chain_pkey' })
  single: boolean;

  /** Made once with the database; the chain begins with it, so that entries of another installation do not fit. */
  @Column('uuid', { name: 'installation_id' })
  installationId: string;

  /** Number of the last entry, 0 before the first. */
  @Column('bigint', { name: 'head_id' })
  headId: string;

  @Column('bytea', { name: 'head_hash' })
  headHash: Buffer;

  @Column({ type: 'timestamptz', name: 'head_at', precision: 3 })
  headAt: Date;
}
