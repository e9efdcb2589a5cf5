import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A range or a gateway that was removed: what it was, and why it went. */
@Entity('network_removal')
@Check('network_removal_kind_check', `kind in ('range', 'remote_access')`)
@Check('network_removal_reason_check', 'length(reason) between 1 and 2000')
@Index('network_removal_time_index', { synchronize: false })
export class NetworkRemoval {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_removal_pkey' })
  id: number;

  @Column('text')
  kind: 'range' | 'remote_access';

  /** The record as it was, by its columns. */
  @Column('jsonb')
  record: unknown;

  @Column('text')
  reason: string;

  @Column('text')
  actor: string;

  @Column('timestamptz', { name: 'removed_at', default: () => 'now()' })
  removedAt: Date;
}
