import { Controller, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.types.js';
import { Page, pageView, type PageView } from '../../web/page.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { SourceStatusQueries } from '../source-status.queries.js';
import { SyncQueries } from '../sync.queries.js';
import { runRow, runView, type RunsView } from './run.view.js';
import { RunsPageParameters } from './runs-page.parameters.js';
import { statusView } from './status.view.js';

/** The status page and the history of the runs. */
@Controller()
export class SyncPagesController {
  constructor(
    private readonly sync: SyncQueries,
    private readonly sourceStatus: SourceStatusQueries,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Access('sync:read')
  @Page('status')
  @UseGuards(NoParametersGuard)
  async status(): Promise<PageView> {
    const [sources, totals, open] = await Promise.all([
      this.sourceStatus.all(),
      this.sync.totals(),
      this.sync.openHolds(),
    ]);
    const holds = await Promise.all(open.map(({ id }) => this.sync.hold(id)));
    const demonstration = this.config.tenant.kind === 'demonstration';
    const view = statusView(
      sources,
      holds.filter((hold) => hold !== null),
      totals,
      demonstration,
      new Date(),
    );
    return pageView('sync/web/status.njk', view);
  }

  @Access('sync:read')
  @Page('sync')
  async runs(@Query() { cursor }: RunsPageParameters): Promise<PageView> {
    const now = new Date();
    const page = await this.sync.runs({}, { cursor });
    const view: RunsView = {
      title: 'Synchronisation runs',
      rows: page.items.map((run) => runRow(run, now)),
      next: page.next,
    };
    return pageView('sync/web/runs.njk', view);
  }

  @Access('sync:read')
  @Page('sync/runs/:id')
  @UseGuards(NoParametersGuard)
  async run(@Param('id', RecordIdPipe) id: number): Promise<PageView> {
    const run = await this.sync.run(id);
    if (!run) throw new NotFoundError('There is no run with this number. The list of runs shows those there are.');
    return pageView('sync/web/run.njk', runView(run, new Date()));
  }
}
