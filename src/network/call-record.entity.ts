import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The latest version of a Teams call record that was taken over, for as long as Graph may still change it. */
@Entity('call_record')
@Index('call_record_started_index', ['startedAt'])
export class CallRecord {
  @PrimaryColumn('uuid', { name: 'call_id', primaryKeyConstraintName: 'call_record_pkey' })
  callId: string;

  @Column('bigint')
  version: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'read_at', default: () => 'now()' })
  readAt: Date;
}
