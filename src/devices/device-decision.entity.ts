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

/**
 * What a person decided about which records are one machine. It names records by source and id in the source, so that
 * no later synchronisation can lose it; undone decisions stay as history.
 */
@Entity('device_decision')
@Check('device_decision_kind_check', `kind in ('merge', 'split')`)
export class DeviceDecision {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'device_decision_pkey' })
  id: number;

  @Column('text')
  kind: 'merge' | 'split';

  @Column('text')
  reason: string;

  @Column('text', { name: 'decided_by' })
  decidedBy: string;

  @Column('timestamptz', { name: 'decided_at', default: () => 'now()' })
  decidedAt: Date;

  /** The records as they were when the decision was made, each with the device that it was on. */
  @Column('jsonb', { default: () => "'[]'" })
  evidence: readonly Readonly<Record<string, unknown>>[];

  @Column('timestamptz', { name: 'undone_at', nullable: true })
  undoneAt: Date | null;

  @Column('text', { name: 'undone_by', nullable: true })
  undoneBy: string | null;

  @Column('text', { name: 'undo_reason', nullable: true })
  undoReason: string | null;
}

/** A record that a decision names: records with one `machine` number are one machine, with different ones are not. */
@Entity('device_decision_record')
@Index('device_decision_record_index', ['source', 'externalId'])
export class DeviceDecisionRecord {
  @PrimaryColumn('integer', { name: 'decision_id', primaryKeyConstraintName: 'device_decision_record_pkey' })
  decisionId: number;

  @ManyToOne(() => DeviceDecision, { nullable: false })
  @JoinColumn({ name: 'decision_id', foreignKeyConstraintName: 'device_decision_record_decision_fkey' })
  decision: Relation<DeviceDecision>;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_decision_record_pkey' })
  source: string;

  @PrimaryColumn('text', { name: 'external_id', primaryKeyConstraintName: 'device_decision_record_pkey' })
  externalId: string;

  @Column('smallint')
  machine: number;
}
