import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import { budgetFigures, type Amounts, type BudgetFigures } from '../domain/budget-standing.js';
import { financialYear } from '../domain/financial-year.js';
import { budgetAmounts, submittedWithin, SUMMED } from './budget-amounts.sql.js';

/** A cost centre with its budget of a financial year, in pence. */
export interface CostCentreView extends BudgetFigures {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  /** Who decides about its money; null when nobody is named. */
  readonly budgetHolder: {
    readonly entraId: string;
    readonly personId: number | null;
    readonly displayName: string | null;
  } | null;
  /** In which the financial year begins. */
  readonly year: number;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly version: string;
}

export interface CostCentreFilter {
  /** In which the financial year begins. */
  readonly year: number;
  /** Beginning of the code or the name. */
  readonly search?: string | undefined;
}

interface StoredCostCentre extends Omit<CostCentreView, keyof BudgetFigures> {
  readonly amount: number | null;
  readonly amounts: Amounts;
}

/** Reads cost centres and how their budgets stand. */
@Injectable()
export class CostCentresQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the cost centres that match, by code. */
  async page({ year, search }: CostCentreFilter, request: PageRequest): Promise<Page<CostCentreView>> {
    const conditions = new SqlConditions().addGiven(
      search === undefined ? undefined : beginningWith(search),
      (value) => `lower(cost_centre.code) like lower(${value}) or lower(cost_centre.name) like lower(${value})`,
    );
    const page = await keysetPage<StoredCostCentre>(
      this.dataSource,
      { table: 'cost_centre', conditions, item: itemOf(conditions, year), sources: [] },
      { name: 'code', by: { expression: 'lower(cost_centre.code)', type: 'text' } },
      request,
    );
    return { ...page, items: page.items.map(viewOf) };
  }

  /** One cost centre; null when there is none. @param year of the budget */
  async one(id: number, year: number): Promise<CostCentreView | null> {
    const conditions = new SqlConditions().add(id, (value) => `cost_centre.id = ${value}`);
    const [row] = await this.dataSource.query<{ item: StoredCostCentre }[]>(
      `select ${itemOf(conditions, year)} as item from cost_centre where ${conditions.toSql()}`,
      conditions.parameters,
    );
    return row ? viewOf(row.item) : null;
  }

  /** The budgets of a cost centre, the latest year first; amounts in pence. */
  budgets(
    id: number,
  ): Promise<
    { readonly year: number; readonly amount: number; readonly changedBy: string; readonly changedAt: string }[]
  > {
    return this.dataSource.query(
      `select budget.year, budget.amount_pence::double precision as amount, budget.changed_by as "changedBy",
         ${utc('budget.changed_at')} as "changedAt"
       from budget join cost_centre on cost_centre.code = budget.cost_centre_code where cost_centre.id = $1
       order by budget.year desc`,
      [id],
    );
  }

  /** Codes that people of the directory have and that are not entered, those of the most people first. */
  notEntered(): Promise<{ readonly code: string; readonly people: number }[]> {
    return this.dataSource.query(
      `select btrim(person.cost_centre) as code, count(*)::integer as people from person
       where person.presence = 'present' and length(btrim(person.cost_centre)) between 1 and 50
         and not exists (select from cost_centre where cost_centre.code = btrim(person.cost_centre))
       group by 1 order by 2 desc, 1 limit 50`,
    );
  }
}

function itemOf(conditions: SqlConditions, year: number): string {
  const { firstDay, lastDay } = financialYear(year);
  const within = submittedWithin(conditions.parameter(firstDay), conditions.parameter(lastDay));
  const ofYear = conditions.parameter(year);
  return `json_build_object('id', cost_centre.id, 'code', cost_centre.code, 'name', cost_centre.name,
    'budgetHolder', case when cost_centre.budget_holder_entra_id is not null then (
      select json_build_object('entraId', cost_centre.budget_holder_entra_id, 'personId', min(person.id),
        'displayName', min(person.display_name))
      from person where person.entra_id = cost_centre.budget_holder_entra_id) end,
    'year', ${ofYear}::integer,
    'amount', (select amount_pence from budget where cost_centre_code = cost_centre.code and year = ${ofYear}::integer),
    'amounts', (select ${SUMMED} from ${budgetAmounts(`revision.cost_centre_code = cost_centre.code and ${within}`)} as amounts),
    'changedBy', cost_centre.changed_by, 'changedAt', ${utc('cost_centre.changed_at')},
    'version', cost_centre.version::text)`;
}

function viewOf({ amount, amounts, ...centre }: StoredCostCentre): CostCentreView {
  return { ...centre, ...budgetFigures(amount, amounts) };
}
