import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers, record, recordId, whole } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { TeamBudgetsQueries, type TeamBudgetView } from '../team-budgets.queries.js';
import { TeamBudgetsService } from '../team-budgets.service.js';
import { TeamAmountBody, TeamBudgetBody } from './budget-bodies.js';
import { addedSchema, teamBudgetSchema } from './budget.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the budget that was looked at.' };
const TEAM_BUDGET = recordId('budget of a team');
const CHANGED = '412 when it was changed since, 428 without `If-Match`.';

/** What teams may ask for. */
@ApiTags('Budgets')
@Controller('api/v1/budgets/teams')
export class TeamBudgetsController {
  constructor(
    private readonly queries: TeamBudgetsQueries,
    private readonly budgets: TeamBudgetsService,
  ) {}

  @Post('')
  @Access('requests:administer', { audit: 'budget.set' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Give a team a budget for a financial year',
    description: '409 when it has one for the year.',
    schema: addedSchema,
    status: 201,
    refusals: [409, 422],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() { team, year, amountPence }: TeamBudgetBody,
    @Current() { actor }: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.budgets.add({ team, year, amountPence }, idempotencyKey(key), actor);
  }

  @Get(':id')
  @Access('requests:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show the budget of a team',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: teamBudgetSchema,
    parameter: TEAM_BUDGET,
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TeamBudgetView> {
    const budget = await this.queries.one(id);
    if (budget === null) throw new NotFoundError('There is no such budget of a team.');
    void reply.header('etag', `"${budget.version}"`);
    return budget;
  }

  @Post(':id')
  @Access('requests:administer', { audit: 'budget.set' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a team may ask for',
    description: CHANGED,
    schema: teamBudgetSchema,
    parameter: TEAM_BUDGET,
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() { amountPence }: TeamAmountBody,
    @Current() { actor }: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<TeamBudgetView> {
    await unlessChanged(this.budgets.change(id, amountPence, versionIn(ifMatch, 'budget'), actor));
    return this.one(id, reply);
  }

  @Post(':id/remove')
  @Access('requests:administer', { audit: 'budget.removed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Take the budget of a team away',
    description: CHANGED,
    schema: record({ removed: whole('Number of the budget.') }),
    parameter: TEAM_BUDGET,
  })
  @ApiHeader(IF_MATCH)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Current() { actor }: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<{ readonly removed: number }> {
    await unlessChanged(this.budgets.remove(id, versionIn(ifMatch, 'budget'), actor));
    return { removed: id };
  }
}
