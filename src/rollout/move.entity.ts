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
import type { MoveDoubt } from './domain/move-doubt.js';
import type { MoveState, ReadinessOutcome, ScopeReason } from './domain/move-words.js';
import { MOVE_STATE_LIST, READINESS_LIST, SCOPE_REASON_LIST, WORK_STYLE_LIST } from './move-lists.js';
import { CountedPart } from './part.entity.js';
import { RolloutProgramme } from './rollout-programme.entity.js';
import { Wave } from './waves/wave.entity.js';

/**
 * One person's move from desktop to laptop, as it follows from the facts (`move_fact`). Only the derivation writes it
 * (`move-derivation.service.ts`), never a command.
 */
@Entity('move')
@Unique('move_person_key', ['programme', 'personEntraId'])
@Check('move_state_check', `state in ${MOVE_STATE_LIST}`)
@Check('move_scope_reason_check', `scope_reason in ${SCOPE_REASON_LIST}`)
@Check('move_readiness_check', `readiness in ${READINESS_LIST}`)
@Check('move_work_style_check', `work_style in ${WORK_STYLE_LIST}`)
@Check('move_at_risk_check', `not at_risk or state = 'scheduled'`)
@Check('move_counts_check', 'desktop_count >= recovered_count and recovered_count >= wiped_count and wiped_count >= 0')
@Index('move_person_index', ['personEntraId'])
@Index('move_state_index', ['programme', 'state', 'id'])
@Index('move_manager_index', ['managerEntraId'])
@Index('move_site_index', ['programme', 'site'])
@Index('move_team_index', ['programme', 'directorate', 'team'])
@Index('move_wave_index', { synchronize: false })
@Index('move_laptop_index', { synchronize: false })
@Index('move_next_check_index', { synchronize: false })
@Index('move_doubt_index', { synchronize: false })
export class Move extends CountedPart {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'move_pkey' })
  id: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'move_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @Column('text', { name: 'person_entra_id' })
  personEntraId: string;

  @Column('text', { default: 'not_started' })
  state: MoveState;

  /** When the fact happened that brought this state. */
  @Column('timestamptz', { name: 'state_since', default: () => 'now()' })
  stateSince: Date;

  /** Why it is in the programme, or why not any more. */
  @Column('text', { name: 'scope_reason', default: 'baseline' })
  scopeReason: ScopeReason;

  /** Null until the rules have been asked. */
  @Column('text', { nullable: true })
  readiness: ReadinessOutcome | null;

  /** Booked, and not ready any more. */
  @Column('boolean', { name: 'at_risk', default: false })
  atRisk: boolean;

  @Column('boolean', { name: 'work_style_confirmed', default: false })
  workStyleConfirmed: boolean;

  @Column('text', { name: 'manager_entra_id', nullable: true })
  managerEntraId: string | null;

  @Column('integer', { name: 'wave_id', nullable: true })
  waveId: number | null;

  @ManyToOne(() => Wave, { nullable: true })
  @JoinColumn({ name: 'wave_id', foreignKeyConstraintName: 'move_wave_fkey' })
  wave: Relation<Wave> | null;

  /** The laptop that the person has. */
  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'laptop_id', foreignKeyConstraintName: 'move_laptop_fkey' })
  laptop: Relation<Device> | null;

  @Column('timestamptz', { name: 'laptop_since', nullable: true })
  laptopSince: Date | null;

  /** Desktops that the person had at any time of the programme and that count. */
  @Column('integer', { name: 'desktop_count', default: 0 })
  desktopCount: number;

  @Column('integer', { name: 'recovered_count', default: 0 })
  recoveredCount: number;

  @Column('integer', { name: 'wiped_count', default: 0 })
  wipedCount: number;

  /** When the oldest of the desktops was enrolled; null when no source says it. */
  @Column('timestamptz', { name: 'oldest_desktop_at', nullable: true })
  oldestDesktopAt: Date | null;

  @Column('integer', { name: 'booking_id', nullable: true })
  bookingId: number | null;

  @Column('timestamptz', { name: 'appointment_at', nullable: true })
  appointmentAt: Date | null;

  /** Appointments that were missed. */
  @Column('integer', { name: 'missed_count', default: 0 })
  missedCount: number;

  @Column('date', { name: 'deferred_until', nullable: true })
  deferredUntil: string | null;

  @Column('jsonb', { default: () => "'[]'" })
  doubts: readonly MoveDoubt[];

  /** When time alone may change the state. */
  @Column('timestamptz', { name: 'next_check_at', nullable: true })
  nextCheckAt: Date | null;

  @Column('timestamptz', { name: 'derived_at', nullable: true })
  derivedAt: Date | null;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}
