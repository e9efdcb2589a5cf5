import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Device } from '../devices/device.entity.js';
import { Move } from './move.entity.js';
import { RolloutProgramme } from './rollout-programme.entity.js';

/**
 * Who had which machine when facts were collected last. What is otherwise today becomes a fact; what somebody has
 * retracted meanwhile is not brought up again by the same observation.
 */
@Entity('collected_keeper')
@Check('collected_keeper_source_check', `source in ('custody', 'primary-user')`)
@Index('collected_keeper_move_index', ['move'])
export class CollectedKeeper {
  @PrimaryColumn('integer', { name: 'programme_id', primaryKeyConstraintName: 'collected_keeper_pkey' })
  programmeId: number;

  @ManyToOne(() => RolloutProgramme, { nullable: false })
  @JoinColumn({ name: 'programme_id', foreignKeyConstraintName: 'collected_keeper_programme_fkey' })
  programme: Relation<RolloutProgramme>;

  @PrimaryColumn('integer', { name: 'device_id', primaryKeyConstraintName: 'collected_keeper_pkey' })
  deviceId: number;

  @ManyToOne(() => Device, { nullable: false })
  @JoinColumn({ name: 'device_id', foreignKeyConstraintName: 'collected_keeper_device_fkey' })
  device: Relation<Device>;

  @PrimaryColumn('integer', { name: 'move_id', primaryKeyConstraintName: 'collected_keeper_pkey' })
  moveId: number;

  @ManyToOne(() => Move, { nullable: false })
  @JoinColumn({ name: 'move_id', foreignKeyConstraintName: 'collected_keeper_move_fkey' })
  move: Relation<Move>;

  @Column('text')
  source: 'custody' | 'primary-user';
}
