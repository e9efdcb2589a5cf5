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
import type { ReadinessOutcome } from '../domain/move-words.js';
import { READINESS_LIST } from '../move-lists.js';
import { RolloutProgramme } from '../rollout-programme.entity.js';

/** An application that not everybody has, and whether it works on the laptops. */
@Entity('rollout_application')
@Check('rollout_application_state_check', `state in ${READINESS_LIST}`)
@Check('rollout_application_name_check', 'length(name) between 1 and 120')
@Index('rollout_application_name_key', { synchronize: false })
export class RolloutApplication {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'rollout_application_pkey',
  })
  id: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'rollout_application_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @Column('text')
  name: string;

  @Column('text', { default: 'unknown' })
  state: ReadinessOutcome;

  /** The role or queue that makes it work; null for the one of the settings. */
  @Column('text', { nullable: true })
  owner: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  /** Since when it is in this state. */
  @Column('timestamptz', { default: () => 'now()' })
  since: Date;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}

/** Up to when changes of what the rules look at have been taken in. */
@Entity('readiness_watermark')
export class ReadinessWatermark {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'readiness_watermark_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'readiness_watermark_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @Column('timestamptz', { name: 'changed_until' })
  changedUntil: Date;

  @Column('integer', { name: 'settings_version' })
  settingsVersion: number;
}
