import { Body, Controller, Headers, HttpCode, Param, Patch, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SignedIn } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import type { DraftLine, PlannedThings } from '../../domain/line-plan.js';
import type { DraftDetails } from '../draft-rows.queries.js';
import { DraftPlanningQueries } from '../draft-planning.queries.js';
import { askingPerson } from '../own-request.queries.js';
import { RequestEndingsService } from '../request-endings.service.js';
import { RequestsService, type RequestOutcome } from '../requests.service.js';
import { CancellationBody, RequestBody, RequestChangeBody, SubmissionBody, type LineBody } from './request-bodies.js';
import { outcomeSchema } from './requests.schema.js';
import { unlessChanged } from './unless-changed.js';

const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key is done once.' };
const MATCH = {
  name: 'If-Match',
  required: false,
  description: 'ETag of the request that was looked at; when it has changed, nothing is done.',
};
const REQUEST = recordId('request');
const NOTHING_SAID: DraftDetails = { neededBy: null, delivery: 'site', site: null, reason: null, costCentreCode: null };

/** Begins, changes, submits, reopens, cancels and copies requests of one’s own. */
@ApiTags('Requests')
@Controller('api/v1/requests')
export class RequestCommandsController {
  constructor(
    private readonly requests: RequestsService,
    private readonly endings: RequestEndingsService,
    private readonly planning: DraftPlanningQueries,
  ) {}

  @Post('')
  @SignedIn({ audit: 'request.begun' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Begin a draft, for yourself or for people below you in the line',
    description:
      'Give `lines`, or `people` with a bundle or `items`. Nothing is asked of anybody before it is submitted.',
    schema: outcomeSchema,
    status: 201,
    refusals: [403, 409, 422],
  })
  @ApiHeader(KEY)
  async begin(
    @Body() body: RequestBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<RequestOutcome> {
    const person = askingPerson(access);
    const keyGiven = idempotencyKey(key);
    const lines = body.lines === undefined ? await this.#planned(body, person) : body.lines.map(lineOf);
    const details = { ...NOTHING_SAID, ...detailsIn(body) };
    return this.requests.begin({ details, lines, idempotencyKey: keyGiven }, access);
  }

  @Patch(':id')
  @SignedIn({ audit: 'request.changed' })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Change a draft',
    schema: outcomeSchema,
    parameter: REQUEST,
    refusals: [403, 409, 412, 422, 428],
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the request that was looked at.' })
  async change(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() body: RequestChangeBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<RequestOutcome> {
    const outcome = await unlessChanged(
      this.requests.change(
        {
          requestId,
          version: versionIn(ifMatch, 'request'),
          details: detailsIn(body),
          ...(body.lines === undefined ? {} : { lines: body.lines.map(lineOf) }),
        },
        access,
      ),
    );
    void reply.header('etag', `"${outcome.version}"`);
    return outcome;
  }

  @Post(':id/submit')
  @SignedIn({ audit: 'request.submitted' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Submit a draft: it is frozen, and whoever is to decide first is asked',
    schema: outcomeSchema,
    parameter: REQUEST,
    refusals: [403, 409, 412, 422],
  })
  @ApiHeader(KEY)
  @ApiHeader(MATCH)
  submit(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { exceptionReason = null, totalPence = null }: SubmissionBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<RequestOutcome> {
    return unlessChanged(
      this.requests.submit(
        {
          requestId,
          version: lookedAt(ifMatch),
          totalPence,
          exceptionReason,
          returns: new Map(),
          idempotencyKey: idempotencyKey(key),
        },
        access,
      ),
    );
  }

  @Post(':id/reopen')
  @SignedIn({ audit: 'request.reopened' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Open a request to be changed; it is decided about anew, and what was kept for it is released',
    schema: outcomeSchema,
    parameter: REQUEST,
    refusals: [403, 409, 412],
  })
  @ApiHeader(KEY)
  @ApiHeader(MATCH)
  reopen(
    @Param('id', RecordIdPipe) requestId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<RequestOutcome> {
    return unlessChanged(
      this.endings.reopen({ requestId, version: lookedAt(ifMatch), idempotencyKey: idempotencyKey(key) }, access),
    );
  }

  @Post(':id/cancel')
  @SignedIn({ audit: 'request.cancelled' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Cancel a request, and release what is kept for it',
    schema: outcomeSchema,
    parameter: REQUEST,
    refusals: [403, 409, 412],
  })
  @ApiHeader(KEY)
  @ApiHeader(MATCH)
  cancel(
    @Param('id', RecordIdPipe) requestId: number,
    @Body() { reason }: CancellationBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
    @Headers('if-match') ifMatch?: string,
  ): Promise<RequestOutcome> {
    return unlessChanged(
      this.endings.cancel(
        { requestId, version: lookedAt(ifMatch), reason, idempotencyKey: idempotencyKey(key) },
        access,
      ),
    );
  }

  @Post(':id/copy')
  @SignedIn({ audit: 'request.copied' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Begin a draft with what a request of yours asked for',
    schema: outcomeSchema,
    status: 201,
    parameter: REQUEST,
    refusals: [403],
  })
  @ApiHeader(KEY)
  copy(
    @Param('id', RecordIdPipe) requestId: number,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<RequestOutcome> {
    return this.endings.copy({ requestId, idempotencyKey: idempotencyKey(key) }, access);
  }

  #planned(body: RequestBody, person: string): Promise<readonly DraftLine[]> {
    const { bundleId = null, byWorkStyle = false, items = [], people = [person] } = body;
    if (bundleId !== null && byWorkStyle) {
      const message = 'give a bundle, or byWorkStyle, not both';
      throw new InputError('Put the request right.', [{ field: 'bundleId', message }], 400);
    }
    const things: PlannedThings = { bundle: byWorkStyle ? 'by-work-style' : bundleId, items };
    return this.planning.plan([...new Set(people.map((each) => each.toLowerCase()))], things);
  }
}

/** The version in `If-Match`; null when the header was not sent. */
function lookedAt(ifMatch: string | undefined): string | null {
  return ifMatch === undefined ? null : versionIn(ifMatch, 'request');
}

function lineOf(body: LineBody): DraftLine {
  return {
    beneficiaryEntraId: body.beneficiaryEntraId.toLowerCase(),
    productId: body.productId,
    quantity: body.quantity,
    bundleId: body.bundleId ?? null,
    exceptionReason: body.exceptionReason ?? null,
    privateReason: body.privateReason ?? null,
    replacesDeviceId: body.replacesDeviceId ?? null,
  };
}

function detailsIn(body: RequestChangeBody): Partial<DraftDetails> {
  const { neededBy, delivery, site, reason, costCentreCode } = body;
  return {
    ...(neededBy === undefined ? {} : { neededBy }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(site === undefined ? {} : { site }),
    ...(reason === undefined ? {} : { reason }),
    ...(costCentreCode === undefined ? {} : { costCentreCode }),
  };
}
