import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Somebody’s request for equipment, for themselves or for others. What is asked for is in its revisions. */
@Entity('equipment_request')
@Check(
  'equipment_request_state_check',
  `state in ('draft', 'submitted', 'returned', 'rejected', 'approved', 'cancelled', 'closed')`,
)
@Check('equipment_request_revision_check', 'revision between 1 and 1000')
@Check('equipment_request_ended_check', `(state in ('rejected', 'cancelled', 'closed')) = (ended_at is not null)`)
@Index('equipment_request_requester_index', { synchronize: false })
@Index('equipment_request_state_index', { synchronize: false })
export class EquipmentRequest {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'equipment_request_pkey',
  })
  id: number;

  @Column('text', { name: 'requester_entra_id' })
  requesterEntraId: string;

  @Column('text', { default: 'draft' })
  state: string;

  @Column('integer', { default: 1 })
  revision: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('bigint', { default: () => `nextval('equipment_version_sequence')` })
  version: string;
}
