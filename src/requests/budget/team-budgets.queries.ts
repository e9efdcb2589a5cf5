import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';

/** The budget that was set for a team in a financial year. */
export interface TeamBudgetView {
  readonly id: number;
  /** A department. */
  readonly team: string;
  /** In which the financial year begins. */
  readonly year: number;
  /** In pence. */
  readonly amount: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

/** Reads the budgets that were set for teams. */
@Injectable()
export class TeamBudgetsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One budget; null when there is none. */
  async one(id: number): Promise<TeamBudgetView | null> {
    const [budget] = await this.dataSource.query<TeamBudgetView[]>(
      `select id, team, year, amount_pence::double precision as amount, changed_by as "changedBy",
         ${utc('changed_at')} as "changedAt", version::text
       from team_budget where id = $1`,
      [id],
    );
    return budget ?? null;
  }

  /** Departments of the people of the directory, each in one spelling. */
  async teams(): Promise<string[]> {
    const rows = await this.dataSource.query<{ team: string }[]>(
      `select min(department) as team from person
       where presence = 'present' and department = btrim(department) and length(department) between 1 and 200
       group by lower(department) order by lower(department) limit 1000`,
    );
    return rows.map(({ team }) => team);
  }
}
