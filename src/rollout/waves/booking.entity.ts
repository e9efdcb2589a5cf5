import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Device } from '../../devices/device.entity.js';
import type { BookingState } from '../domain/waves/booking-words.js';
import { Move } from '../move.entity.js';
import { Slot } from './slot.entity.js';

/**
 * Somebody's place in a slot, their turn on its waiting list, or a laptop sent to their home. Places are numbered from
 * 1 to the capacity of the slot, and no two that count have the same one: that is the cap.
 */
@Entity('booking')
@Check('booking_state_check', `state in ('booked', 'waiting', 'cancelled', 'missed', 'attended', 'delivered')`)
@Check(
  'booking_kind_check',
  `num_nulls(slot_id, slot_capacity, slot_state) in (0, 3) and (slot_id is null) = (deliver_on is not null)
          and case when slot_id is null then state in ('booked', 'cancelled', 'delivered') else state <> 'delivered' end`,
)
@Check(
  'booking_place_check',
  `(place is not null) = (slot_id is not null and state in ('booked', 'attended'))
          and (place is null or place between 1 and slot_capacity)`,
)
@Check('booking_open_slot_check', `state not in ('booked', 'waiting') or slot_state is null or slot_state = 'open'`)
@Check('booking_laptop_check', 'laptop_id is not null or not laptop_put_aside')
@Check('booking_waiting_check', `state <> 'waiting' or laptop_id is null`)
@Check('booking_ended_check', `(state in ('booked', 'waiting')) = (ended_at is null)`)
@Check('booking_tracking_check', 'tracking is null or slot_id is null')
@Index('booking_place_key', { synchronize: false })
@Index('booking_live_key', { synchronize: false })
@Index('booking_laptop_key', { synchronize: false })
@Index('booking_waiting_index', { synchronize: false })
@Index('booking_slot_index', { synchronize: false })
@Index('booking_move_index', ['move', 'id'])
export class Booking {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'booking_pkey' })
  id: number;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'booking_move_fkey' })
  move: Relation<Move>;

  /** Null for a delivery. */
  @Column('integer', { name: 'slot_id', nullable: true })
  slotId: number | null;

  /** Of the slot; the database keeps it so. */
  @Column('integer', { name: 'slot_capacity', nullable: true })
  slotCapacity: number | null;

  /** Of the slot; the database keeps it so. */
  @Column('text', { name: 'slot_state', nullable: true })
  slotState: string | null;

  @ManyToOne(() => Slot, { nullable: true, onUpdate: 'CASCADE' })
  @JoinColumn([
    { name: 'slot_id', referencedColumnName: 'id', foreignKeyConstraintName: 'booking_slot_fkey' },
    { name: 'slot_capacity', referencedColumnName: 'capacity', foreignKeyConstraintName: 'booking_slot_fkey' },
    { name: 'slot_state', referencedColumnName: 'state', foreignKeyConstraintName: 'booking_slot_fkey' },
  ])
  slot: Relation<Slot> | null;

  /** Number of the place in the slot, from 1; null where no place is taken. */
  @Column('integer', { nullable: true })
  place: number | null;

  /** When a delivery is to arrive at the person's home, the address of which is not stored; null for a slot. */
  @Column('date', { name: 'deliver_on', nullable: true })
  deliverOn: string | null;

  /** The carrier's number of a delivery. */
  @Column('text', { nullable: true })
  tracking: string | null;

  @Column('text')
  state: BookingState;

  /** The laptop that the person is to get; null when they have one. */
  @ManyToOne(() => Device, { nullable: true })
  @JoinColumn({ name: 'laptop_id', foreignKeyConstraintName: 'booking_laptop_fkey' })
  laptop: Relation<Device> | null;

  /** Whether the booking put it aside, and so puts it back when it ends. */
  @Column('boolean', { name: 'laptop_put_aside', default: false })
  laptopPutAside: boolean;

  @Column('text', { name: 'booked_by' })
  bookedBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'ended_by', nullable: true })
  endedBy: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}
