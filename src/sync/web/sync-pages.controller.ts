import { Controller, Inject, Param, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { pageView, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { CallRecordRunQueries } from '../call-records/call-record-runs.queries.js';
import { RunningQueries } from '../running.queries.js';
import { SourceStatusQueries } from '../source-status.queries.js';
import { SyncQueries } from '../sync.queries.js';
import { callRecordsView } from './call-records.view.js';
import { liveView } from './live.view.js';
import { runView } from './run.view.js';
import { statusView } from './status.view.js';
import { RUN_LIST } from './sync-lists.js';

/** Readings of call records that the status page lists: a few nights. */
const CALL_READINGS_SHOWN = 5;

/** The status page and the history of the runs. */
@Controller()
export class SyncPagesController {
  constructor(
    private readonly sync: SyncQueries,
    private readonly sourceStatus: SourceStatusQueries,
    private readonly running: RunningQueries,
    private readonly callRecordRuns: CallRecordRunQueries,
    private readonly lists: ListPages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Access('sync:read')
  @Page('status')
  @UseGuards(NoParametersGuard)
  async status(): Promise<PageView> {
    const [running, sources, totals, open, callRuns] = await Promise.all([
      this.running.runs(),
      this.sourceStatus.all(),
      this.sync.totals(),
      this.sync.openHolds(),
      this.callRecordRuns.latest(CALL_READINGS_SHOWN),
    ]);
    const holds = await Promise.all(open.map(({ id }) => this.sync.hold(id)));
    const now = new Date();
    const demonstration = this.config.tenant.kind === 'demonstration';
    const view = statusView(
      sources,
      holds.filter((hold) => hold !== null),
      totals,
      demonstration,
      now,
    );
    const calls = callRecordsView(this.config.callRecords !== null, callRuns, now);
    return pageView('sync/web/status.njk', { ...view, calls, live: liveView(paths.status(), running, now) });
  }

  @Access('sync:read')
  @Page('sync')
  async runs(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    // Older pages of the list have nothing at work to follow.
    const running = query['cursor'] === undefined ? await this.running.runs() : null;
    return this.lists.show(
      RUN_LIST,
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.sync.runs(filter, { limit, cursor }),
        count: (filter) => this.sync.countRuns(filter),
      },
      { template: 'sync/web/runs.njk', data: { live: running && liveView(paths.runs(), running, new Date()) } },
    );
  }

  @Access('sync:read')
  @Page('sync/runs/:id')
  @UseGuards(NoParametersGuard)
  async run(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const [running, run] = await Promise.all([this.running.runs(), this.sync.run(id)]);
    if (!run) throw new NotFoundError('There is no run with this number. The list of runs shows those there are.');
    const now = new Date();
    const live = run.status === 'running' ? liveView(paths.run(id), running, now) : null;
    return pageView('sync/web/run.njk', { ...runView(run, now), live });
  }
}
