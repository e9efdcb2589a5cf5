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
import type { Place, StatedConnection } from './domain/network-words.js';
import { NetworkSite } from './network-site.entity.js';

/** One connection check that its person agreed to keep. Never an address, and nothing that tells where a home is. */
@Entity('connection_check')
@Unique('connection_check_submission_key', ['submission'])
@Check('connection_check_place_check', `place in ('office', 'home', 'remote_access', 'unknown')`)
@Check('connection_check_site_check', `site_id is null or place = 'office'`)
@Check('connection_check_connection_check', `connection in ('wired', 'wifi', 'mobile', 'unknown')`)
@Check('connection_check_samples_check', 'samples between 1 and 10000')
@Check(
  'connection_check_figures_check',
  'round_trip_ms between 0 and 60000 and jitter_ms between 0 and 60000 and late_ratio between 0 and 1 and download_kbps between 0 and 100000000 and upload_kbps between 0 and 100000000 and loaded_round_trip_ms between 0 and 60000',
)
@Index('connection_check_person_index', { synchronize: false })
@Index('connection_check_site_index', { synchronize: false })
@Index('connection_check_age_index', ['checkedAt'])
export class ConnectionCheck {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'connection_check_pkey',
  })
  id: number;

  @Column('text', { name: 'person_entra_id' })
  personEntraId: string;

  @Column('timestamptz', { name: 'checked_at', default: () => 'now()' })
  checkedAt: Date;

  @Column('text')
  place: Place;

  @ManyToOne(() => NetworkSite, { nullable: true })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'connection_check_site_fkey' })
  site: Relation<NetworkSite> | null;

  @Column('text')
  connection: StatedConnection;

  /** `browser` for a check of our own page, else what it was taken over from. */
  @Column('text')
  method: string;

  /** Replies that the times stand on. */
  @Column('integer')
  samples: number;

  @Column('real', { name: 'round_trip_ms' })
  roundTripMs: number;

  @Column('real', { name: 'jitter_ms' })
  jitterMs: number;

  @Column('real', { name: 'late_ratio' })
  lateRatio: number;

  @Column('integer', { name: 'download_kbps' })
  downloadKbps: number;

  @Column('integer', { name: 'upload_kbps' })
  uploadKbps: number;

  @Column('real', { name: 'loaded_round_trip_ms', nullable: true })
  loadedRoundTripMs: number | null;

  /** Number of the check, so that the same one is kept once. */
  @Column('uuid')
  submission: string;
}
