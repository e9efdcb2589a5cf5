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
import type { MoveState, ReadinessOutcome } from './domain/move-words.js';
import { Move } from './move.entity.js';
import { MOVE_STATE_LIST, READINESS_LIST, SCOPE_REASON_LIST, WORK_STYLE_LIST } from './move-lists.js';
import { HistoryStretch } from './part.entity.js';

/**
 * A stretch of time in which nothing about a move changed that a figure counts, in the time in which Untether knew it.
 * What was true on a date is read here. Only its end is ever written later.
 */
@Entity('move_state')
@Unique('move_state_from_key', ['move', 'fromAt'])
@Check('move_state_state_check', `state in ${MOVE_STATE_LIST}`)
@Check('move_state_scope_reason_check', `scope_reason in ${SCOPE_REASON_LIST}`)
@Check('move_state_readiness_check', `readiness in ${READINESS_LIST}`)
@Check('move_state_work_style_check', `work_style in ${WORK_STYLE_LIST}`)
@Check('move_state_until_check', 'until_at > from_at')
@Index('move_state_current_key', { synchronize: false })
@Index('move_state_time_index', ['fromAt', 'untilAt'])
export class MoveStateRow extends HistoryStretch {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'move_state_pkey',
  })
  id: string;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'move_state_move_fkey' })
  move: Relation<Move>;

  @Column('text')
  state: MoveState;

  @Column('text', { nullable: true })
  readiness: ReadinessOutcome | null;

  @Column('boolean', { name: 'at_risk', default: false })
  atRisk: boolean;

  @Column('text', { name: 'manager_entra_id', nullable: true })
  managerEntraId: string | null;

  @Column('integer', { name: 'wave_id', nullable: true })
  waveId: number | null;

  @Column('timestamptz', { name: 'oldest_desktop_at', nullable: true })
  oldestDesktopAt: Date | null;
}
