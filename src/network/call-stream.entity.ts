import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CallRecord } from './call-record.entity.js';
import type { CallMedia } from './domain/call-measurement.js';
import type { Connection, Place } from './domain/network-words.js';
import { NetworkSite } from './network-site.entity.js';

/** What one of our people’s side of a medium in a call measured. Addresses were dropped when the place was told from them; rows go once their call can change no more. */
@Entity('call_stream')
@Check('call_stream_place_check', `place in ('office', 'home', 'remote_access', 'unknown')`)
@Check('call_stream_site_check', `site_id is null or place = 'office'`)
@Check('call_stream_media_check', `media in ('audio', 'video', 'screen_sharing', 'other')`)
@Check('call_stream_connection_check', `connection in ('wired', 'wifi', 'mobile', 'tunnel', 'unknown')`)
@Check('call_stream_seconds_check', 'seconds >= 0')
@Check('call_stream_loss_check', 'loss_ratio between 0 and 1')
@Index('call_stream_person_index', ['personEntraId', 'startedAt'])
@Index('call_stream_site_index', { synchronize: false })
export class CallStream {
  @PrimaryColumn('uuid', { name: 'call_id', primaryKeyConstraintName: 'call_stream_pkey' })
  callId: string;

  @ManyToOne(() => CallRecord, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'call_id', foreignKeyConstraintName: 'call_stream_call_fkey' })
  call: Relation<CallRecord>;

  /** A stretch of the call, as Graph names it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'call_stream_pkey' })
  segment: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'call_stream_pkey' })
  media: CallMedia;

  @PrimaryColumn('text', { name: 'person_entra_id', primaryKeyConstraintName: 'call_stream_pkey' })
  personEntraId: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('integer')
  seconds: number;

  @Column('text')
  place: Place;

  @ManyToOne(() => NetworkSite, { nullable: true })
  @JoinColumn({ name: 'site_id', foreignKeyConstraintName: 'call_stream_site_fkey' })
  site: Relation<NetworkSite> | null;

  @Column('text')
  connection: Connection;

  @Column('real', { name: 'round_trip_ms', nullable: true })
  roundTripMs: number | null;

  @Column('real', { name: 'jitter_ms', nullable: true })
  jitterMs: number | null;

  @Column('real', { name: 'loss_ratio', nullable: true })
  lossRatio: number | null;
}
