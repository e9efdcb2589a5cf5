import type { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, page, recordId } from '../../../web/api-schema.js';
import { AnswersCsv, sendCsv } from '../../../web/csv-export.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { PreconditionFailedError, versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { PageParameters } from '../../../web/query-fields.js';
import { ApprovalDetailsQueries } from '../approval-details.queries.js';
import { waitingRow, WAITING_COLUMNS } from '../approvals.columns.js';
import { ApprovalsQueries, type WaitingApproval } from '../approvals.queries.js';
import { DecisionMovedOnError, DecisionsService, type DecisionOutcome } from '../decisions.service.js';
import { ApprovalsBody, ApprovalDecisionBody } from './approval-bodies.js';
import { approvalDetails, bulkDecisions, decisionOutcome, waitingApproval } from './approvals.schema.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const REQUEST = recordId('request');

/** What waits for the caller’s decision. Who decides what goes by directory and delegation: the service knows it. */
@ApiTags('Approvals')
@Controller('api/v1')
export class ApprovalsController {
  constructor(
    private readonly approvals: ApprovalsQueries,
    private readonly details: ApprovalDetailsQueries,
    private readonly decisions: DecisionsService,
  ) {}

  @Get('approvals')
  @SignedIn()
  @Answers({
    summary: 'List the requests that wait for your decision, the oldest first',
    schema: page(waitingApproval),
  })
  list(@Query() request: PageParameters, @Current() access: CurrentAccess): Promise<Page<WaitingApproval>> {
    return this.approvals.waiting(access, request);
  }

  @Get('approvals.csv')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @AnswersCsv({ summary: 'Export the requests that wait for your decision', order: 'the oldest first' })
  csv(@Current() access: CurrentAccess, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    return sendCsv(reply, {
      name: 'approvals',
      columns: WAITING_COLUMNS,
      page: async (request) => {
        const waiting = await this.approvals.waiting(access, request);
        return { ...waiting, items: waiting.items.map(waitingRow) };
      },
    });
  }

  @Get('approvals/:id')
  @SignedIn()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show everything with which you decide about a request',
    description: 'The ETag is the revision; send it as `If-Match` with the decision.',
    schema: approvalDetails,
    parameter: REQUEST,
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const approval = await this.approvals.one(id, access);
    if (approval === null) throw new NotFoundError('Nothing of this request waits for your decision.');
    const { year, budgets, products } = await this.details.background([approval], new Date());
    const people = (await this.details.people([approval])).get(id) ?? [];
    const figures = approval.costCentreCode === null ? undefined : budgets.get(approval.costCentreCode);
    void reply.header('etag', `"${approval.revision}"`);
    return {
      approval,
      budget: figures === undefined ? null : { year, ...figures },
      stock: [...products.values()].map((product) => ({
        productId: product.id,
        available: product.available,
        onOrder: product.onOrder,
        expectedOn: product.expectedOn,
      })),
      people: people.map(({ person: { id: personId, entraId, displayName }, lines, holdings }) => ({
        person: { id: personId, entraId, displayName },
        lines: lines.map(({ productId, product, quantity, pricePence, exceptionReason, privateReason, replaces }) => ({
          ...{ productId, product, quantity, pricePence, exceptionReason, privateReason, replaces },
        })),
        machines: holdings.machines.map(({ deviceId, productId, isPortable, isReturnable, label }) => ({
          ...{ deviceId, productId, isPortable, isReturnable, label },
        })),
        held: [...holdings.held].map(([productId, quantity]) => ({ productId, quantity })),
        awaited: holdings.awaited.map(({ productId, quantity }) => ({ productId, quantity })),
      })),
      earlier: await this.details.earlier(approval),
    };
  }

  @Post('requests/:id/decisions')
  @SignedIn({ audit: ['request.step-approved', 'request.approved', 'request.rejected', 'request.returned'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Decide the step of a request that waits',
    description:
      'Send the revision that you looked at, in quotation marks, as `If-Match`: 412 when another one waits. Nobody decides about what they ask for or get: 403.',
    schema: decisionOutcome,
    parameter: REQUEST,
    refusals: [403, 409, 412, 428],
  })
  @ApiHeader(KEY)
  @ApiHeader({ name: 'If-Match', required: true, description: 'The revision that was looked at.' })
  async decide(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { step, outcome, reason = null }: ApprovalDecisionBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') looked?: string,
    @Headers('idempotency-key') key?: string,
  ): Promise<DecisionOutcome> {
    const revision = revisionIn(looked);
    try {
      return await this.decisions.decide(
        { requestId, revision, step, outcome, reason, idempotencyKey: idempotencyKey(key) },
        access,
      );
    } catch (error) {
      throw error instanceof DecisionMovedOnError && error.isOtherRevision
        ? new PreconditionFailedError(error.message)
        : error;
    }
  }

  @Post('approvals/approve')
  @SignedIn({ audit: ['request.step-approved', 'request.approved'] })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Approve several requests, each on its own',
    description: 'What cannot be approved is told with the reason and does not keep the others.',
    schema: bulkDecisions,
    refusals: [403],
  })
  @ApiHeader(KEY)
  async approveMany(
    @Body() { decisions }: ApprovalsBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<object> {
    const results = await this.decisions.approveMany(decisions, idempotencyKey(key), access);
    return {
      decisions: results.map(({ requestId, revision, step, ...result }) => ({
        ...{ requestId, revision, step, approved: result.ok },
        state: result.ok ? result.state : null,
        refusal: result.ok ? null : result.refusal,
      })),
    };
  }
}

/** @throws PreconditionFailedError for what is no revision that anything could have */
function revisionIn(header: string | undefined): number {
  const revision = Number(versionIn(header, 'request that waits'));
  if (revision > 1_000) throw new PreconditionFailedError('No request has so many revisions. Read it again.');
  return revision;
}
