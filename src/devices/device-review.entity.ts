import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { DeviceDecision } from './device-decision.entity.js';
import { DeviceRecord } from './device-record.entity.js';
import type { ReviewFinding, ReviewKind } from './domain/identity/machines.js';

/** What a review shows: what the machines have in common, and the record ids of each. */
export type ReviewEvidence = Pick<ReviewFinding, 'shared' | 'machines'>;

/**
 * A question for a person: are these records one machine or several? `expired` when the records have answered it by
 * themselves since; the same question opens the same review again.
 */
@Entity('device_review')
@Check('device_review_kind_check', `kind in ('same_serial', 're_enrolled', 'conflicting_identity')`)
@Check('device_review_state_check', `state in ('open', 'settled', 'expired')`)
@Check('device_review_decision_check', `decision in ('same', 'different')`)
@Check('device_review_settled_check', `(state = 'settled') = (decision_id is not null)`)
@Index('device_review_fingerprint_key', { synchronize: false })
@Index('device_review_open_index', { synchronize: false })
@Index('device_review_decision_index', ['settledWith'])
export class DeviceReview {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'device_review_pkey' })
  id: number;

  @Column('text')
  kind: ReviewKind;

  /** What the question is about; unique among those that are not settled. */
  @Column('text')
  fingerprint: string;

  @Column('text', { default: 'open' })
  state: 'open' | 'settled' | 'expired';

  @Column('jsonb')
  evidence: ReviewEvidence;

  @Column('timestamptz', { name: 'opened_at', default: () => 'now()' })
  openedAt: Date;

  @Column('timestamptz', { name: 'expired_at', nullable: true })
  expiredAt: Date | null;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt: Date | null;

  @Column('text', { name: 'settled_by', nullable: true })
  settledBy: string | null;

  @Column('text', { nullable: true })
  decision: 'same' | 'different' | null;

  /** The decision that a settled review led to, with its reason. */
  @ManyToOne(() => DeviceDecision, { nullable: true })
  @JoinColumn({ name: 'decision_id', foreignKeyConstraintName: 'device_review_decision_fkey' })
  settledWith: Relation<DeviceDecision> | null;
}

/** A record that a review is about. */
@Entity('device_review_record')
@Index('device_review_record_index', ['record'])
export class DeviceReviewRecord {
  @PrimaryColumn('integer', { name: 'review_id', primaryKeyConstraintName: 'device_review_record_pkey' })
  reviewId: number;

  @ManyToOne(() => DeviceReview, { nullable: false })
  @JoinColumn({ name: 'review_id', foreignKeyConstraintName: 'device_review_record_review_fkey' })
  review: Relation<DeviceReview>;

  @PrimaryColumn('integer', { name: 'record_id', primaryKeyConstraintName: 'device_review_record_pkey' })
  recordId: number;

  @ManyToOne(() => DeviceRecord, { nullable: false })
  @JoinColumn({ name: 'record_id', foreignKeyConstraintName: 'device_review_record_record_fkey' })
  record: Relation<DeviceRecord>;
}
