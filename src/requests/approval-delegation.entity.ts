import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Somebody decides for somebody else for some days. */
@Entity('approval_delegation')
@Check('approval_delegation_other_check', 'from_entra_id <> to_entra_id')
@Check('approval_delegation_days_check', 'until_day between from_day and from_day + 92')
@Index('approval_delegation_to_index', { synchronize: false })
@Index('approval_delegation_from_index', { synchronize: false })
export class ApprovalDelegation {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'approval_delegation_pkey',
  })
  id: number;

  @Column('text', { name: 'from_entra_id' })
  fromEntraId: string;

  @Column('text', { name: 'to_entra_id' })
  toEntraId: string;

  @Column('date', { name: 'from_day' })
  fromDay: string;

  @Column('date', { name: 'until_day' })
  untilDay: string;

  @Column('text')
  reason: string;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
