import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { NetworkSite } from './network-site.entity.js';

/** The calls at a site in an hour. Quality is the 90th percentile over the streams; no person is named. */
@Entity('call_quality_site_hour')
export class CallQualitySiteHour {
  @PrimaryColumn('integer', { name: 'site_id', primaryKeyConstraintName: 'call_quality_site_hour_pkey' })
  siteId: number;

  @ManyToOne(() => NetworkSite, { nullable: false })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'call_quality_site_hour_site_fkey' })
  site: Relation<NetworkSite>;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'call_quality_site_hour_pkey' })
  hour: Date;

  @Column('integer')
  people: number;

  @Column('integer')
  streams: number;

  @Column('integer')
  wired: number;

  @Column('integer')
  wifi: number;

  @Column('real', { name: 'round_trip_ms', nullable: true })
  roundTripMs: number | null;

  @Column('real', { name: 'jitter_ms', nullable: true })
  jitterMs: number | null;

  @Column('real', { name: 'loss_ratio', nullable: true })
  lossRatio: number | null;
}
