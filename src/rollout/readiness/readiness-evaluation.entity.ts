import { Check, Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ReadinessOutcome } from '../domain/move-words.js';
import { Move } from '../move.entity.js';
import { READINESS_LIST } from '../move-lists.js';

/** What came out for a move as a whole when its rules were last asked, and its place in the queue for laptops. */
@Entity('readiness_evaluation')
@Check('readiness_evaluation_outcome_check', `outcome in ${READINESS_LIST}`)
@Check('readiness_evaluation_reach_check', 'waits_for_laptop or not stock_in_reach')
@Index('readiness_evaluation_queue_index', { synchronize: false })
export class ReadinessEvaluation {
  @PrimaryColumn('integer', { name: 'move_id', primaryKeyConstraintName: 'readiness_evaluation_pkey' })
  moveId: number;

  @OneToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'readiness_evaluation_move_fkey' })
  move: Relation<Move>;

  /** Null until the rules have been asked. */
  @Column('text', { nullable: true })
  outcome: ReadinessOutcome | null;

  /** How often the outcome has changed; part of the keys of its facts. */
  @Column('integer', { default: 0 })
  turns: number;

  /** Of all results; while it stays the same nothing is written. */
  @Column('bytea', { nullable: true })
  digest: Buffer | null;

  /** No laptop is named for the person, and they cannot move without. */
  @Column('boolean', { name: 'waits_for_laptop', default: false })
  waitsForLaptop: boolean;

  /** Nothing but the laptop stands in the way. */
  @Column('boolean', { name: 'otherwise_ready', default: false })
  otherwiseReady: boolean;

  /** Free stock reaches to this place in the queue. */
  @Column('boolean', { name: 'stock_in_reach', default: false })
  stockInReach: boolean;
}
