import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { RequestRevision } from './request-revision.entity.js';

/** A decision that a revision needs: of a person, or of whoever works a queue. */
@Entity('approval_step')
@Check('approval_step_number_check', 'step between 1 and 9')
@Check('approval_step_kind_check', `kind in ('line_manager', 'budget_holder', 'it')`)
@Check('approval_step_queue_check', `queue in ('approvals', 'it') and (queue is null) <> (approver_entra_id is null)`)
@Check('approval_step_queue_reason_check', `queue_reason in ('missing', 'absent', 'left', 'conflicted', 'escalated')`)
@Index('approval_step_approver_index', { synchronize: false })
@Index('approval_step_due_index', { synchronize: false })
export class ApprovalStep {
  @PrimaryColumn('integer', { name: 'request_id', primaryKeyConstraintName: 'approval_step_pkey' })
  requestId: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'approval_step_pkey' })
  revision: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'approval_step_pkey' })
  step: number;

  @Column('text')
  kind: string;

  @Column('text', { name: 'approver_entra_id', nullable: true })
  approverEntraId: string | null;

  @Column('text', { nullable: true })
  queue: string | null;

  @Column('text', { name: 'queue_reason', nullable: true })
  queueReason: string | null;

  @Column('timestamptz', { name: 'opened_at', nullable: true })
  openedAt: Date | null;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt: Date | null;

  @Column('timestamptz', { name: 'reminded_at', nullable: true })
  remindedAt: Date | null;

  @Column('timestamptz', { name: 'escalated_at', nullable: true })
  escalatedAt: Date | null;

  @ManyToOne(() => RequestRevision, { nullable: false })
  @JoinColumn([
    { name: 'request_id', referencedColumnName: 'requestId', foreignKeyConstraintName: 'approval_step_revision_fkey' },
    { name: 'revision', referencedColumnName: 'revision', foreignKeyConstraintName: 'approval_step_revision_fkey' },
  ])
  ofRevision: Relation<RequestRevision>;
}
