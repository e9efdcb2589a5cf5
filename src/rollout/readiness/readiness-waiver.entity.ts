import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import type { ReadinessRule } from '../domain/readiness/rules.js';
import { Move } from '../move.entity.js';

/** The rules, as CHECKs list them. */
export const READINESS_RULE_LIST = `('laptop', 'windows-11', 'health', 'licence', 'network-site', 'network-home', 'applications',
  'assistive-technology', 'local-data', 'manager-word', 'training')`;

/** Somebody's decision that a rule does not stop one move, until a day. Ended waivers stay. */
@Entity('readiness_waiver')
@Check('readiness_waiver_rule_check', `rule in ${READINESS_RULE_LIST}`)
@Check('readiness_waiver_reason_check', 'length(reason) between 1 and 2000')
@Check(
  'readiness_waiver_expiry_check',
  `expires_on between granted_at::date and (granted_at + interval '1 year 1 day')::date`,
)
@Check(
  'readiness_waiver_end_check',
  '(ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null)',
)
@Index('readiness_waiver_live_key', { synchronize: false })
@Index('readiness_waiver_expiry_index', { synchronize: false })
export class ReadinessWaiver {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'readiness_waiver_pkey',
  })
  id: number;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'readiness_waiver_move_fkey' })
  move: Relation<Move>;

  @Column('text')
  rule: ReadinessRule;

  @Column('text')
  reason: string;

  /** The last day on which it holds, in the UK. */
  @Column('date', { name: 'expires_on' })
  expiresOn: string;

  @Column('text', { name: 'granted_by' })
  grantedBy: string;

  @Column('timestamptz', { name: 'granted_at', default: () => 'now()' })
  grantedAt: Date;

  /** Null while it holds. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'ended_by', nullable: true })
  endedBy: string | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;
}
