import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { ConflictError, InputError, NotFoundError } from '../../../common/errors.js';
import type { Page } from '../../../common/paging.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { PreconditionFailedError, versionIn } from '../../../web/if-match.js';
import { objectIn } from '../../../web/json-body.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { PageParameters } from '../../../web/query-fields.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { ContradictionService } from '../contradiction.service.js';
import { CUSTODY_AUDIT_EVENTS } from '../custody-audit.js';
import { CustodyService, type CustodyOutcome } from '../custody.service.js';
import { CustodyQueries, type CustodyStep, type DeviceCustodyView } from '../custody.queries.js';
import { commandNamed, inputIn } from './custody-body.js';
import {
  commandBodySchema,
  COMMANDS_IN_WORDS,
  custodySchema,
  outcomeSchema,
  settledSchema,
  stepsSchema,
} from './custody.schema.js';

/** Which of several custodies is right. */
class CustodySettlementBody extends ReasonBody {
  @IsInt({ message: 'give the number of a custody' })
  @Min(1, { message: 'give the number of a custody' })
  @Max(2_147_483_647, { message: 'give the number of a custody' })
  @ApiProperty({ type: 'integer' })
  custodyId: number;
}

/** Who has a machine, and the commands that change it; nothing else does. */
@ApiTags('Custody')
@Controller('api/v1/devices/:id/custody')
export class CustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly contradictions: ContradictionService,
    private readonly queries: CustodyQueries,
  ) {}

  @Access('estate:read', { own: 'device' })
  @Get()
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show who has a machine, what the caller may do with it, and what is doubtful',
    description: 'The ETag begins with the version; send it as `If-Match` with a command.',
    schema: custodySchema,
    parameter: recordId('device'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceCustodyView> {
    const view = await this.queries.ofDevice(id, access.permissions);
    if (!view) throw new NotFoundError('There is no such device.');
    void reply.header('etag', `"${view.version}"`);
    return view;
  }

  @Access('estate:read')
  @Get('history')
  @Answers({
    summary: 'List what was done with a machine, the latest step first',
    schema: stepsSchema,
    parameter: recordId('device'),
  })
  history(@Param('id', RecordIdPipe) id: number, @Query() parameters: PageParameters): Promise<Page<CustodyStep>> {
    return this.queries.history(id, parameters);
  }

  @Access('custody:write', { audit: 'device.custody-settled' })
  @Post('settle')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say which of several custodies of a machine is right',
    description: '409 when nothing contradicts, or the custody is not one of the machine.',
    schema: settledSchema,
    parameter: recordId('device'),
  })
  settle(
    @Param('id', RecordIdPipe) deviceId: number,
    @Body() { custodyId, reason }: CustodySettlementBody,
    @Current() access: CurrentAccess,
  ): Promise<{ readonly eventId: number }> {
    return this.contradictions.settle({ deviceId, custodyId, reason }, access);
  }

  @Access('custody:write', { audit: CUSTODY_AUDIT_EVENTS })
  @Post(':command')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Carry out a command on a machine',
    description:
      `Each takes these fields, those in bold must be there, and needs the permission in brackets:\n\n${COMMANDS_IN_WORDS}\n\n` +
      '403 when the command is not allowed to the caller, 409 when the machine is not in a state that allows it, 412 when ' +
      'its custody was changed since, 422 for a person who cannot have a machine, 428 without `If-Match`.',
    schema: outcomeSchema,
    parameter: recordId('device'),
  })
  @ApiBody({ schema: commandBodySchema })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the custody that was looked at.' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  async carryOut(
    @Param('id', RecordIdPipe) deviceId: number,
    @Param('command') word: string,
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') key?: string,
  ): Promise<CustodyOutcome> {
    const command = commandNamed(word);
    const version = versionIn(ifMatch, 'custody');
    const input = inputIn(command, objectIn(body));
    const request = { deviceId, command, input, version, idempotencyKey: idempotencyKey(key) };
    try {
      return await this.custody.carryOut(request, access);
    } catch (error) {
      throw await this.#preconditionOf(error, deviceId, version, access);
    }
  }

  /** A conflict about a machine that was changed since it was looked at is the header's, and not the command's. */
  async #preconditionOf(error: unknown, deviceId: number, version: string, access: CurrentAccess): Promise<unknown> {
    if (!(error instanceof ConflictError) || error instanceof InputError) return error;
    const now = await this.queries.ofDevice(deviceId, access.permissions);
    return now !== null && now.version !== version ? new PreconditionFailedError(error.message) : error;
  }
}
