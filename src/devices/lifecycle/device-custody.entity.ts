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
import { Device } from '../device.entity.js';
import type { CustodyState, Substate } from '../domain/lifecycle/standing.js';

/**
 * Where a machine stands in our hands and who has it. Only commands of people write here, never a synchronisation; a
 * machine without a row has no custody recorded. A machine has one row that counts; others were set aside when two
 * machines turned out to be one, see `custody-moves.service.ts`. Whoever changes a row gives it `nextval` of the
 * version's sequence.
 */
@Entity('device_custody')
@Check(
  'device_custody_state_check',
  `state in ('on_order', 'in_stock', 'allocated', 'in_use', 'return_due', 'recovered', 'wiped', 'awaiting_disposal',
  'disposed', 'missing', 'stolen', 'written_off')`,
)
@Check(
  'device_custody_substate_check',
  `case when state = 'in_stock' then substate is not null and substate in ('available', 'held', 'quarantined', 'repair')
        when state in ('in_use', 'return_due') then substate is null or substate = 'shared'
        else substate is null end`,
)
@Check(
  'device_custody_holder_check',
  `(holder_entra_id is not null)
     = (state in ('allocated', 'in_use', 'return_due') and substate is distinct from 'shared')`,
)
@Check('device_custody_shared_check', `substate is distinct from 'shared' or place is not null`)
@Check('device_custody_contested_check', 'not contested or set_aside_at is not null')
@Index('device_custody_live_key', { synchronize: false })
@Index('device_custody_device_index', ['device'])
@Index('device_custody_recorded_for_index', ['recordedFor'])
@Index('device_custody_holder_index', { synchronize: false })
@Index('device_custody_state_index', { synchronize: false })
@Index('device_custody_contested_index', { synchronize: false })
export class DeviceCustody {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'device_custody_pkey' })
  id: number;

  /** The machine, whatever it was called when custody began. */
  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'device_custody_device_fkey' })
  device: Relation<Device>;

  /** The device for which custody was recorded; a machine that comes back out of another takes its own custody along. */
  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'recorded_for', foreignKeyConstraintName: 'device_custody_recorded_for_fkey' })
  recordedFor: Relation<Device>;

  @Column('text')
  state: CustodyState;

  @Column('text', { nullable: true })
  substate: Substate | null;

  /** Object id of the person who has it, or for whom it is put aside; only in the states that have somebody. */
  @Column('text', { name: 'holder_entra_id', nullable: true })
  holderEntraId: string | null;

  @Column('text', { nullable: true })
  place: string | null;

  @Column('bigint', { default: () => `nextval('device_custody_version_sequence')` })
  version: string;

  /** When it came into this state or to this holder. */
  @Column('timestamptz', { default: () => 'now()' })
  since: Date;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  /** When another row came to count for the machine; null for the one that counts. */
  @Column('timestamptz', { name: 'set_aside_at', nullable: true })
  setAsideAt: Date | null;

  /** Set aside, contradicting the row that counts, and nobody has said yet which is right. */
  @Column('boolean', { default: false })
  contested: boolean;
}

/** A machine that was received before any source knew it; it joins the machine that enrols with its serial number. */
@Entity('boxed_device')
@Index('boxed_device_serial_index', ['serialKey'])
export class BoxedDevice {
  @PrimaryColumn('integer', { name: 'device_id', primaryKeyConstraintName: 'boxed_device_pkey' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'boxed_device_device_fkey' })
  device: Relation<Device>;

  /** See `realSerial`. */
  @Column('text', { name: 'serial_key' })
  serialKey: string;

  /** See `manufacturerKey`. */
  @Column('text', { name: 'manufacturer_key', nullable: true })
  manufacturerKey: string | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt: Date;
}
