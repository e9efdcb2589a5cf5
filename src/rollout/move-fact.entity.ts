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
import { Device } from '../devices/device.entity.js';
import type { MoveFactKind } from './domain/move-fact.js';
import { MOVE_FACT_KIND_LIST } from './move-lists.js';
import { Move } from './move.entity.js';
import { RolloutProgramme } from './rollout-programme.entity.js';

/** One fact about a move or a desktop, see `MoveFact`. Never changed or deleted. */
@Entity('move_fact')
@Unique('move_fact_key_key', ['programme', 'key'])
@Check('move_fact_kind_check', `kind in ${MOVE_FACT_KIND_LIST}`)
@Check('move_fact_about_check', 'move_id is not null or device_id is not null')
@Index('move_fact_move_index', { synchronize: false })
@Index('move_fact_device_index', { synchronize: false })
@Index('move_fact_recorded_index', ['programme', 'recordedAt'])
@Index('move_fact_kind_index', ['programme', 'kind', 'move', 'device'])
export class MoveFactRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'move_fact_pkey',
  })
  id: string;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'move_fact_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @ManyToOne(() => Move, { nullable: true })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'move_fact_move_fkey' })
  move: Relation<Move> | null;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'move_fact_device_fkey' })
  device: Relation<Device> | null;

  @Column('text')
  kind: MoveFactKind;

  /** When it was so. */
  @Column('timestamptz')
  at: Date;

  /** When Untether learned it. */
  @Column('timestamptz', { name: 'recorded_at', default: () => 'now()' })
  recordedAt: Date;

  @Column('jsonb', { default: () => "'{}'" })
  details: Readonly<Record<string, unknown>>;

  /** What it was read from; the same is never recorded twice. */
  @Column('text')
  key: string;

  @Column('text')
  actor: string;
}

/** What somebody answered about a move; the latest answer to a question counts. Never changed or deleted. */
@Entity('move_answer')
@Check(
  'move_answer_question_check',
  `question in
          ('devices', 'usual-sites', 'applications', 'assistive-technology', 'local-data', 'training', 'manager-word')`,
)
@Index('move_answer_move_index', { synchronize: false })
export class MoveAnswer {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'move_answer_pkey',
  })
  id: string;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'move_answer_move_fkey' })
  move: Relation<Move>;

  @Column('text')
  question: string;

  @Column('text')
  answer: string;

  @Column('jsonb', { default: () => "'{}'" })
  details: Readonly<Record<string, unknown>>;

  @Column('text')
  actor: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
