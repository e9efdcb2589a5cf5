import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Details } from './canonical-form.js';

/**
 * One entry of the trail. Triggers refuse every change and removal; only `appendToAudit` writes here.
 * The hash covers all other columns and the hash of the entry before, see docs/audit.md.
 */
@Entity('audit_event')
@Check('audit_event_id_check', 'id > 0')
@Check('audit_event_hash_check', 'octet_length(hash) = 32 and octet_length(previous_hash) = 32')
@Check('audit_event_subject_check', '(subject_kind is null) = (subject_id is null)')
@Index('audit_event_at_index', ['at', 'id'])
@Index('audit_event_event_index', ['event', 'id'])
@Index('audit_event_actor_index', ['actor', 'id'])
@Index('audit_event_subject_index', ['subjectKind', 'subjectId', 'id'])
@Index('audit_event_actor_kind_index', { synchronize: false })
export class AuditEvent {
  /** Place in the chain: 1, 2, 3 … without gaps. The driver reads a bigint as text. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'audit_event_pkey' })
  id: string;

  /** Number of the canonical form that the hash was taken of. */
  @Column('smallint')
  form: number;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  @Column('text')
  event: string;

  @Column('text')
  actor: string;

  @Column('text', { name: 'subject_kind', nullable: true })
  subjectKind: string | null;

  @Column('text', { name: 'subject_id', nullable: true })
  subjectId: string | null;

  @Column('jsonb')
  details: Details;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('bytea', { name: 'previous_hash' })
  previousHash: Buffer;

  @Column('bytea')
  hash: Buffer;
}
