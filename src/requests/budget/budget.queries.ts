import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SqlConditions } from '../../database/sql-conditions.js';
import { keysetPage } from '../../database/keyset-page.js';
import type { Page, PageRequest } from '../../common/paging.js';
import { budgetFigures, type Amounts, type BudgetFigures } from '../domain/budget-standing.js';
import { financialYear } from '../domain/financial-year.js';
import type { RequestState } from '../domain/request-words.js';
import { budgetAmounts, submittedWithin, SUMMED } from './budget-amounts.sql.js';

/**
 * How the budget of a cost centre stands in a financial year, worked out anew from requests and what was handed over.
 * @param costCentre its code, or null for requests that name none
 * @param year in which the financial year begins
 * @returns amounts in pence
 */
export async function standingOf(
  source: Pick<EntityManager, 'query'>,
  costCentre: string | null,
  year: number,
): Promise<BudgetFigures> {
  const { firstDay, lastDay } = financialYear(year);
  const [row] = await source.query<{ amount: string | null; amounts: Amounts }[]>(
    `select (select amount_pence::text from budget where (cost_centre_code, year) = ($1, $4)) as amount, ${SUMMED} as amounts
     from ${budgetAmounts(`${ofCostCentre(costCentre)} and ${submittedWithin('$2', '$3')}`)} as amounts`,
    [costCentre, firstDay, lastDay, year],
  );
  const amount = row?.amount ?? null;
  return budgetFigures(amount === null ? null : Number(amount), row?.amounts ?? NOTHING);
}

/**
 * How the budgets of several cost centres stand in a financial year, in one statement.
 * @param codes of the cost centres
 * @param year in which the financial year begins
 * @returns amounts in pence, by code
 */
export async function standingsOf(
  source: Pick<EntityManager, 'query'>,
  codes: readonly string[],
  year: number,
): Promise<ReadonlyMap<string, BudgetFigures>> {
  if (codes.length === 0) return new Map();
  const { firstDay, lastDay } = financialYear(year);
  const rows = await source.query<{ code: string; amount: string | null; amounts: Amounts | null }[]>(
    `select centre.code, budget.amount_pence::text as amount, summed.amounts
     from unnest($1::text[]) as centre(code)
     left join budget on (budget.cost_centre_code, budget.year) = (centre.code, $4)
     left join (
       select amounts.cost_centre_code as code, ${SUMMED} as amounts
       from ${budgetAmounts(`revision.cost_centre_code = any($1::text[]) and ${submittedWithin('$2', '$3')}`)} as amounts
       group by amounts.cost_centre_code
     ) as summed on summed.code = centre.code`,
    [codes, firstDay, lastDay, year],
  );
  return new Map(
    rows.map(({ code, amount, amounts }) => [
      code,
      budgetFigures(amount === null ? null : Number(amount), amounts ?? NOTHING),
    ]),
  );
}

const NOTHING: Amounts = { spent: 0, committed: 0, backOrdered: 0, waiting: 0 };

/** The first parameter is the code, and is not compared with when there is none. */
function ofCostCentre(costCentre: string | null): string {
  return costCentre === null
    ? '$1::text is null and revision.cost_centre_code is null'
    : 'revision.cost_centre_code = $1';
}

/** What a team asks for in a financial year, against its budget. */
export interface TeamAmounts extends BudgetFigures {
  /** Department of the people who get the equipment; null for people whom the directory gives none. */
  readonly team: string | null;
  readonly requests: number;
  /** Number of the budget; null when none is set. */
  readonly budgetId: number | null;
}

interface TeamRow extends Pick<TeamAmounts, 'team' | 'requests' | 'budgetId' | 'amount'> {
  readonly amounts: Amounts | null;
}

/** A request as it counts to budgets. */
export interface BudgetRequest extends Amounts {
  readonly id: number;
  readonly state: RequestState;
  /** Null when the directory does not know them. */
  readonly requester: string | null;
  readonly submittedOn: string;
  readonly costCentre: string | null;
}

export interface BudgetRequestFilter {
  readonly year: number;
  /** Number of the cost centre. */
  readonly costCentreId?: number | undefined;
  /** True for requests that name no cost centre. */
  readonly none?: boolean | undefined;
  /** Department of somebody whom it is for, in full. */
  readonly team?: string | undefined;
}

