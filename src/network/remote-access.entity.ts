import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A gateway for remote access (VPN): how many sessions and how much traffic it carries. */
@Entity('remote_access')
@Check('remote_access_name_check', 'length(name) between 1 and 200')
@Check('remote_access_sessions_check', 'sessions between 1 and 1000000')
@Check('remote_access_speed_check', 'download_kbps between 1 and 1000000000 and upload_kbps between 1 and 1000000000')
@Index('remote_access_name_key', { synchronize: false })
export class RemoteAccess {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'remote_access_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('integer')
  sessions: number;

  @Column('integer', { name: 'download_kbps' })
  downloadKbps: number;

  @Column('integer', { name: 'upload_kbps' })
  uploadKbps: number;

  @Column('boolean', { name: 'all_traffic' })
  allTraffic: boolean;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('network_version_sequence')` })
  version: string;
}
