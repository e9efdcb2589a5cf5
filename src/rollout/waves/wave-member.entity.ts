import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Move } from '../move.entity.js';
import { Wave } from './wave.entity.js';

/** Whose move is in which wave: one wave for each move. `move.wave_id` says the same, for lists and history. */
@Entity('wave_member')
@Check('wave_member_source_check', `source in ('query', 'hand')`)
@Index('wave_member_wave_index', ['wave'])
export class WaveMember {
  @PrimaryColumn('integer', { name: 'move_id', primaryKeyConstraintName: 'wave_member_pkey' })
  moveId: number;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'wave_member_move_fkey' })
  move: Relation<Move>;

  @ManyToOne(() => Wave, { nullable: false })
  @JoinColumn({ name: 'wave_id', foreignKeyConstraintName: 'wave_member_wave_fkey' })
  wave: Relation<Wave>;

  /** Whether the wave's query found it or somebody chose it. */
  @Column('text')
  source: 'query' | 'hand';

  @Column('text', { name: 'added_by' })
  addedBy: string;

  @Column('timestamptz', { name: 'added_at', default: () => 'now()' })
  addedAt: Date;
}
