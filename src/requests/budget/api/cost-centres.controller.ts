import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { columnsNamed } from '../../../common/csv-columns.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { COST_CENTRE_COLUMNS } from '../budget.columns.js';
import { CostCentresQueries, type CostCentreView } from '../cost-centres.queries.js';
import { CostCentresService } from '../cost-centres.service.js';
import { presentYear } from '../present-year.js';
import { BudgetBody, CostCentreBody, NewCostCentreBody } from './budget-bodies.js';
import { CostCentresExportParameters, CostCentresParameters, YearParameters } from './budget.parameters.js';
import { addedSchema, costCentreSchema } from './budget.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the cost centre that was looked at.' };
const COST_CENTRE = recordId('cost centre');

/** Who pays, and how their budgets stand. */
@ApiTags('Budgets')
@Controller('api/v1/budgets')
export class CostCentresController {
  constructor(
    private readonly queries: CostCentresQueries,
    private readonly centres: CostCentresService,
  ) {}

  @Get('cost-centres')
  @Access('requests:read')
  @Answers({ summary: 'List cost centres with their budgets of a financial year', schema: page(costCentreSchema) })
  list(@Query() { limit, cursor, year = presentYear(), search }: CostCentresParameters): Promise<Page<CostCentreView>> {
    return this.queries.page({ year, search }, { limit, cursor });
  }

  @Get('cost-centres.csv')
  @Access('estate:export')
  @AnswersCsv({ summary: 'Export cost centres with their budgets of a financial year', order: 'by code' })
  csv(
    @Query() { columns, year = presentYear(), search }: CostCentresExportParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return sendCsv(reply, {
      name: 'budgets',
      columns: columnsNamed(COST_CENTRE_COLUMNS, columns) ?? COST_CENTRE_COLUMNS,
      page: (request) => this.queries.page({ year, search }, request),
    });
  }

  @Post('cost-centres')
  @Access('requests:administer', { audit: 'cost-centre.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Enter a cost centre',
    description: '409 when it is entered already.',
    schema: addedSchema,
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() { code, name, budgetHolder }: NewCostCentreBody,
    @Current() { actor }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.centres.add({ code, name, budgetHolder: budgetHolder ?? null }, idempotencyKey(key), actor);
  }

  @Get('cost-centres/:id')
  @Access('requests:read')
  @Answers({
    summary: 'Show a cost centre with its budget of a financial year',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: costCentreSchema,
    parameter: COST_CENTRE,
  })
  one(
    @Param('id', RecordIdPipe) id: number,
    @Query() { year = presentYear() }: YearParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CostCentreView> {
    return this.#shown(id, year, reply);
  }

  @Post('cost-centres/:id')
  @Access('requests:administer', { audit: 'cost-centre.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a cost centre is called and who decides about its money',
    description: '412 when it was changed since, 428 without `If-Match`.',
    schema: costCentreSchema,
    parameter: COST_CENTRE,
    refusals: [422],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { name, budgetHolder }: CostCentreBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<CostCentreView> {
    const input = { name, budgetHolder: budgetHolder ?? null };
    await unlessChanged(this.centres.change(id, input, versionIn(ifMatch, 'cost centre'), actor));
    return this.#shown(id, presentYear(), reply);
  }

  @Post('cost-centres/:id/budget')
  @Access('requests:administer', { audit: 'budget.set' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Set the budget of a financial year',
    description: '412 when the cost centre was changed since, 428 without `If-Match`.',
    schema: costCentreSchema,
    parameter: COST_CENTRE,
  })
  @ApiHeader(IF_MATCH)
  async setBudget(
    @Param('id', RecordIdPipe) id: number,
    @Body() { year, amountPence }: BudgetBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<CostCentreView> {
    const version = versionIn(ifMatch, 'cost centre');
    await unlessChanged(this.centres.setBudget(id, { year, amountPence }, version, actor));
    return this.#shown(id, year, reply);
  }

  async #shown(id: number, year: number, reply: FastifyReply): Promise<CostCentreView> {
    const centre = await this.queries.one(id, year);
    if (centre === null) throw new NotFoundError('There is no such cost centre.');
    void reply.header('etag', `"${centre.version}"`);
    return centre;
  }
}
