import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';

/** Who pays; the code is that of the directory. */
@Entity('cost_centre')
@Unique('cost_centre_id_key', ['id'])
@Check('cost_centre_code_check', 'length(code) between 1 and 50 and code = btrim(code)')
@Check('cost_centre_name_check', 'length(name) between 1 and 200')
export class CostCentre extends ChangedRecord {
  /** Number in addresses; codes may hold any character. */
  @Column('integer', { default: () => `nextval('cost_centre_number_sequence')` })
  id: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'cost_centre_pkey' })
  code: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'budget_holder_entra_id', nullable: true })
  budgetHolderEntraId: string | null;
}
