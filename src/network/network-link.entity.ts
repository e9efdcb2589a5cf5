import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';
import { NetworkSite } from './network-site.entity.js';

/** A line that connects a site. It counts from the first to the last day on which it is live; null is without end. */
@Entity('network_link')
@Unique('network_link_name_key', ['site', 'name'])
@Check('network_link_name_check', 'length(name) between 1 and 200')
@Check('network_link_speed_check', 'download_kbps between 1 and 1000000000 and upload_kbps between 1 and 1000000000')
@Check('network_link_days_check', 'live_until >= live_from')
@Check(
  'network_link_end_check',
  'end_reason is null or (live_until is not null and length(end_reason) between 1 and 2000)',
)
export class NetworkLink {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_link_pkey' })
  id: number;

  @ManyToOne(() => NetworkSite, { nullable: false })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'network_link_site_fkey' })
  site: Relation<NetworkSite>;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  provider: string | null;

  @Column('integer', { name: 'download_kbps' })
  downloadKbps: number;

  @Column('integer', { name: 'upload_kbps' })
  uploadKbps: number;

  @Column('text', { nullable: true })
  contract: string | null;

  @Column('date', { name: 'contract_ends_on', nullable: true })
  contractEndsOn: string | null;

  @Column('date', { name: 'live_from', nullable: true })
  liveFrom: string | null;

  @Column('date', { name: 'live_until', nullable: true })
  liveUntil: string | null;

  /** Why it ends, in the words of whoever ended it. */
  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('network_version_sequence')` })
  version: string;
}
