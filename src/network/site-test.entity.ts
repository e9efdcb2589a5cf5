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
import { NetworkImport } from './network-import.entity.js';
import { NetworkSite } from './network-site.entity.js';

/** What a test at a site measured. */
@Entity('site_test')
@Unique('site_test_test_key', ['site', 'testedAt', 'source'])
@Check(
  'site_test_figures_check',
  'round_trip_ms between 0 and 60000 and jitter_ms between 0 and 60000 and loss_ratio between 0 and 1 and download_kbps between 0 and 100000000 and upload_kbps between 0 and 100000000 and exchange_round_trip_ms between 0 and 60000 and sharepoint_megabytes_per_second between 0 and 100000',
)
@Index('site_test_import_index', { synchronize: false })
export class SiteTest {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'site_test_pkey' })
  id: number;

  @ManyToOne(() => NetworkSite, { nullable: false })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'site_test_site_fkey' })
  site: Relation<NetworkSite>;

  @Column('timestamptz', { name: 'tested_at' })
  testedAt: Date;

  @Column('text')
  source: string;

  @Column('real', { name: 'round_trip_ms', nullable: true })
  roundTripMs: number | null;

  @Column('real', { name: 'jitter_ms', nullable: true })
  jitterMs: number | null;

  @Column('real', { name: 'loss_ratio', nullable: true })
  lossRatio: number | null;

  @Column('integer', { name: 'download_kbps', nullable: true })
  downloadKbps: number | null;

  @Column('integer', { name: 'upload_kbps', nullable: true })
  uploadKbps: number | null;

  @Column('real', { name: 'exchange_round_trip_ms', nullable: true })
  exchangeRoundTripMs: number | null;

  @Column('real', { name: 'sharepoint_megabytes_per_second', nullable: true })
  sharepointMegabytesPerSecond: number | null;

  @ManyToOne(() => NetworkImport, { nullable: true })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'site_test_import_fkey' })
  import: Relation<NetworkImport> | null;
}
