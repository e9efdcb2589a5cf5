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
import { SynchronisedRecord } from '../database/presence.js';
import { Device } from './device.entity.js';

/** The sources that speak of machines. */
export const DEVICE_SOURCES = ['entra-devices', 'managed-devices', 'windows-readiness', 'autopilot'] as const;
export type DeviceSource = (typeof DEVICE_SOURCES)[number];

/** What one source says of one machine. Only the synchronisation writes it, but for the link to the machine. */
@Entity('device_record')
@Unique('device_record_source_external_id_key', ['source', 'externalId'])
@Check('device_record_source_check', `source in ('entra-devices', 'managed-devices', 'windows-readiness', 'autopilot')`)
@Check('device_record_presence_check', `presence in ('present', 'missing', 'gone')`)
@Index('device_record_device_index', ['device'])
@Index('device_record_pending_index', { synchronize: false })
@Index('device_record_entra_device_index', { synchronize: false })
@Index('device_record_managed_device_index', { synchronize: false })
@Index('device_record_autopilot_index', { synchronize: false })
@Index('device_record_serial_key_index', { synchronize: false })
@Index('device_record_absent_index', { synchronize: false })
@Index('device_record_user_index', { synchronize: false })
export class DeviceRecord extends SynchronisedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'device_record_pkey' })
  id: number;

  @Column('text')
  source: DeviceSource;

  /** The record's own id in its source. */
  @Column('text', { name: 'external_id' })
  externalId: string;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'device_record_device_fkey' })
  device: Relation<Device> | null;

  /** Set by the synchronisation when the record is new or says something different; cleared by the resolver. */
  @Column('boolean', { name: 'resolution_pending', default: true })
  resolutionPending: boolean;

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

  /** Entra `deviceId`, which Intune calls `azureADDeviceId`; null for the all-zero one. */
  @Column('text', { name: 'entra_device_id', nullable: true })
  entraDeviceId: string | null;

  /** Intune id, on the record itself or as another source names it. */
  @Column('text', { name: 'managed_device_id', nullable: true })
  managedDeviceId: string | null;

  /** Autopilot (ZTD) id, on the record itself or in the `physicalIds` of an Entra device. */
  @Column('text', { name: 'autopilot_id', nullable: true })
  autopilotId: string | null;

  /** Object id of the user whom this source names. */
  @Column('text', { name: 'user_entra_id', nullable: true })
  userEntraId: string | null;

  @Column('text', { name: 'user_principal_name', nullable: true })
  userPrincipalName: string | null;

  @Column('text', { nullable: true })
  ownership: string | null;

  @Column('text', { name: 'compliance_state', nullable: true })
  complianceState: string | null;

  @Column('text', { name: 'upgrade_eligibility', nullable: true })
  upgradeEligibility: string | null;

  @Column('timestamptz', { name: 'enrolled_at', nullable: true })
  enrolledAt: Date | null;

  /** When this source last saw the machine; may lie in the future when a clock is wrong. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true })
  lastSeenAt: Date | null;

  /** Everything else that the source says, by Graph's own property names. */
  @Column('jsonb', { default: () => "'{}'" })
  attributes: Readonly<Record<string, unknown>>;
}
