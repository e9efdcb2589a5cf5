import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';
import { CostCentre } from './cost-centre.entity.js';

/** What a cost centre may spend in a financial year, which begins in April. */
@Entity('budget')
@Check('budget_year_check', 'year between 2000 and 2100')
@Check('budget_amount_check', 'amount_pence between 0 and 100000000000')
export class Budget extends ChangedRecord {
  @PrimaryColumn('text', { name: 'cost_centre_code', primaryKeyConstraintName: 'budget_pkey' })
  costCentreCode: string;

  @ManyToOne(() => CostCentre, { nullable: false })
  @JoinColumn({ name: 'cost_centre_code', foreignKeyConstraintName: 'budget_cost_centre_fkey' })
  costCentre: Relation<CostCentre>;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'budget_pkey' })
  year: number;

  @Column('bigint', { name: 'amount_pence' })
  amountPence: string;
}
