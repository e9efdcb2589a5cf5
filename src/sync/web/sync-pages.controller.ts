import { Controller, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { Page, pageView, type PageView } from '../../web/page.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { RunningQueries } from '../running.queries.js';
import { SourceStatusQueries } from '../source-status.queries.js';
import { SyncQueries } from '../sync.queries.js';
import { liveView } from './live.view.js';
import { runRow, runView, type RunsView } from './run.view.js';
import { RunsPageParameters } from './runs-page.parameters.js';
import { statusView } from './status.view.js';

/** The status page and the history of the runs. */
@Controller()
export class SyncPagesController {
  constructor(
    private readonly sync: SyncQueries,
    private readonly sourceStatus: SourceStatusQueries,
    private readonly running: RunningQueries,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Access('sync:read')
  @Page('status')
  @UseGuards(NoParametersGuard)
  async status(): Promise<PageView> {
    const [running, sources, totals, open] = await Promise.all([
      this.running.runs(),
      this.sourceStatus.all(),
      this.sync.totals(),
      this.sync.openHolds(),
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
    return pageView('sync/web/status.njk', { ...view, live: liveView(paths.status(), running, now) });
  }

  @Access('sync:read')
  @Page('sync')
  async runs(@Query() { cursor }: RunsPageParameters): Promise<PageView> {
    const now = new Date();
    const [running, page] = await Promise.all([this.running.runs(), this.sync.runs({}, { cursor })]);
    const view: RunsView = {
      title: 'Synchronisation runs',
      rows: page.items.map((run) => runRow(run, now)),
      next: page.next,
    };
    // Older pages of the list have nothing at work to follow.
    const live = cursor === undefined ? liveView(paths.runs(), running, now) : null;
    return pageView('sync/web/runs.njk', { ...view, live });
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
