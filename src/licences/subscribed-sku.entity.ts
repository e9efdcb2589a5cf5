import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { SynchronisedRecord } from '../database/presence.js';

/** A product that the tenant subscribes to. One that vanishes is kept as ended. */
@Entity('subscribed_sku')
@Unique('subscribed_sku_sku_id_key', ['skuId'])
@Check('subscribed_sku_presence_check', `presence in ('present', 'missing', 'gone')`)
export class SubscribedSku extends SynchronisedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'subscribed_sku_pkey' })
  id: number;

  @Column('text', { name: 'sku_id' })
  skuId: string;

  @Column('text', { name: 'sku_part_number', nullable: true })
  skuPartNumber: string | null;

  @Column('text', { name: 'capability_status', nullable: true })
  capabilityStatus: string | null;

  @Column('text', { name: 'applies_to', nullable: true })
  appliesTo: string | null;

  /** Units in use; may exceed the units bought, which is a real state. */
  @Column('integer', { name: 'consumed_units', nullable: true })
  consumedUnits: number | null;

  @Column('integer', { name: 'enabled_units', nullable: true })
  enabledUnits: number | null;

  @Column('integer', { name: 'suspended_units', nullable: true })
  suspendedUnits: number | null;

  @Column('integer', { name: 'warning_units', nullable: true })
  warningUnits: number | null;

  @Column('integer', { name: 'locked_out_units', nullable: true })
  lockedOutUnits: number | null;

  @Column('jsonb', { name: 'service_plans', default: () => "'[]'" })
  servicePlans: readonly { readonly id: string; readonly name: string | null; readonly status: string | null }[];
}
