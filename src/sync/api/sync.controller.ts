import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../auth/access.decorator.js';
import { NotFoundError } from '../../common/errors.js';
import type { Page } from '../../common/paging.js';
import { Answers, page, record, recordId } from '../../web/api-schema.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import type { SourceStatus } from '../source-status.js';
import { SourceStatusQueries } from '../source-status.queries.js';
import { HoldsQueries, type HoldItem, type HoldView } from '../holds.queries.js';
import { SyncQueries, type SyncHoldDetail, type SyncRun, type SyncRunDetail } from '../sync.queries.js';
import {
  holdDetailMembers,
  holdItemMembers,
  holdViewMembers,
  quarantine,
  runMembers,
  sourceMembers,
} from '../sync.schema.js';
import { HoldItemsParameters, HoldsParameters, RunsParameters } from './sync.parameters.js';

const NO_HOLD = 'There is no hold with this id. List them with GET /api/v1/sync/holds?state=all.';

@ApiTags('Synchronisation')
@Controller('api/v1/sync')
export class SyncController {
  constructor(
    private readonly sync: SyncQueries,
    private readonly status: SourceStatusQueries,
    private readonly holds: HoldsQueries,
  ) {}

  @Access('sync:read')
  @Get('runs')
  @Answers({ summary: 'List runs, newest first', schema: page(record(runMembers)) })
  runs(@Query() parameters: RunsParameters): Promise<Page<SyncRun>> {
    const { limit, cursor, ...filter } = parameters;
    return this.sync.runs(filter, { limit, cursor });
  }

  @Access('sync:read')
  @Get('runs/:id')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a run and what it set aside',
    schema: record({ ...runMembers, quarantine }),
    parameter: recordId('run'),
  })
  async run(@Param('id', RecordIdPipe) id: number): Promise<SyncRunDetail> {
    const run = await this.sync.run(id);
    if (!run) throw new NotFoundError('There is no run with this id. List the runs with GET /api/v1/sync/runs.');
    return run;
  }

  @Access('sync:read')
  @Get('sources')
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'List the sources and how each is doing', schema: page(record(sourceMembers)) })
  async sources(): Promise<Page<SourceStatus>> {
    const items = await this.status.all();
    return { items, next: null, asOf: oldest(items.map((source) => source.lastSuccessAt)) };
  }

  @Access('sync:read')
  @Get('holds')
  @Answers({ summary: 'List what waits for a person, or what waited', schema: page(record(holdViewMembers)) })
  holdsLike(@Query() { limit, cursor, ...filter }: HoldsParameters): Promise<Page<HoldView>> {
    return this.holds.list(filter, { limit, cursor });
  }

  @Access('sync:read')
  @Get('holds/:id')
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Show a hold and its records',
    schema: record(holdDetailMembers),
    parameter: recordId('hold'),
  })
  async hold(@Param('id', RecordIdPipe) id: number): Promise<SyncHoldDetail> {
    const hold = await this.sync.hold(id);
    if (!hold) throw new NotFoundError(NO_HOLD);
    return hold;
  }

  @Access('sync:read')
  @Get('holds/:id/items')
  @Answers({
    summary: 'List the records of a hold, by their id in the source',
    schema: page(record(holdItemMembers)),
    parameter: recordId('hold'),
  })
  async items(
    @Param('id', RecordIdPipe) id: number,
    @Query() { limit, cursor, removal }: HoldItemsParameters,
  ): Promise<Page<HoldItem>> {
    if (!(await this.holds.one(id))) throw new NotFoundError(NO_HOLD);
    return this.holds.items(id, removal, { limit, cursor });
  }
}

function oldest(instants: readonly (string | null)[]): string | null {
  return instants.filter((at) => at !== null).sort()[0] ?? null;
}
