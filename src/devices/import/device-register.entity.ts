import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Device } from '../device.entity.js';
import { RegisterImport } from './register-import.entity.js';

/**
 * What people know of one machine and Microsoft does not: purchase, warranty, tag, place. No synchronisation writes it, and
 * it never writes what a synchronisation says. Whoever changes an entry gives it `nextval` of the version's sequence.
 */
@Entity('device_register')
@Check('device_register_price_check', 'price_pence >= 0')
@Check('device_register_currency_check', `currency = 'GBP'`)
@Check('device_register_identity_check', 'asset_tag_key is not null or serial_key is not null')
@Index('device_register_device_key', { synchronize: false })
@Index('device_register_asset_tag_key', { synchronize: false })
@Index('device_register_serial_key', { synchronize: false })
@Index('device_register_holder_index', { synchronize: false })
@Index('device_register_import_index', ['import'])
export class DeviceRegister {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'device_register_pkey',
  })
  id: number;

  /** The machine; null until one is known that fits. */
  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'device_register_device_fkey' })
  device: Relation<Device> | null;

  /** The device that the entry was linked to before that turned out to be another one; null while it is its own. */
  @Column('integer', { name: 'linked_for', nullable: true })
  linkedForId: number | null;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'linked_for', foreignKeyConstraintName: 'device_register_linked_for_fkey' })
  linkedFor: Relation<Device> | null;

  @Column('text', { name: 'asset_tag', nullable: true })
  assetTag: string | null;

  /** The tag in upper case, by which tags are compared. */
  @Column('text', { name: 'asset_tag_key', nullable: true })
  assetTagKey: string | null;

  @Column('text', { name: 'serial_number', nullable: true })
  serialNumber: string | null;

  /** The form in which serial numbers are compared; null for a placeholder. */
  @Column('text', { name: 'serial_key', nullable: true })
  serialKey: string | null;

  @Column('text', { nullable: true })
  manufacturer: string | null;

  @Column('text', { name: 'manufacturer_key', nullable: true })
  manufacturerKey: string | null;

  @Column('text', { nullable: true })
  model: string | null;

  /** Hostname as somebody noted it; never a key. */
  @Column('text', { nullable: true })
  hostname: string | null;

  @Column('date', { name: 'purchased_on', nullable: true })
  purchasedOn: string | null;

  @Column('integer', { name: 'price_pence', nullable: true })
  pricePence: number | null;

  @Column('text', { default: 'GBP' })
  currency: string;

  @Column('text', { nullable: true })
  supplier: string | null;

  @Column('text', { name: 'purchase_order', nullable: true })
  purchaseOrder: string | null;

  @Column('date', { name: 'warranty_ends_on', nullable: true })
  warrantyEndsOn: string | null;

  @Column('text', { nullable: true })
  location: string | null;

  /** Whom the file names; a note, not custody. */
  @Column('text', { name: 'holder_note', nullable: true })
  holderNote: string | null;

  /** Object id of the one present person with that user principal name or e-mail address. */
  @Column('text', { name: 'holder_entra_id', nullable: true })
  holderEntraId: string | null;

  @Column('text', { name: 'register_status', nullable: true })
  registerStatus: string | null;

  @Column('text', { nullable: true })
  notes: string | null;

  /** The import that last changed the entry. */
  @ManyToOne(() => RegisterImport, { nullable: true })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'device_register_import_fkey' })
  import: Relation<RegisterImport> | null;

  @Column('bigint', { default: () => `nextval('device_register_version_sequence')` })
  version: string;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;
}
