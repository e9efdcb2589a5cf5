import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ReadinessOutcome } from '../domain/move-words.js';
import type { ReadinessRule, ReasonCode } from '../domain/readiness/rules.js';
import { Move } from '../move.entity.js';
import { READINESS_LIST } from '../move-lists.js';
import { READINESS_RULE_LIST, ReadinessWaiver } from './readiness-waiver.entity.js';

/** What one rule says of one move, for rules about several things of each. Only the evaluation writes it. */
@Entity('readiness_result')
@Check('readiness_result_rule_check', `rule in ${READINESS_RULE_LIST}`)
@Check('readiness_result_outcome_check', `outcome in ${READINESS_LIST}`)
@Check('readiness_result_blocks_check', `not blocks or (gates and outcome <> 'ready' and waiver_id is null)`)
@Index('readiness_result_blocks_index', { synchronize: false })
@Index('readiness_result_subject_index', { synchronize: false })
@Index('readiness_result_waiver_index', { synchronize: false })
export class ReadinessResult {
  @PrimaryColumn('integer', { name: 'move_id', primaryKeyConstraintName: 'readiness_result_pkey' })
  moveId: number;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'readiness_result_move_fkey' })
  move: Relation<Move>;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'readiness_result_pkey' })
  rule: ReadinessRule;

  /** The site or application that it is about; empty for the other rules. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'readiness_result_pkey' })
  subject: string;

  @Column('text')
  outcome: ReadinessOutcome;

  /** A code of `REASON_WORDS`. */
  @Column('text')
  reason: ReasonCode;

  /** `person:` and an object id, or the name of a role or queue. */
  @Column('text')
  owner: string;

  /** Since when a fact says so, or since when it has come out so. */
  @Column('timestamptz')
  since: Date;

  @Column('jsonb', { default: () => "'{}'" })
  evidence: Readonly<Record<string, unknown>>;

  @Column('boolean')
  gates: boolean;

  @Column('boolean')
  blocks: boolean;

  @ManyToOne(() => ReadinessWaiver, { nullable: true })
  @JoinColumn({ name: 'waiver_id', foreignKeyConstraintName: 'readiness_result_waiver_fkey' })
  waiver: Relation<ReadinessWaiver> | null;
}
