import {
  Check,
  Column,
  Entity,
  Exclusion,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { RolloutProgramme } from '../rollout-programme.entity.js';

/** Days on which nobody can be booked, at one site or everywhere. */
@Entity('slot_closure')
@Check('slot_closure_days_check', 'until_day >= from_day')
@Index('slot_closure_programme_index', ['programme', 'untilDay'])
export class SlotClosure {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'slot_closure_pkey' })
  id: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'slot_closure_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  /** Null for every site. */
  @Column('text', { nullable: true })
  site: string | null;

  @Column('date', { name: 'from_day' })
  fromDay: string;

  /** The last day, which is closed too. */
  @Column('date', { name: 'until_day' })
  untilDay: string;

  @Column('text')
  reason: string;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt: Date | null;
}

/**
 * A time at a site in which an engineer hands over laptops to as many people as it has places. Bookings refer to its
 * capacity and state too, so that the database itself knows no place beyond the capacity and none in a closed slot.
 */
@Entity('slot')
@Unique('slot_place_key', ['id', 'capacity', 'state'])
@Check('slot_times_check', 'ends_at > starts_at')
@Check('slot_cut_off_check', 'cut_off_at <= starts_at')
@Check('slot_capacity_check', 'capacity between 1 and 100')
@Check('slot_state_check', `state in ('open', 'closed')`)
@Check('slot_closure_check', `closure_id is null or state = 'closed'`)
@Exclusion(
  'slot_engineer_exclusion',
  `using gist (engineer_time(row(engineer_entra_id, starts_at)::engineer_instant, row(engineer_entra_id, ends_at)::engineer_instant)
   with &&) where (state = 'open')`,
)
@Index('slot_time_index', ['programme', 'startsAt', 'site'])
export class Slot {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'slot_pkey' })
  id: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'slot_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  /** As the directory spells the office location. */
  @Column('text')
  site: string;

  @Column('text', { name: 'engineer_entra_id' })
  engineerEntraId: string;

  @Column('timestamptz', { name: 'starts_at' })
  startsAt: Date;

  @Column('timestamptz', { name: 'ends_at' })
  endsAt: Date;

  /** Until when people can book it themselves. */
  @Column('timestamptz', { name: 'cut_off_at' })
  cutOffAt: Date;

  /** Places. */
  @Column('integer')
  capacity: number;

  @Column('text', { default: 'open' })
  state: 'open' | 'closed';

  /** What closed it. */
  @ManyToOne(() => SlotClosure, { nullable: true })
  @JoinColumn({ name: 'closure_id', foreignKeyConstraintName: 'slot_closure_fkey' })
  closure: Relation<SlotClosure> | null;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('bigint', { default: () => `nextval('rollout_version_sequence')` })
  version: string;
}
