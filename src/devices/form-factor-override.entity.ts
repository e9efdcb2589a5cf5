import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Device, FORM_FACTOR_LIST } from './device.entity.js';
import type { FormFactor } from './domain/form-factor/form-factor.js';

const WITHDRAWAL =
  '(withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null)';

/** A person's decision what a machine is, with who, why and when; a withdrawn one stays as history. */
abstract class Override {
  @Column('text', { name: 'form_factor' })
  formFactor: FormFactor;

  @Column('text')
  reason: string;

  @Column('text', { name: 'decided_by' })
  decidedBy: string;

  @Column('timestamptz', { name: 'decided_at', default: () => 'now()' })
  decidedAt: Date;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt: Date | null;

  @Column('text', { name: 'withdrawn_by', nullable: true })
  withdrawnBy: string | null;

  @Column('text', { name: 'withdrawal_reason', nullable: true })
  withdrawalReason: string | null;
}

/** A decision about every machine of a model; one holds at a time. */
@Entity('model_override')
@Check('model_override_form_factor_check', `form_factor in ${FORM_FACTOR_LIST}`)
@Check('model_override_withdrawal_check', WITHDRAWAL)
@Index('model_override_live_key', { synchronize: false })
export class ModelOverride extends Override {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'model_override_pkey' })
  id: number;

  /** See `FormFactorCatalogue.keyOf`. */
  @Column('text', { name: 'manufacturer_key' })
  manufacturerKey: string;

  @Column('text', { name: 'model_key' })
  modelKey: string;

  /** As the person wrote it. */
  @Column('text')
  manufacturer: string;

  @Column('text')
  model: string;
}

/** A decision about one machine; one holds at a time. */
@Entity('device_form_factor_override')
@Check('device_form_factor_override_form_factor_check', `form_factor in ${FORM_FACTOR_LIST}`)
@Check('device_form_factor_override_withdrawal_check', WITHDRAWAL)
@Index('device_form_factor_override_live_key', { synchronize: false })
export class DeviceFormFactorOverride extends Override {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'device_form_factor_override_pkey',
  })
  id: number;

  @Column('integer', { name: 'device_id' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'device_form_factor_override_device_fkey' })
  device: Relation<Device>;
}