/** Teams at the most; a council has fewer departments. */
const MOST_TEAMS = 1_000;

/** Reads what counts to budgets. */
@Injectable()
export class BudgetQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** How the budget of a cost centre stands. @see standingOf */
  standing(costCentre: string | null, year: number): Promise<BudgetFigures> {
    return standingOf(this.dataSource, costCentre, year);
  }

  /** What each team asks for in a financial year, by department of whom it is for, and its budget; the dearest first. */
  async teams(year: number): Promise<TeamAmounts[]> {
    const { firstDay, lastDay } = financialYear(year);
    const rows = await this.dataSource.query<TeamRow[]>(
      `select coalesce(asked.team, team_budget.team) as team, coalesce(asked.requests, 0) as requests,
         team_budget.id as "budgetId", team_budget.amount_pence::double precision as amount, asked.amounts
       from (
         select min(person.department) as team, count(distinct amounts.request_id)::integer as requests, ${SUMMED} as amounts,
           sum(amounts.spent + amounts.committed + amounts.waiting) as forecast
         from ${budgetAmounts(submittedWithin('$1', '$2'))} as amounts
         left join person on person.entra_id = amounts.for_whom
         group by lower(person.department)) as asked
       full join (select * from team_budget where year = $3) as team_budget on lower(team_budget.team) = lower(asked.team)
       order by asked.forecast desc nulls last, 1 nulls last limit ${MOST_TEAMS}`,
      [firstDay, lastDay, year],
    );
    return rows.map(({ amount, amounts, ...team }) => ({ ...team, ...budgetFigures(amount, amounts ?? NOTHING) }));
  }

  /** One page of the requests that count to a cost centre or a team in a financial year, newest first. */
  requests(filter: BudgetRequestFilter, request: PageRequest): Promise<Page<BudgetRequest>> {
    const { year, costCentreId, none, team } = filter;
    const { firstDay, lastDay } = financialYear(year);
    const conditions = new SqlConditions();
    const first = conditions.parameter(firstDay);
    const last = conditions.parameter(lastDay);
    const bounds = [submittedWithin(first, last)];
    if (costCentreId !== undefined) {
      bounds.push(
        `revision.cost_centre_code = (select code from cost_centre where id = ${conditions.parameter(costCentreId)})`,
      );
    }
    if (none !== undefined) bounds.push(`(revision.cost_centre_code is null) = ${conditions.parameter(none)}::boolean`);
    const counted = bounds.map((bound) => `(${bound})`).join(' and ');
    conditions.always(
      `exists (select from request_revision as revision where revision.request_id = equipment_request.id and ${counted})`,
    );
    const whose =
      team === undefined
        ? 'true'
        : `exists (select from person where entra_id = amounts.for_whom and lower(department) = lower(${conditions.parameter(team)}))`;
    if (team !== undefined) {
      conditions.always(
        `exists (select from request_line as line join person on person.entra_id = line.beneficiary_entra_id
          where line.request_id = equipment_request.id and lower(person.department) = lower(${conditions.parameter(team)}))`,
      );
    }
    const item = `json_build_object('id', equipment_request.id, 'state', equipment_request.state,
      'requester', (select display_name from person where entra_id = equipment_request.requester_entra_id),
      'submittedOn', (select max(revision.submitted_at at time zone 'Europe/London')::date from request_revision as revision
        where revision.request_id = equipment_request.id and ${counted}),
      'costCentre', (select revision.cost_centre_code from request_revision as revision
        where revision.request_id = equipment_request.id and ${counted} order by revision.revision desc limit 1),
      'spent', worth.spent, 'committed', worth.committed, 'backOrdered', worth.back_ordered, 'waiting', worth.waiting)`;
    const joins = `cross join lateral (
      select coalesce(sum(spent), 0) as spent, coalesce(sum(committed), 0) as committed,
        coalesce(sum(back_ordered), 0) as back_ordered, coalesce(sum(waiting), 0) as waiting
      from ${budgetAmounts(`revision.request_id = equipment_request.id and ${counted}`)} as amounts where ${whose}) as worth`;
    return keysetPage<BudgetRequest>(
      this.dataSource,
      { table: 'equipment_request', conditions, item, joins, sources: [] },
      { name: '-id', by: { expression: 'equipment_request.id', type: 'bigint', descending: true } },
      request,
    );
  }
}
