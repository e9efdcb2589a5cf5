import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import { ApprovalStep } from './approval-step.entity.js';

/** What was decided about a step. Never changed or deleted; the database refuses one for oneself. */
@Entity('decision')
@Check('decision_outcome_check', `outcome in ('approved', 'rejected', 'returned')`)
@Check('decision_reason_check', `outcome = 'approved' or coalesce(length(btrim(reason)), 0) > 0`)
@Check('decision_delegation_check', '(on_behalf_of is null) = (delegation_id is null)')
@Index('decision_person_index', { synchronize: false })
export class Decision {
  @PrimaryColumn('integer', { name: 'request_id', primaryKeyConstraintName: 'decision_pkey' })
  requestId: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'decision_pkey' })
  revision: number;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'decision_pkey' })
  step: number;

  @Column('text')
  outcome: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { name: 'decided_by' })
  decidedBy: string;

  @Column('text', { name: 'on_behalf_of', nullable: true })
  onBehalfOf: string | null;

  @Column('integer', { name: 'delegation_id', nullable: true })
  delegationId: number | null;

  @ManyToOne(() => ApprovalDelegation, { nullable: true })
  @JoinColumn({ name: 'delegation_id', foreignKeyConstraintName: 'decision_delegation_fkey' })
  delegation: Relation<ApprovalDelegation> | null;

  @Column('timestamptz', { name: 'decided_at', default: () => 'now()' })
  decidedAt: Date;

  @ManyToOne(() => ApprovalStep, { nullable: false })
  @JoinColumn([
    { name: 'request_id', referencedColumnName: 'requestId', foreignKeyConstraintName: 'decision_step_fkey' },
    { name: 'revision', referencedColumnName: 'revision', foreignKeyConstraintName: 'decision_step_fkey' },
    { name: 'step', referencedColumnName: 'step', foreignKeyConstraintName: 'decision_step_fkey' },
  ])
  ofStep: Relation<ApprovalStep>;
}
