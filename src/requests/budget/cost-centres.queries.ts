import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import { budgetFigures, type BudgetFigures } from '../domain/budget-standing.js';
import { standingsOf } from './budget.queries.js';

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

type StoredCostCentre = Omit<CostCentreView, keyof BudgetFigures | 'year'>;

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
      { table: 'cost_centre', conditions, item: ITEM, sources: [] },
      { name: 'code', by: { expression: 'lower(cost_centre.code)', type: 'text' } },
      request,
    );
    return { ...page, items: await this.#withFigures(page.items, year) };
  }

  /** One cost centre; null when there is none. @param year of the budget */
  async one(id: number, year: number): Promise<CostCentreView | null> {
    const rows = await this.dataSource.query<{ item: StoredCostCentre }[]>(
      `select ${ITEM} as item from cost_centre where cost_centre.id = $1`,
      [id],
    );
    const [centre] = await this.#withFigures(
      rows.map(({ item }) => item),
      year,
    );
    return centre ?? null;
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

  async #withFigures(centres: readonly StoredCostCentre[], year: number): Promise<CostCentreView[]> {
    const standings = await standingsOf(
      this.dataSource,
      centres.map(({ code }) => code),
      year,
    );
    return centres.map((centre) => ({ ...centre, year, ...(standings.get(centre.code) ?? NO_FIGURES) }));
  }
}

const NO_FIGURES = budgetFigures(null, { spent: 0, committed: 0, backOrdered: 0, waiting: 0 });

const ITEM = `json_build_object('id', cost_centre.id, 'code', cost_centre.code, 'name', cost_centre.name,
  'budgetHolder', case when cost_centre.budget_holder_entra_id is not null then (
    select json_build_object('entraId', cost_centre.budget_holder_entra_id, 'personId', min(person.id),
      'displayName', min(person.display_name))
    from person where person.entra_id = cost_centre.budget_holder_entra_id) end,
  'changedBy', cost_centre.changed_by, 'changedAt', ${utc('cost_centre.changed_at')},
  'version', cost_centre.version::text)`;
