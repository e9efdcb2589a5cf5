import { Column } from 'typeorm';

/** What people change by hand: who did so last and when, and the version by which a change made meanwhile is noticed. */
export abstract class ChangedRecord {
  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
