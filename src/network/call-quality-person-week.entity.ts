import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Place } from './domain/network-words.js';

/** The calls of a person in a week, by place. Quality is the 90th percentile over their streams. */
@Entity('call_quality_person_week')
@Check('call_quality_person_week_place_check', `place in ('office', 'home', 'remote_access', 'unknown')`)
@Check('call_quality_person_week_week_check', 'extract(isodow from week) = 1')
@Index('call_quality_person_week_week_index', ['week', 'place'])
export class CallQualityPersonWeek {
  @PrimaryColumn('text', { name: 'person_entra_id', primaryKeyConstraintName: 'call_quality_person_week_pkey' })
  personEntraId: string;

  /** Its Monday, in UK time. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'call_quality_person_week_pkey' })
  week: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'call_quality_person_week_pkey' })
  place: Place;

  @Column('integer')
  calls: number;

  @Column('integer')
  streams: number;

  /** Of all streams together. */
  @Column('bigint')
  seconds: string;

  @Column('integer')
  wired: number;

  @Column('integer')
  wifi: number;

  @Column('integer')
  mobile: number;

  @Column('integer')
  tunnel: number;

  @Column('real', { name: 'round_trip_ms', nullable: true })
  roundTripMs: number | null;

  @Column('real', { name: 'jitter_ms', nullable: true })
  jitterMs: number | null;

  @Column('real', { name: 'loss_ratio', nullable: true })
  lossRatio: number | null;
}
