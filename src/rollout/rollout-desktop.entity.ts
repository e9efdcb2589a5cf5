import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { Device } from '../devices/device.entity.js';
import type { DesktopState, ScopeReason } from './domain/move-words.js';
import { DESKTOP_STATE_LIST, SCOPE_REASON_LIST, WORK_STYLE_LIST } from './move-lists.js';
import { CountedPart, HistoryStretch } from './part.entity.js';
import { RolloutProgramme } from './rollout-programme.entity.js';

/**
 * A desktop that a programme is to recover, as it follows from the facts. It belongs where its first user belongs. Only the
 * derivation writes it.
 */
@Entity('rollout_desktop')
@Check('rollout_desktop_state_check', `state in ${DESKTOP_STATE_LIST}`)
@Check('rollout_desktop_scope_reason_check', `scope_reason in ${SCOPE_REASON_LIST}`)
@Check('rollout_desktop_work_style_check', `work_style in ${WORK_STYLE_LIST}`)
@Index('rollout_desktop_device_index', ['device'])
@Index('rollout_desktop_state_index', ['programmeId', 'state', 'deviceId'])
export class RolloutDesktop extends CountedPart {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'rollout_desktop_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'rollout_desktop_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('integer', { name: 'device_id', primaryKeyConstraintName: 'rollout_desktop_pkey' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'rollout_desktop_device_fkey' })
  device: Relation<Device>;

  /** Whether it was there when the programme began. */
  @Column('boolean')
  baseline: boolean;

  @Column('text', { default: 'in_use' })
  state: DesktopState;

  @Column('timestamptz', { name: 'state_since', default: () => 'now()' })
  stateSince: Date;

  @Column('text', { name: 'scope_reason', default: 'baseline' })
  scopeReason: ScopeReason;

  /** People who still use it; it is to be returned when the last of them has moved. */
  @Column('integer', { name: 'user_count', default: 0 })
  userCount: number;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('timestamptz', { name: 'enrolled_at', nullable: true })
  enrolledAt: Date | null;

  /** What proves the wipe. */
  @Column('text', { nullable: true })
  evidence: string | null;

  @Column('timestamptz', { name: 'seen_after_recovery_at', nullable: true })
  seenAfterRecoveryAt: Date | null;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}

/** A stretch of time in which a desktop stood the same, in the time in which Untether knew it; see `MoveStateRow`. */
@Entity('rollout_desktop_state')
@Unique('rollout_desktop_state_from_key', ['programmeId', 'deviceId', 'fromAt'])
@Check('rollout_desktop_state_state_check', `state in ${DESKTOP_STATE_LIST}`)
@Check('rollout_desktop_state_scope_reason_check', `scope_reason in ${SCOPE_REASON_LIST}`)
@Check('rollout_desktop_state_work_style_check', `work_style in ${WORK_STYLE_LIST}`)
@Check('rollout_desktop_state_until_check', 'until_at > from_at')
@Index('rollout_desktop_state_current_key', { synchronize: false })
@Index('rollout_desktop_state_time_index', ['fromAt', 'untilAt'])
export class RolloutDesktopState extends HistoryStretch {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'rollout_desktop_state_pkey',
  })
  id: string;

  @Column('integer', { name: 'programme_id' })
  programmeId: number;

  @Column('integer', { name: 'device_id' })
  deviceId: number;

  @ManyToOne(() => RolloutDesktop, { nullable: false })
  @JoinColumn([
    {
      name: 'programme_id',
      referencedColumnName: 'programmeId',
      foreignKeyConstraintName: 'rollout_desktop_state_desktop_fkey',
    },
    {
      name: 'device_id',
      referencedColumnName: 'deviceId',
      foreignKeyConstraintName: 'rollout_desktop_state_desktop_fkey',
    },
  ])
  desktop: Relation<RolloutDesktop>;

  @Column('text')
  state: DesktopState;

  @Column('timestamptz', { name: 'enrolled_at', nullable: true })
  enrolledAt: Date | null;
}
