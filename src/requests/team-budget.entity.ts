import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ChangedRecord } from './changed-record.entity.js';

/** What a team may ask for in a financial year, which begins in April; a team is a department of the directory. */
@Entity('team_budget')
@Check('team_budget_team_check', 'length(team) between 1 and 200 and team = btrim(team)')
@Check('team_budget_year_check', 'year between 2000 and 2100')
@Check('team_budget_amount_check', 'amount_pence between 0 and 100000000000')
@Index('team_budget_team_key', { synchronize: false })
export class TeamBudget extends ChangedRecord {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'team_budget_pkey' })
  id: number;

  @Column('text')
  team: string;

  @Column('integer')
  year: number;

  @Column('bigint', { name: 'amount_pence' })
  amountPence: string;
}
