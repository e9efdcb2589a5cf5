import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  ViewColumn,
  ViewEntity,
  type Relation,
} from 'typeorm';
import { DeviceRecord } from './device-record.entity.js';

/** A hostname that a record once had; a trigger keeps it when the name changes. */
@Entity('device_former_name')
@Index('device_former_name_index', { synchronize: false })
export class DeviceFormerName {
  @PrimaryColumn('integer', { name: 'record_id', primaryKeyConstraintName: 'device_former_name_pkey' })
  recordId: number;

  @ManyToOne(() => DeviceRecord, { nullable: false })
  @JoinColumn({ name: 'record_id', foreignKeyConstraintName: 'device_former_name_record_fkey' })
  record: Relation<DeviceRecord>;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_former_name_pkey' })
  name: string;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt: Date;
}

/** Every hostname that a machine has or had, with its dates. It goes wherever the records go that bore the name. */
@ViewEntity('device_alias', { synchronize: false })
export class DeviceAlias {
  @ViewColumn({ name: 'device_id' })
  deviceId: number;

  @ViewColumn()
  name: string;

  @ViewColumn({ name: 'first_seen_at' })
  firstSeenAt: Date;

  @ViewColumn({ name: 'last_seen_at' })
  lastSeenAt: Date;
}
