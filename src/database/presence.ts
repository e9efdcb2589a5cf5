import { Column } from 'typeorm';

/** Whether a source still shows a record: absent from two complete reads is missing, for 30 days more is gone. */
export const PRESENCES = ['present', 'missing', 'gone'] as const;
export type Presence = (typeof PRESENCES)[number];

/** Columns of every synchronised record that say when a source first and last spoke of it differently. */
export abstract class SynchronisedRecord {
  @Column('text', { default: 'present' })
  presence: Presence;

  /** Since when no complete read has shown the record; null while it is shown. */
  @Column('timestamptz', { name: 'absent_since', nullable: true })
  absentSince: Date | null;

  /** Complete reads in a row that did not show the record. */
  @Column('smallint', { name: 'absent_reads', default: 0 })
  absentReads: number;

  @Column('timestamptz', { name: 'first_seen_at', default: () => 'now()' })
  firstSeenAt: Date;

  @Column('bigint', { name: 'first_seen_run_id', nullable: true })
  firstSeenRunId: string | null;

  /** When a value of the record last changed; an unchanged record is confirmed by every later run of its source. */
  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { name: 'changed_run_id', nullable: true })
  changedRunId: string | null;
}
