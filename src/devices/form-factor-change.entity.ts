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
import { Device } from './device.entity.js';
import type { FormFactor, Superclass } from './domain/form-factor/form-factor.js';

/** Why a machine got another class: its records said something new, the catalogue did, or a person did. */
export const CHANGE_CAUSES = ['records', 'catalogue', 'override', 'withdrawal'] as const;
export type ChangeCause = (typeof CHANGE_CAUSES)[number];

/** A machine's class became another one. Never changed afterwards, so that a figure of any past day can be restated. */
@Entity('form_factor_change')
@Check('form_factor_change_cause_check', `cause in ('records', 'catalogue', 'override', 'withdrawal')`)
@Index('form_factor_change_device_index', ['deviceId', 'id'])
@Index('form_factor_change_time_index', ['changedAt'])
export class FormFactorChange {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'form_factor_change_pkey',
  })
  id: string;

  @Column('integer', { name: 'device_id' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'form_factor_change_device_fkey' })
  device: Relation<Device>;

  @Column('text', { name: 'from_form_factor' })
  fromFormFactor: FormFactor;

  @Column('text', { name: 'from_superclass' })
  fromSuperclass: Superclass;

  @Column('text', { name: 'to_form_factor' })
  toFormFactor: FormFactor;

  @Column('text', { name: 'to_superclass' })
  toSuperclass: Superclass;

  /** The rule that decides now. */
  @Column('text')
  rule: string;

  @Column('text')
  cause: ChangeCause;

  /** The person's reason, or the rule's. */
  @Column('text')
  reason: string;

  /** The person whose decision it was; null for what was computed. */
  @Column('text', { name: 'changed_by', nullable: true })
  changedBy: string | null;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}

/** The one row that says under which version of the catalogue every machine was classified last. */
@Entity('form_factor_catalogue')
@Check('form_factor_catalogue_single_check', 'id = 1')
export class FormFactorCatalogueVersion {
  @PrimaryColumn('smallint', { default: 1, primaryKeyConstraintName: 'form_factor_catalogue_pkey' })
  id: number;

  @Column('text')
  version: string;

  @Column('timestamptz', { name: 'applied_at', default: () => 'now()' })
  appliedAt: Date;
}
