import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { RequestLine } from './request-line.entity.js';
import { Reservation } from './reservation.entity.js';
import { Device } from '../devices/device.entity.js';

/** What was taken from the shelf for a line: one machine, or some of an accessory. */
@Entity('pick')
@Check('pick_state_check', `state in ('picked', 'dispatched', 'handed_over', 'received', 'put_back', 'returned')`)
@Check('pick_quantity_check', 'quantity between 1 and 50 and (device_id is null or quantity = 1)')
@Check(
  'pick_received_check',
  `(received_how is null) = (received_at is null) and received_how in ('confirmed', 'observed')`,
)
@Check('pick_ended_check', `(state in ('put_back', 'returned')) = (ended_at is not null)`)
@Index('pick_machine_key', { synchronize: false })
@Index('pick_line_index', ['requestLineId'])
@Index('pick_reservation_index', ['reservationId'])
@Index('pick_handed_over_index', { synchronize: false })
@Index('pick_open_index', { synchronize: false })
export class Pick {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'pick_pkey' })
  id: number;

  @Column('integer', { name: 'reservation_id' })
  reservationId: number;

  @ManyToOne(() => Reservation, { nullable: false })
  @JoinColumn({ name: 'reservation_id', foreignKeyConstraintName: 'pick_reservation_fkey' })
  reservation: Relation<Reservation>;

  @Column('integer', { name: 'request_line_id' })
  requestLineId: number;

  @Column('integer', { name: 'product_id' })
  productId: number;

  @Column('integer', { name: 'place_id' })
  placeId: number;

  @Column('integer', { name: 'device_id', nullable: true })
  deviceId: number | null;

  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'pick_device_fkey' })
  device: Relation<Device> | null;

  @Column('integer')
  quantity: number;

  @Column('text', { default: 'picked' })
  state: string;

  @Column('text', { name: 'picked_by' })
  pickedBy: string;

  @Column('timestamptz', { name: 'picked_at', default: () => 'now()' })
  pickedAt: Date;

  @Column('text', { nullable: true })
  tracking: string | null;

  @Column('timestamptz', { name: 'dispatched_at', nullable: true })
  dispatchedAt: Date | null;

  @Column('text', { name: 'handed_over_by', nullable: true })
  handedOverBy: string | null;

  @Column('timestamptz', { name: 'handed_over_at', nullable: true })
  handedOverAt: Date | null;

  @Column('text', { name: 'received_how', nullable: true })
  receivedHow: string | null;

  @Column('timestamptz', { name: 'received_at', nullable: true })
  receivedAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;

  @ManyToOne(() => RequestLine, { nullable: false })
  @JoinColumn([
    { name: 'request_line_id', referencedColumnName: 'id', foreignKeyConstraintName: 'pick_line_fkey' },
    { name: 'product_id', referencedColumnName: 'productId', foreignKeyConstraintName: 'pick_line_fkey' },
  ])
  line: Relation<RequestLine>;
}
