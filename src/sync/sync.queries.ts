import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import type { SourceName } from '../config/sources.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage } from '../database/keyset-page.js';
import { SqlConditions, onDay, utc } from '../database/sql-conditions.js';
import { RecordCountsQueries, type RecordCounts } from './record-counts.queries.js';
import type { RunStatus, RunTrigger } from './sync.types.js';

export const RUN_STAGES = ['reading', 'applying', 'resolving', 'done'] as const;
export const RUN_KINDS = ['full', 'delta'] as const;

/** One run of one source. */
export interface SyncRun {
  readonly id: number;
  readonly source: SourceName;
  readonly trigger: RunTrigger;
  readonly kind: (typeof RUN_KINDS)[number];
  readonly dryRun: boolean;
  readonly status: RunStatus;
  readonly stage: (typeof RUN_STAGES)[number];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Records that the source announced, where it does. */
  readonly expectedRows: number | null;
  readonly pages: number;
  readonly rowsRead: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Records that had been absent and are shown again. */
  readonly returned: number;
  readonly absent: number;
  readonly missing: number;
  readonly gone: number;
  readonly held: number;
  readonly quarantined: number;
  readonly ignored: number;
  readonly sanitised: number;
  readonly unknownProperties: number;
  readonly requests: number;
  readonly minimumRequests: number;
  readonly retries: number;
  readonly resourceUnits: number;
  readonly minimumResourceUnits: number;
  readonly throttledMilliseconds: number;
  readonly note: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** What to do about the error, in words. */
  readonly errorFix: string | null;
}

/** Records that a run set aside for the same reason. */
export interface QuarantineGroup {
  readonly field: string;
  readonly reason: string;
  readonly records: number;
  /** Some of their ids in the source; null stands for a record without an id. */
  readonly examples: readonly (string | null)[];
}

/** A run with what it set aside. */
export interface SyncRunDetail extends SyncRun {
  readonly quarantine: readonly QuarantineGroup[];
}

/** Changes that wait for a person's word. */
export interface SyncHold {
  readonly id: number;
  readonly source: SourceName;
  /** `removals` when only the removals wait, `everything` when nothing of the run was applied. */
  readonly kind: 'removals' | 'everything';
  readonly runId: number;
  readonly reason: string;
  readonly openedAt: string;
  readonly records: number;
}

/** A hold with the records that it is about. */
export interface SyncHoldDetail extends SyncHold {
  readonly state: 'held' | 'released' | 'expired';
  readonly closedAt: string | null;
  readonly closeReason: string | null;
  readonly items: readonly {
    readonly externalId: string;
    readonly removal: 'absent' | 'changed' | 'deleted';
    /** What the record is called here, where it is stored. */
    readonly name: string | null;
  }[];
}

/** What the database knows of one source. */
export interface SourceFacts {
  readonly source: SourceName;
  readonly lastSuccessAt: string | null;
  readonly pausedAt: string | null;
  readonly pauseReason: string | null;
  /** The last run that was not a dry run. */
  readonly lastRun: SyncRun | null;
  readonly hold: SyncHold | null;
  /** Records that the source shows at present. */
  readonly rowsPresent: number;
}

/** What lists of runs can be narrowed to. */
export interface RunFilter {
  readonly source?: SourceName | undefined;
  readonly status?: RunStatus | undefined;
  readonly dryRun?: boolean | undefined;
  /** First and last day, in UK time, on which it began. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
}

/** Records of a hold that are listed; a page of more helps nobody to decide. */
const HOLD_ITEMS_SHOWN = 1_000;

/** SQL of a run as JSON, over a row of `sync_run` called `run`. */
const runJson = (run: string): string => `json_build_object(
  'id', ${run}.id, 'source', ${run}.source, 'trigger', ${run}.trigger, 'kind', ${run}.kind, 'dryRun', ${run}.dry_run,
  'status', ${run}.status, 'stage', ${run}.stage, 'startedAt', ${utc(`${run}.started_at`)},
  'finishedAt', ${utc(`${run}.finished_at`)}, 'expectedRows', ${run}.expected_rows, 'pages', ${run}.pages,
  'rowsRead', ${run}.rows_read, 'added', ${run}.added, 'changed', ${run}.changed, 'unchanged', ${run}.unchanged,
  'returned', ${run}.returned, 'absent', ${run}.absent, 'missing', ${run}.missing, 'gone', ${run}.gone, 'held', ${run}.held,
  'quarantined', ${run}.quarantined, 'ignored', ${run}.ignored, 'sanitised', ${run}.sanitised,
  'unknownProperties', ${run}.unknown_properties, 'requests', ${run}.requests, 'minimumRequests', ${run}.minimum_requests,
  'retries', ${run}.retries, 'resourceUnits', ${run}.resource_units,
  'minimumResourceUnits', ${run}.minimum_resource_units, 'throttledMilliseconds', ${run}.throttled_milliseconds,
  'note', ${run}.note, 'errorCode', ${run}.error_code, 'errorMessage', ${run}.error_message, 'errorFix', ${run}.error_fix)`;

/** SQL of a hold as JSON members, over a row called `hold`. */
const HOLD = `'id', hold.id, 'source', hold.source, 'kind', hold.kind, 'runId', hold.run_id, 'reason', hold.reason,
  'openedAt', ${utc('hold.opened_at')},
  'records', (select count(*) from sync_hold_item as item where item.hold_id = hold.id)`;

/** Reads what the synchronisation did and what waits. */
@Injectable()
export class SyncQueries {
  private readonly counts: RecordCountsQueries;

