import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { CostCentre } from './cost-centre.entity.js';
import { EquipmentRequest } from './equipment-request.entity.js';

/** A version of what a request asks for. Frozen once it was submitted, so that what is decided about does not change. */
@Entity('request_revision')
@Check('request_revision_delivery_check', `delivery in ('site', 'home')`)
@Check('request_revision_site_check', `delivery <> 'site' or submitted_at is null or site is not null`)
@Check('request_revision_total_check', 'total_pence >= 0')
@Index('request_revision_cost_centre_index', { synchronize: false })
@Index('request_revision_submitted_index', { synchronize: false })
export class RequestRevision {
  @PrimaryColumn('integer', { name: 'request_id', primaryKeyConstraintName: 'request_revision_pkey' })
  requestId: number;

  @ManyToOne(() => EquipmentRequest, { nullable: false })
  @JoinColumn({ name: 'request_id', foreignKeyConstraintName: 'request_revision_request_fkey' })
  request: Relation<EquipmentRequest>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'request_revision_pkey' })
  revision: number;

  @Column('date', { name: 'needed_by', nullable: true })
  neededBy: string | null;

  @Column('text')
  delivery: string;

  @Column('text', { nullable: true })
  site: string | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { name: 'cost_centre_code', nullable: true })
  costCentreCode: string | null;

  @ManyToOne(() => CostCentre, { nullable: true })
  @JoinColumn({ name: 'cost_centre_code', foreignKeyConstraintName: 'request_revision_cost_centre_fkey' })
  costCentre: Relation<CostCentre> | null;

  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  submittedAt: Date | null;

  @Column('bigint', { name: 'total_pence', default: '0' })
  totalPence: string;
}
