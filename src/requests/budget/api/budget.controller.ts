import type { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { BUDGET_REQUEST_COLUMNS, TEAM_COLUMNS } from '../budget.columns.js';
import { BudgetQueries, type BudgetRequest, type TeamAmounts } from '../budget.queries.js';
import { presentYear } from '../present-year.js';
import {
  BudgetRequestsExportParameters,
  BudgetRequestsParameters,
  TeamsExportParameters,
  YearParameters,
} from './budget.parameters.js';
import { budgetRequestSchema, teamsSchema } from './budget.schema.js';

/** What requests come to, by team and one by one. */
@ApiTags('Budgets')
@Controller('api/v1/budgets')
export class BudgetController {
  constructor(private readonly queries: BudgetQueries) {}

  @Get('teams')
  @Access('requests:read')
  @Answers({ summary: 'Show what teams ask for in a financial year, the dearest first', schema: teamsSchema })
  async teams(@Query() { year = presentYear() }: YearParameters): Promise<{ readonly items: readonly TeamAmounts[] }> {
    return { items: await this.queries.teams(year) };
  }

  @Get('teams.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export what teams ask for in a financial year', order: 'the dearest first' })
  teamsCsv(
    @Query() { year = presentYear(), columns }: TeamsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'budgets-by-team',
      columns: columnsNamed(TEAM_COLUMNS, columns) ?? TEAM_COLUMNS,
      page: async () => ({ items: await this.queries.teams(year), next: null, asOf: null }),
    });
  }

  @Get('requests')
  @Access('requests:read')
  @Answers({
    summary: 'List the requests that count to a budget in a financial year, newest first',
    schema: page(budgetRequestSchema),
  })
  requests(
    @Query() { limit, cursor, year = presentYear(), ...filter }: BudgetRequestsParameters,
  ): Promise<Page<BudgetRequest>> {
    return this.queries.requests({ year, ...filter }, { limit, cursor });
  }

  @Get('requests.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export the requests that count to a budget in a financial year', order: 'newest first' })
  requestsCsv(
    @Query() { columns, year = presentYear(), ...filter }: BudgetRequestsExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'budget-requests',
      columns: columnsNamed(BUDGET_REQUEST_COLUMNS, columns) ?? BUDGET_REQUEST_COLUMNS,
      page: (request) => this.queries.requests({ year, ...filter }, request),
    });
  }
}
