import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import type { Presence } from '../database/presence.js';

/**
 * One physical machine, however many records describe it. The values are the best of its records
 * (`device_record`), kept here so that lists and searches read one row.
 */
@Entity('device')
@Check('device_presence_check', `presence in ('present', 'missing', 'gone')`)
@Index('device_user_index', ['userEntraId'])
@Index('device_last_seen_index', ['lastSeenAt', 'id'])
@Index('device_name_index', { synchronize: false })
@Index('device_serial_number_index', { synchronize: false })
@Index('device_model_index', { synchronize: false })
@Index('device_merged_into_index', { synchronize: false })
export class Device {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'device_pkey' })
  id: number;

  /** `present` while any of its records is. */
  @Column('text', { default: 'present' })
  presence: Presence;

  /** Hostname; a search alias with a history, never a key. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'serial_number', nullable: true })
  serialNumber: string | null;

  @Column('text', { nullable: true })
  manufacturer: string | null;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('text', { name: 'operating_system', nullable: true })
  operatingSystem: string | null;

  @Column('text', { name: 'operating_system_version', nullable: true })
  operatingSystemVersion: string | null;

  /** Object id of the person whom Intune names as the primary user. */
  @Column('text', { name: 'user_entra_id', nullable: true })
  userEntraId: string | null;

  /** `company`, `personal` or `unknown`. */
  @Column('text', { nullable: true })
  ownership: string | null;

  @Column('text', { name: 'compliance_state', nullable: true })
  complianceState: string | null;

  /** Windows 11 readiness: `upgraded`, `capable`, `notCapable` or `unknown`. */
  @Column('text', { name: 'upgrade_eligibility', nullable: true })
  upgradeEligibility: string | null;

  @Column('timestamptz', { name: 'enrolled_at', nullable: true })
  enrolledAt: Date | null;

  /** Latest time at which any source saw the machine. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt: Date | null;

  /** Records that are linked to it; none once it turned out to be another machine. */
  @Column('integer', { name: 'record_count', default: 0 })
  recordCount: number;

  /** The machine that this one turned out to be; null for a machine in its own right. */
  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'merged_into_id', foreignKeyConstraintName: 'device_merged_into_fkey' })
  mergedInto: Relation<Device> | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
