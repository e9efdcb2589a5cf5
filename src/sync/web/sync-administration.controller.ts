import { Body, Controller, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import type { SourceName } from '../../config/sources.js';
import { FormPost } from '../../web/form.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { HoldService } from '../hold.service.js';
import { PauseService } from '../pause.service.js';
import { RunQueueService } from '../run-queue.service.js';
import { RunningQueries } from '../running.queries.js';
import type { SourceStatus } from '../source-status.js';
import { SourceStatusQueries } from '../source-status.queries.js';
import { SyncQueries, type SyncHoldDetail } from '../sync.queries.js';
import { liveView } from './live.view.js';
import { SourceNamePipe } from './source-name.pipe.js';
import { sourceView } from './source.view.js';
import { holdPanel } from './status.view.js';
import { NoFields, PauseSourceFields, ReadSourceFields, ReleaseHoldFields } from './sync-administration.fields.js';

/** Runs of the list on the page of a source. */
const RUNS_SHOWN = 10;

/** What an administrator does about the synchronisation: read a source now, pause it, let held removals happen. */
@Controller()
export class SyncAdministrationController {
  constructor(
    private readonly sync: SyncQueries,
    private readonly sourceStatus: SourceStatusQueries,
    private readonly running: RunningQueries,
    private readonly runs: RunQueueService,
    private readonly pauses: PauseService,
    private readonly holds: HoldService,
  ) {}

  @Access('sync:read')
  @Page('sync/sources/:source')
  @UseGuards(NoParametersGuard)
  async source(@Param('source', SourceNamePipe) name: SourceName, @Current() access: CurrentAccess): Promise<PageView> {
    const [running, source, recent] = await Promise.all([
      this.running.runs(),
      this.statusOf(name),
      this.sync.runs({ source: name }, { limit: RUNS_SHOWN }),
    ]);
    const now = new Date();
    const view = sourceView(source, recent.items, access.permissions.has('sync:administer'), now);
    return pageView('sync/web/source.njk', { ...view, live: liveView(paths.source(name), running, now) });
  }

  @Access('sync:administer')
  @Page('sync/sources/:source/read')
  @UseGuards(NoParametersGuard)
  async readForm(@Param('source', SourceNamePipe) name: SourceName): Promise<PageView> {
    const { label, state } = await this.statusOf(name);
    return pageView('sync/web/read-source.njk', { title: `Read ${label} now`, source: name, label, state });
  }

  @Access('sync:administer', { audit: 'sync.run-requested' })
  @FormPost('sync/sources/:source/read', { form: 'readForm' })
  async read(
    @Param('source', SourceNamePipe) name: SourceName,
    @Body() { read, apply }: ReadSourceFields,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.runs.request(name, { full: read === 'everything', dryRun: apply === 'no' }, actor);
    return redirectTo(paths.source(name), 'The run is queued. It begins within a few seconds.');
  }

  @Access('sync:administer')
  @Page('sync/sources/:source/pause')
  @UseGuards(NoParametersGuard)
  async pauseForm(@Param('source', SourceNamePipe) name: SourceName): Promise<PageView> {
    const { label } = await this.statusOf(name);
    return pageView('sync/web/pause-source.njk', { title: `Pause ${label}`, source: name, label });
  }

  @Access('sync:administer', { audit: 'sync.paused' })
  @FormPost('sync/sources/:source/pause', { form: 'pauseForm' })
  async pause(
    @Param('source', SourceNamePipe) name: SourceName,
    @Body() { reason }: PauseSourceFields,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const paused = await this.pauses.pause(name, actor, reason);
    return redirectTo(paths.source(name), paused ? 'The source is paused.' : 'The source was paused already.');
  }

  @Access('sync:administer', { audit: 'sync.resumed' })
  @FormPost('sync/sources/:source/resume', { form: 'source' })
  async resume(
    @Param('source', SourceNamePipe) name: SourceName,
    @Body() _fields: NoFields,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const resumed = await this.pauses.resume(name, actor);
    return redirectTo(
      paths.source(name),
      resumed ? 'The source is read by its schedule again.' : 'The source was not paused.',
    );
  }

  @Access('sync:administer')
  @Page('held/:id/release')
  async releaseForm(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const hold = await this.holdOf(id);
    if (hold.state !== 'held')
      throw new ConflictError('This hold is closed already. The list of what is held shows those that are open.');
    const panel = holdPanel(hold, await this.sourceStatus.all(), new Date(), hold.items.length);
    return pageView('sync/web/release-hold.njk', { title: `Release hold ${id}`, hold: panel, kind: hold.kind });
  }

  @Access('sync:administer', { audit: 'sync.held-removals-released' })
  @FormPost('held/:id/release', { form: 'releaseForm' })
  async release(
    @Param('id', RecordIdPipe) id: number,
    @Body() { confirmed, reason }: ReleaseHoldFields,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    if (!confirmed.includes('list-read')) {
      const message = 'Confirm that you have read the list';
      throw new InputError(message, [{ field: 'confirmed', message }]);
    }
    const { removed } = await this.holds.release(id, actor, reason);
    const done = removed === 1 ? '1 record is now marked as removed.' : `${removed} records are now marked as removed.`;
    return redirectTo(paths.hold(id), removed === 0 ? 'The next run applies what it reads.' : done);
  }

  private async statusOf(name: SourceName): Promise<SourceStatus> {
    const found = (await this.sourceStatus.all()).find(({ source }) => source === name);
    if (!found) throw new NotFoundError('There is no source of this name.');
    return found;
  }

  private async holdOf(id: number): Promise<SyncHoldDetail> {
    const hold = await this.sync.hold(id);
    if (!hold)
      throw new NotFoundError('There is no hold with this number. The list of what is held shows those there are.');
    return hold;
  }
}
