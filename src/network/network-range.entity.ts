import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import type { RangeKind } from './domain/network-words.js';
import { NetworkSite } from './network-site.entity.js';
import { RemoteAccess } from './remote-access.entity.js';

/** Addresses that tell where somebody is: subnets of sites, addresses under which the council shows on the internet, pools of remote access. */
@Entity('network_range')
@Unique('network_range_network_key', ['network', 'kind'])
@Check('network_range_kind_check', `kind in ('site_subnet', 'egress', 'remote_access')`)
@Check(
  'network_range_owner_check',
  `case kind when 'site_subnet' then site_id is not null and remote_access_id is null when 'egress' then remote_access_id is null else remote_access_id is not null and site_id is null end`,
)
@Index('network_range_network_index', { synchronize: false })
@Index('network_range_site_index', { synchronize: false })
@Index('network_range_remote_access_index', { synchronize: false })
export class NetworkRange {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_range_pkey' })
  id: number;

  @Column('text')
  kind: RangeKind;

  @Column('cidr')
  network: string;

  @ManyToOne(() => NetworkSite, { nullable: true })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'network_range_site_fkey' })
  site: Relation<NetworkSite> | null;

  @ManyToOne(() => RemoteAccess, { nullable: true })
  @JoinColumn({ name: 'remote_access_id', foreignKeyConstraintName: 'network_range_remote_access_fkey' })
  remoteAccess: Relation<RemoteAccess> | null;

  @Column('text', { nullable: true })
  note: string | null;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('network_version_sequence')` })
  version: string;
}
