import { Body, Controller, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { SOURCE_NAMES, type SourceName } from '../../config/sources.js';
import { Answers, choice, flag, record, recordId, whole } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { ReasonBody } from '../../web/reason.parameters.js';
import { HoldService, type Release } from '../hold.service.js';
import { PauseService } from '../pause.service.js';
import { RunQueueService } from '../run-queue.service.js';
import { SourceNamePipe } from '../web/source-name.pipe.js';
import { WantedRunBody } from './sync-administration.parameters.js';

const source = { name: 'source', schema: choice(SOURCE_NAMES), description: 'Name of the source.' };

/** What an administrator's script does about the synchronisation. */
@ApiTags('Synchronisation')
@Controller('api/v1/sync')
export class SyncAdministrationApiController {
  constructor(
    private readonly runs: RunQueueService,
    private readonly pauses: PauseService,
    private readonly holds: HoldService,
  ) {}

  @Access('sync:administer', { audit: 'sync.run-requested' })
  @Post('runs')
  @HttpCode(202)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Queue a run of a source',
    description:
      'The worker takes it within seconds. Refused with 409 when a run waits already, or when no worker has ever been started.',
    schema: record({ source: choice(SOURCE_NAMES), queued: flag() }),
    status: 202,
    refusals: [409],
  })
  async request(
    @Body() { source: name, full = false, dryRun = false }: WantedRunBody,
    @Current() { actor }: CurrentAccess,
  ): Promise<{ source: SourceName; queued: true }> {
    await this.runs.request(name, { full, dryRun }, actor);
    return { source: name, queued: true };
  }

  @Access('sync:administer', { audit: 'sync.paused' })
  @Post('sources/:source/pause')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Stop the scheduled runs of a source',
    schema: record({ changed: flag('False when it was paused already.') }),
    parameter: source,
  })
  async pause(
    @Param('source', SourceNamePipe) name: SourceName,
    @Body() { reason }: ReasonBody,
    @Current() { actor }: CurrentAccess,
  ): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.pause(name, actor, reason) };
  }

  @Access('sync:administer', { audit: 'sync.resumed' })
  @Post('sources/:source/resume')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Let the scheduled runs of a paused source go on',
    schema: record({ changed: flag('False when it was not paused.') }),
    parameter: source,
  })
  async resume(
    @Param('source', SourceNamePipe) name: SourceName,
    @Current() { actor }: CurrentAccess,
  ): Promise<{ changed: boolean }> {
    return { changed: await this.pauses.resume(name, actor) };
  }

  @Access('sync:administer', { audit: 'sync.held-removals-released' })
  @Post('holds/:id/release')
  @HttpCode(200)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Let the removals of a hold happen, after a person has read its list',
    schema: record({
      holdId: whole(),
      source: choice(SOURCE_NAMES),
      removed: whole('Records marked as missing or gone.'),
    }),
    parameter: recordId('hold'),
    refusals: [409],
  })
  release(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: ReasonBody,
    @Current() { actor }: CurrentAccess,
  ): Promise<Release> {
    return this.holds.release(id, actor, reason);
  }
}
