import { Body, Controller, Get, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access, SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, list, record, recordId, flag, text, whole } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { decidingPerson } from '../decision-rights.queries.js';
import { DelegationsQueries, type Delegation } from '../delegations.queries.js';
import { DelegationsService } from '../delegations.service.js';
import { LinkedAccountsQueries } from '../linked-accounts.queries.js';
import { LinkedAccountsService } from '../linked-accounts.service.js';
import { DelegationBody, LinkedAccountBody, UnlinkBody } from './approval-bodies.js';
import { delegationSchema, linkedAccountsSchema } from './approvals.schema.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };

/** Who decides in whose place, and which accounts are one person’s. */
@ApiTags('Approvals')
@Controller('api/v1/approvals')
export class DelegationsController {
  constructor(
    private readonly delegations: DelegationsService,
    private readonly queries: DelegationsQueries,
    private readonly accounts: LinkedAccountsService,
    private readonly accountsQueries: LinkedAccountsQueries,
  ) {}

  @Get('delegations')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the delegations that you gave or got, the latest first; all of them for administrators',
    schema: list(delegationSchema),
  })
  list(@Current() access: CurrentAccess): Promise<Delegation[]> {
    const person = decidingPerson(access);
    return this.queries.list(access.permissions.has('requests:administer') ? null : person);
  }

  @Post('delegations')
  @SignedIn({ audit: 'approval-delegation.made' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Have somebody decide in your place for some days',
    schema: record({ delegationId: whole() }),
    status: 201,
    refusals: [403],
  })
  @ApiHeader(KEY)
  make(
    @Body() { from = null, to, fromDay, untilDay, reason }: DelegationBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ delegationId: number }> {
    return this.delegations.make({ from, to, fromDay, untilDay, reason, idempotencyKey: idempotencyKey(key) }, access);
  }

  @Post('delegations/:id/end')
  @SignedIn({ audit: 'approval-delegation.ended' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'End a delegation before its last day',
    schema: record({ ended: flag() }),
    parameter: recordId('delegation'),
  })
  async end(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<{ ended: boolean }> {
    await this.delegations.end(id, access);
    return { ended: true };
  }

  @Get('linked-accounts')
  @Access('requests:administer')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'List the accounts that are one person’s, and those that seem to be',
    schema: linkedAccountsSchema,
  })
  async linked(): Promise<object> {
    const [linked, suggested] = [await this.accountsQueries.linked(), await this.accountsQueries.suggested()];
    return { linked, suggested };
  }

  @Post('linked-accounts')
  @Access('requests:administer', { audit: 'linked-account.confirmed' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that two accounts are one person’s; nobody says so of their own',
    schema: record({ linked: flag() }),
    status: 201,
    refusals: [403],
  })
  async link(@Body() { account, person }: LinkedAccountBody, @Current() access: CurrentAccess): Promise<object> {
    await this.accounts.confirm({ account, person }, access);
    return { linked: true };
  }

  @Post('linked-accounts/remove')
  @Access('requests:administer', { audit: 'linked-account.removed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say that an account is not somebody’s second one',
    schema: record({ removed: text('Object id of the account.') }),
    refusals: [403],
  })
  async unlink(@Body() { account }: UnlinkBody, @Current() access: CurrentAccess): Promise<object> {
    await this.accounts.remove(account, access);
    return { removed: account };
  }
}
