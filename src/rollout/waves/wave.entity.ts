import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';
import { RolloutProgramme } from '../rollout-programme.entity.js';

/** People who move in the same weeks. */
@Entity('wave')
@Unique('wave_name_key', ['programme', 'name'])
@Check('wave_name_check', 'length(name) between 1 and 120')
@Check('wave_days_check', 'ends_on >= starts_on')
export class Wave {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'wave_pkey' })
  id: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'wave_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @Column('text')
  name: string;

  @Column('date', { name: 'starts_on' })
  startsOn: string;

  @Column('date', { name: 'ends_on' })
  endsOn: string;

  /** The question that its members answer, see `MoveFilter`; null for members chosen by hand. */
  @Column('jsonb', { nullable: true })
  filter: Readonly<Record<string, unknown>> | null;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}