  /** @param countsMaximumAge how many milliseconds old the numbers of records may be; 0 counts anew each time. */
  constructor(
    private readonly dataSource: DataSource,
    countsMaximumAge = 0,
  ) {
    this.counts = new RecordCountsQueries(dataSource, countsMaximumAge);
  }

  /** One page of the runs, newest first. */
  async runs(filter: RunFilter, request: PageRequest): Promise<Page<SyncRun>> {
    const page = await keysetPage<SyncRun>(
      this.dataSource,
      { table: 'sync_run', conditions: runsLike(filter), item: runJson('sync_run'), sources: [] },
      { name: '-id', by: { expression: 'sync_run.id', type: 'bigint', descending: true } },
      request,
    );
    // What is read here is our own record of what happened, so it is never older than now.
    return { ...page, asOf: new Date().toISOString() };
  }

  /** How many runs match. */
  countRuns(filter: RunFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'sync_run', runsLike(filter));
  }

  /** One run with what it set aside; null when there is none with this id. */
  async run(id: number): Promise<SyncRunDetail | null> {
    const rows = await this.dataSource.query<{ run: SyncRun; quarantine: readonly QuarantineGroup[] }[]>(
      `select ${runJson('run')} as run, (
         select coalesce(json_agg(json_build_object('field', field, 'reason', reason, 'records', records,
                                                    'examples', examples) order by records desc, field, reason), '[]')
         from (select field, reason, count(*) as records,
                      (array_agg(external_id order by id))[1:5] as examples
               from sync_quarantine where run_id = run.id
               group by field, reason order by count(*) desc limit 100) as grouped) as quarantine
       from sync_run as run where run.id = $1`,
      [id],
    );
    return rows[0] ? { ...rows[0].run, quarantine: rows[0].quarantine } : null;
  }

  /** What is known of every source, in the order in which they are first read. */
  async sources(order: readonly SourceName[]): Promise<readonly SourceFacts[]> {
    const rows = await this.dataSource.query<{ facts: Omit<SourceFacts, 'rowsPresent'> }[]>(
      `select json_build_object(
         'source', source.source, 'lastSuccessAt', ${utc('source.last_success_at')},
         'pausedAt', ${utc('source.paused_at')}, 'pauseReason', source.pause_reason,
         'lastRun', (select ${runJson('run')} from sync_run as run where run.source = source.source and not run.dry_run
                     order by run.id desc limit 1),
         'hold', (select json_build_object(${HOLD}) from sync_hold as hold
                  where hold.source = source.source and hold.state = 'held')) as facts
       from sync_source as source order by array_position($1::text[], source.source)`,
      [order],
    );
    const { people, licences, deviceRecords } = await this.counts.read();
    const counted: Readonly<Record<string, number>> = { ...deviceRecords, users: people, 'subscribed-skus': licences };
    return rows.map(({ facts }) => ({ ...facts, rowsPresent: counted[facts.source] ?? 0 }));
  }

  /** The holds that wait for a person, oldest first; there is one a source at the most. */
  async openHolds(): Promise<readonly SyncHold[]> {
    const rows = await this.dataSource.query<{ hold: SyncHold }[]>(
      `select json_build_object(${HOLD}) as hold from sync_hold as hold where hold.state = 'held' order by hold.id`,
    );
    return rows.map((row) => row.hold);
  }

  /** One hold with its records; null when there is none with this id. */
  async hold(id: number): Promise<SyncHoldDetail | null> {
    const rows = await this.dataSource.query<{ hold: SyncHoldDetail }[]>(
      `select json_build_object(${HOLD}, 'state', hold.state, 'closedAt', ${utc('hold.closed_at')},
         'closeReason', hold.close_reason,
         'items', (
           select coalesce(json_agg(json_build_object('externalId', item.external_id, 'removal', item.removal, 'name',
             case hold.source
               when 'users' then (select display_name from person where entra_id = item.external_id)
               when 'subscribed-skus' then (select sku_part_number from subscribed_sku where sku_id = item.external_id)
               else (select record.name from device_record as record
                     where record.source = hold.source and record.external_id = item.external_id) end)
             order by item.external_id), '[]')
           from (select * from sync_hold_item where hold_id = hold.id
                 order by external_id limit ${HOLD_ITEMS_SHOWN}) as item)) as hold
       from sync_hold as hold where hold.id = $1`,
      [id],
    );
    return rows[0]?.hold ?? null;
  }

  /** How many people, machines and products are known to be there at present. */
  async totals(): Promise<Pick<RecordCounts, 'people' | 'devices' | 'licences'>> {
    return this.counts.read();
  }
}

function runsLike(filter: RunFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(filter.source, (value) => `sync_run.source = ${value}`)
    .addGiven(filter.status, (value) => `sync_run.status = ${value}`)
    .addGiven(filter.dryRun, (value) => `sync_run.dry_run = ${value}`)
    .addGiven(filter.startedFrom, (day) => onDay.orLater('sync_run.started_at', day))
    .addGiven(filter.startedTo, (day) => onDay.orEarlier('sync_run.started_at', day));
}
