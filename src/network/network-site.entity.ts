import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A site of the council as its network team knows it. Named as the directory spells offices, whatever the case. */
@Entity('network_site')
@Check('network_site_name_check', 'length(name) between 1 and 200 and name = btrim(name)')
@Check('network_site_desks_check', 'desks between 0 and 100000')
@Check('network_site_docks_check', 'docks between 0 and 100000')
@Check('network_site_wired_ports_check', 'wired_ports between 0 and 100000')
@Index('network_site_name_key', { synchronize: false })
export class NetworkSite {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'network_site_pkey' })
  id: number;

  @Column('text')
  name: string;

  @Column('integer', { nullable: true })
  desks: number | null;

  @Column('integer', { nullable: true })
  docks: number | null;

  @Column('integer', { name: 'wired_ports', nullable: true })
  wiredPorts: number | null;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('network_version_sequence')` })
  version: string;
}
