import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** When something last changed that decides what the network says of a site, of somebody’s home, or of everything. */
@Entity('network_change')
@Check('network_change_kind_check', `kind in ('site', 'home', 'everything')`)
@Check('network_change_subject_check', `(kind = 'everything') = (subject = '')`)
@Index('network_change_time_index', ['changedAt'])
export class NetworkChange {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'network_change_pkey' })
  kind: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'network_change_pkey' })
  subject: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
