import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { CallRecordRunStatus, CallRecordRunTrigger } from './call-records.types.js';

/** One reading of Teams call records. The one that runs holds the right to, until `leaseUntil`. */
@Entity('call_record_run')
@Check('call_record_run_trigger_check', `trigger in ('schedule', 'command', 'start')`)
@Check('call_record_run_status_check', `status in ('running', 'succeeded', 'failed', 'stopped', 'abandoned')`)
@Check('call_record_run_finished_check', `(status = 'running') = (finished_at is null)`)
@Index('call_record_run_running_key', { synchronize: false })
export class CallRecordRun {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'call_record_run_pkey' })
  id: number;

  @Column('text')
  trigger: CallRecordRunTrigger;

  @Column('text', { name: 'requested_by', nullable: true })
  requestedBy: string | null;

  /** True when records that were known were read again. */
  @Column('boolean', { default: false })
  everything: boolean;

  @Column('text', { default: 'running' })
  status: CallRecordRunStatus;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('timestamptz', { name: 'lease_until' })
  leaseUntil: Date;

  /** Calls that began from here on were asked for. */
  @Column('timestamptz', { name: 'read_from' })
  readFrom: Date;

  /** Calls that began before this have all been asked for. */
  @Column('timestamptz', { name: 'read_until' })
  readUntil: Date;

  @Column('integer', { default: 0 })
  listed: number;

  /** Known in the version that was listed. */
  @Column('integer', { default: 0 })
  unchanged: number;

  @Column('integer', { name: 'taken_over', default: 0 })
  takenOver: number;

  /** Listed, but not to be had yet. */
  @Column('integer', { name: 'not_ready', default: 0 })
  notReady: number;

  /** Set aside because something is wrong with them. */
  @Column('integer', { default: 0 })
  unreadable: number;

  /** Sides of our people that were written. */
  @Column('integer', { default: 0 })
  streams: number;

  @Column('integer', { default: 0 })
  requests: number;

  @Column('integer', { default: 0 })
  retries: number;

  @Column('integer', { name: 'throttled_milliseconds', default: 0 })
  throttledMilliseconds: number;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage: string | null;

  @Column('text', { name: 'error_fix', nullable: true })
  errorFix: string | null;
}
