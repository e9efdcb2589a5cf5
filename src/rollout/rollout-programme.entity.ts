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
import { Device } from '../devices/device.entity.js';
import { PartOfCouncil } from './part.entity.js';

/** Who and which machines a programme is about. */
export interface ProgrammeScope {
  /** Directorates that take part; empty for all. */
  readonly directorates: readonly string[];
  /** Sites that take part; empty for all. */
  readonly sites: readonly string[];
  /** Employee types that do not take part, such as agency workers, as the directory spells them. */
  readonly exceptEmployeeTypes: readonly string[];
  /** Departments that do not take part. */
  readonly exceptTeams: readonly string[];
  /** Whether people who have no desktop take part too. */
  readonly includePeopleWithoutDesktop: boolean;
}

/** A rollout: who moves from desktops to laptops, from when until when. One runs at a time. */
@Entity('rollout_programme')
@Check('rollout_programme_state_check', `state in ('draft', 'running', 'closed')`)
@Check('rollout_programme_name_check', 'length(name) between 1 and 120')
@Check('rollout_programme_target_check', 'target_on > starts_on')
@Check('rollout_programme_baseline_check', `(state = 'draft') = (baseline_at is null)`)
@Check(
  'rollout_programme_closed_check',
  `state = 'closed' or (closed_at is null and closed_by is null and close_reason is null)`,
)
@Index('rollout_programme_running_key', { synchronize: false })
export class RolloutProgramme {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'rollout_programme_pkey',
  })
  id: number;

  @Column('text')
  name: string;

  @Column('text', { default: 'draft' })
  state: 'draft' | 'running' | 'closed';

  @Column('date', { name: 'starts_on' })
  startsOn: string;

  @Column('date', { name: 'target_on' })
  targetOn: string;

  @Column('jsonb')
  scope: ProgrammeScope;

  /** When the baseline was frozen; null while it is planned. */
  @Column('timestamptz', { name: 'baseline_at', nullable: true })
  baselineAt: Date | null;

  /** Until when the history was taken over from records kept elsewhere; null when it is all our own. */
  @Column('timestamptz', { name: 'backfilled_until', nullable: true })
  backfilledUntil: Date | null;

  /** The step of custody up to which facts have been collected. */
  @Column('bigint', { name: 'last_custody_event_id', default: 0 })
  lastCustodyEventId: string;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('text', { name: 'closed_by', nullable: true })
  closedBy: string | null;

  @Column('text', { name: 'close_reason', nullable: true })
  closeReason: string | null;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}

/** Thresholds and gating rules of a programme; every change is a version of its own. */
@Entity('rollout_settings')
@Check('rollout_settings_version_check', 'version > 0')
export class RolloutSettings {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'rollout_settings_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'rollout_settings_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'rollout_settings_pkey' })
  version: number;

  @Column('jsonb')
  settings: Readonly<Record<string, unknown>>;

  @Column('text')
  reason: string;

  @Column('text')
  actor: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}

/** Somebody who was in scope when the programme began. Never changed. */
@Entity('baseline_person')
export class BaselinePerson extends PartOfCouncil {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'baseline_person_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'baseline_person_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('text', { name: 'person_entra_id', primaryKeyConstraintName: 'baseline_person_pkey' })
  personEntraId: string;

  @Column('text', { name: 'manager_entra_id', nullable: true })
  managerEntraId: string | null;
}

/** A desktop that was in scope when the programme began. Never changed. */
@Entity('baseline_desktop')
@Index('baseline_desktop_device_index', ['device'])
export class BaselineDesktop extends PartOfCouncil {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'baseline_desktop_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'baseline_desktop_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('integer', { name: 'device_id', primaryKeyConstraintName: 'baseline_desktop_pkey' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'baseline_desktop_device_fkey' })
  device: Relation<Device>;

  /** Its first user; null when nobody was known. */
  @Column('text', { name: 'person_entra_id', nullable: true })
  personEntraId: string | null;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('timestamptz', { name: 'enrolled_at', nullable: true })
  enrolledAt: Date | null;
}
