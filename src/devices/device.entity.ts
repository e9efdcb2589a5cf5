import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import type { Presence } from '../database/presence.js';
import type { DecidedBy, FormFactorContradiction, FormFactorEvidence } from './domain/form-factor/classification.js';
import type { FormFactor, Superclass } from './domain/form-factor/form-factor.js';

/** The classes of `FormFactor`, as a CHECK lists them. */
export const FORM_FACTOR_LIST = `('desktop', 'all_in_one', 'mini_pc', 'laptop', 'convertible', 'tablet', 'phone',
  'thin_client', 'workstation_fixed', 'workstation_mobile', 'virtual', 'server', 'appliance', 'unknown')`;

/** What spoke for and against the class of a machine, as it is stored. */
export interface StoredFormFactorEvidence {
  readonly reason: string;
  readonly evidence: readonly FormFactorEvidence[];
  readonly contradictions: readonly FormFactorContradiction[];
}

/**
 * One physical machine, however many records describe it. The values are the best of its records
 * (`device_record`), kept here so that lists and searches read one row.
 */
@Entity('device')
@Check('device_presence_check', `presence in ('present', 'missing', 'gone')`)
@Check('device_form_factor_check', `form_factor in ${FORM_FACTOR_LIST}`)
@Check('device_form_factor_superclass_check', `form_factor_superclass in ('portable', 'fixed', 'other', 'unknown')`)
@Check(
  'device_form_factor_decided_by_check',
  `form_factor_decided_by in ('device_override', 'model_override', 'catalogue', 'signal', 'none')`,
)
@Index('device_user_index', ['userEntraId'])
@Index('device_last_seen_index', ['lastSeenAt', 'id'])
@Index('device_name_index', { synchronize: false })
@Index('device_serial_number_index', { synchronize: false })
@Index('device_model_index', { synchronize: false })
@Index('device_merged_into_index', { synchronize: false })
@Index('device_unclassified_index', { synchronize: false })
@Index('device_superclass_index', { synchronize: false })
@Index('device_form_factor_index', { synchronize: false })
@Index('device_model_key_index', { synchronize: false })
@Index('device_contradicted_index', { synchronize: false })
@Index('device_live_user_index', { synchronize: false })
@Index('device_model_name_index', { synchronize: false })
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

  @Column('text', { name: 'form_factor', default: 'unknown' })
  formFactor: FormFactor;

  /** Portable, fixed, other or unknown: what the class means for the rollout. */
  @Column('text', { name: 'form_factor_superclass', default: 'unknown' })
  formFactorSuperclass: Superclass;

  @Column('text', { name: 'form_factor_rule', nullable: true })
  formFactorRule: string | null;

  /** 0 to 1. */
  @Column('double precision', { name: 'form_factor_confidence', default: 0 })
  formFactorConfidence: number;

  @Column('text', { name: 'form_factor_decided_by', default: 'none' })
  formFactorDecidedBy: DecidedBy;

  /** Whether anything points to another side of portable, fixed and other. */
  @Column('boolean', { name: 'form_factor_contradicted', default: false })
  formFactorContradicted: boolean;

  @Column('jsonb', { name: 'form_factor_evidence', nullable: true })
  formFactorEvidence: StoredFormFactorEvidence | null;

  /** When the classification last came out differently; null before the first. */
  @Column('timestamptz', { name: 'form_factor_at', nullable: true })
  formFactorAt: Date | null;

  /** `changed_at` of the summary that was classified; a machine whose summary is another one waits to be classified. */
  @Column('timestamptz', { name: 'form_factor_basis', nullable: true })
  formFactorBasis: Date | null;

  /** Manufacturer as the catalogue knows it, see `FormFactorCatalogue.keyOf`. */
  @Column('text', { name: 'manufacturer_key', nullable: true })
  manufacturerKey: string | null;

  /** Model without case, punctuation and the maker's name; of a Lenovo the machine type. */
  @Column('text', { name: 'model_key', nullable: true })
  modelKey: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
