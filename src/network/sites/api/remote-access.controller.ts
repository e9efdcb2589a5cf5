import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { Answers, list, record, recordId } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { versionIn } from '../../../web/if-match.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { unlessChanged } from '../../../web/unless-changed.js';
import { ReasonBody } from '../../../web/reason.parameters.js';
import { RemoteAccessQueries, type RemoteAccessView } from '../remote-access.queries.js';
import { RemoteAccessService } from '../remote-access.service.js';
import { RemoteAccessBody } from './inventory-bodies.js';
import { addedSchema, remoteAccessSchema } from './inventory.schema.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'ETag of the gateway that was looked at.' };

/** Gateways for remote access. */
@ApiTags('Network')
@Controller('api/v1/network/remote-access')
export class RemoteAccessController {
  constructor(
    private readonly queries: RemoteAccessQueries,
    private readonly gateways: RemoteAccessService,
  ) {}

  @Get()
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the gateways for remote access', schema: record({ items: list(remoteAccessSchema) }) })
  async list(): Promise<{ readonly items: readonly RemoteAccessView[] }> {
    return { items: await this.queries.all() };
  }

  @Post()
  @Access('network:manage', { audit: 'remote-access.added' })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Enter a gateway for remote access', schema: addedSchema, status: 201, refusals: [409] })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  add(
    @Body() body: RemoteAccessBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ readonly id: number }> {
    return this.gateways.add({ ...body }, idempotencyKey(key), access.actor);
  }

  @Get(':id')
  @Access('network:read')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a gateway for remote access',
    description: 'The ETag begins with the version; send it as `If-Match` with a change.',
    schema: remoteAccessSchema,
    parameter: recordId('gateway'),
  })
  async one(
    @Param('id', RecordIdPipe) id: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RemoteAccessView> {
    const gateway = await this.queries.one(id);
    if (gateway === null) throw new NotFoundError('There is no such gateway.');
    void reply.header('etag', `"${gateway.version}"`);
    return gateway;
  }

  @Post(':id')
  @Access('network:manage', { audit: 'remote-access.changed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Say anew what a gateway carries',
    description: '409 when another has the name, 412 when it was changed since, 428 without `If-Match`.',
    schema: remoteAccessSchema,
    parameter: recordId('gateway'),
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async change(
    @Param('id', RecordIdPipe) id: number,
    @Body() body: RemoteAccessBody,
    @Current() access: CurrentAccess,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('if-match') ifMatch?: string,
  ): Promise<RemoteAccessView> {
    await unlessChanged(this.gateways.change(id, { ...body }, versionIn(ifMatch, 'gateway'), access.actor));
    return this.one(id, reply);
  }

  @Post(':id/remove')
  @Access('network:manage', { audit: 'remote-access.removed' })
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Remove a gateway',
    description: '409 while ranges belong to it, 412 when it was changed since, 428 without `If-Match`.',
    schema: addedSchema,
    parameter: recordId('gateway'),
    refusals: [409],
  })
  @ApiHeader(IF_MATCH)
  async remove(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
  ): Promise<{ readonly id: number }> {
    await unlessChanged(this.gateways.remove(id, reason, versionIn(ifMatch, 'gateway'), access.actor));
    return { id };
  }
}
