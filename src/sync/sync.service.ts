import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { appendToAudit } from '../audit/audit-trail.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import type { SourceName } from '../config/sources.js';
import { Transactor } from '../database/transactor.js';
import { FormFactorService } from '../devices/form-factor.service.js';
import { IdentityService } from '../devices/identity.service.js';
import { ImportService } from '../devices/import/import.service.js';
import { SearchIndexService } from '../devices/search-index.service.js';
import { GRAPH_SETTINGS } from '../graph/graph-client.js';
import type { GraphSettings } from '../config/config.types.js';
import { GraphMeter } from '../graph/graph-meter.js';
import { withLogFields } from '../config/logger.js';
import { HoldService } from './hold.service.js';
import { LeaseService, type Lease, type TenantIdentity } from './lease.service.js';
import { MergeService, type MergeResult, type StagedRead } from './merge.service.js';
import { ReadService, TooManyRecords, type ReadContext } from './read.service.js';
import { ENDED_RUN, runEntry, type EndedRun } from './run-audit.js';
import { describeFailure, LeaseLost, RunStopped } from './run-failure.js';
import { DEFAULT_RUN_TIMINGS, RUN_HOOK, RUN_TIMINGS, type RunHook, type RunTimings } from './run-hooks.js';
import { SOURCES } from './sources/registry.js';
import { stagingTable } from './sources/source.js';
import {
  NO_COUNTS,
  type FinishedRun,
  type RunError,
  type RunOutcome,
  type RunProgress,
  type RunRequest,
  type RunStatus,
} from './sync.types.js';

/** Runs one source from Graph to the database: read to staging, decide, apply in one transaction, close the run. */
@Injectable()
export class SyncService {
  private readonly logger = new Logger('Sync');
  private readonly hook: RunHook;
  private readonly timings: RunTimings;

  constructor(
    private readonly transactor: Transactor,
    private readonly leases: LeaseService,
    private readonly reader: ReadService,
    private readonly merger: MergeService,
    private readonly holds: HoldService,
    private readonly identity: IdentityService,
    private readonly formFactors: FormFactorService,
    private readonly imports: ImportService,
    private readonly searchIndex: SearchIndexService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(GRAPH_SETTINGS) private readonly settings: () => GraphSettings,
    @Optional() @Inject(RUN_HOOK) hook?: RunHook,
    @Optional() @Inject(RUN_TIMINGS) timings?: RunTimings,
  ) {
    this.hook = hook ?? (async () => undefined);
    this.timings = timings ?? DEFAULT_RUN_TIMINGS;
  }

  /** Runs a source once, as `readAndApply` does, and then works out what follows from its records. */
  async run(name: SourceName, request: RunRequest): Promise<RunOutcome> {
    const outcome = await this.readAndApply(name, request);
    await this.workOutWhatFollows([outcome], request);
    return outcome;
  }

  /**
   * Reads a source and applies what it shows; `workOutWhatFollows` comes afterwards. Whatever goes wrong, the outcome says so and yesterday's state stays; only a database that is out of reach makes it throw, as then
   * not even the run's record can be kept.
   */
  async readAndApply(name: SourceName, request: RunRequest): Promise<RunOutcome> {
    const source = SOURCES[name];
    const { leaseSeconds } = this.timings;
    const lease = await this.leases.acquire(source, request, tenantOf(this.settings()), leaseSeconds);
    if ('outcome' in lease) {
      this.logger.log(`${name}: not run, ${lease.reason}`);
      return lease;
    }
    return withLogFields({ run: lease.runId, source: name }, () => this.hold(lease, request));
  }

  /** Keeps the lease alive around the run and tells an outside stop from a lost lease. */
  private async hold(lease: Lease, request: RunRequest): Promise<FinishedRun> {
    const stop = new AbortController();
    const asked = (): void => stop.abort(new RunStopped());
    request.signal?.addEventListener('abort', asked, { once: true });
    if (request.signal?.aborted) asked();
    const beat = setInterval(
      () => {
        // A database that does not answer now may answer the next beat; the apply transaction checks the fence anyway.
        this.leases.prolong(lease, this.timings.leaseSeconds).catch((error: unknown) => {
          if (error instanceof LeaseLost) stop.abort(error);
        });
      },
      (this.timings.leaseSeconds * 1_000) / 3,
    );
    try {
      return await this.work(lease, request, stop.signal);
    } finally {
      clearInterval(beat);
      request.signal?.removeEventListener('abort', asked);
    }
  }

  private async work(lease: Lease, request: RunRequest, signal: AbortSignal): Promise<FinishedRun> {
    const started = Date.now();
    const meter = new GraphMeter();
    const context: ReadContext = {
      lease,
      leaseSeconds: this.timings.leaseSeconds,
      deadline: started + this.timings.runSeconds * 1_000,
      signal,
      recordCap: await this.recordCap(lease),
      meter,
      hook: this.hook,
      ...(request.onProgress ? { onProgress: request.onProgress } : {}),
    };
    let read: StagedRead;
    let merged: MergeResult;
    try {
      await this.hook('run-opened');
      read = await this.reader.read(context);
      await this.hook('read-complete');
      const { kind, figures } = read;
      request.onProgress?.(progressAt('applying', { runId: lease.runId, source: lease.source.name, kind, ...figures }));
      merged = await this.merger.apply(lease, read, request.dryRun ?? false, () => this.hook('before-commit'));
      await this.hook('after-commit');
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      return await this.fail(lease, request, meter, reason, Date.now() - started);
    }
    const finished = this.finished(lease, request, meter, started, read, merged);
    request.onProgress?.(progressAt('done', finished));
    this.logger.log(
      `${lease.source.name}: ${finished.status}, ${finished.rowsRead} rows, ${finished.counts.changed} changed`,
    );
    return finished;
  }

  /**
   * Works out what follows from runs that have ended: which machines their records are, and by what all of it is found.
   */
  async workOutWhatFollows(
    outcomes: readonly RunOutcome[],
    request: Pick<RunRequest, 'signal' | 'onProgress'>,
  ): Promise<void> {
    const applied = outcomes.filter(wasApplied);
    const run = applied.findLast(({ source }) => SOURCES[source].target.table === 'device_record') ?? applied.at(-1);
    if (run === undefined) return;
    await withLogFields({ run: run.runId, source: run.source }, async () => {
      if (SOURCES[run.source].target.table === 'device_record') {
        request.onProgress?.(progressAt('resolving', run));
        await this.workOutMachines(request.signal);
        request.onProgress?.(progressAt('done', run));
      } else {
        await this.afterwards(request.signal, () => this.searchIndex.takeOverPending(request.signal));
      }
    });
  }

  /**
   * Finds the machines of records that wait for it, what they are and by what they are found, those that an earlier
   * process left included.
   */
  async workOutMachines(signal?: AbortSignal): Promise<void> {
    await this.afterwards(signal, () => this.resolve(signal));
    await this.afterwards(signal, () => this.formFactors.classifyPending(signal));
    await this.afterwards(signal, () => this.searchIndex.takeOverPending(signal));
  }

  private async resolve(signal: AbortSignal | undefined): Promise<void> {
    const { records } = await this.identity.resolvePending(signal);
    // A laptop that was entered in the register before it was ever switched on may have enrolled just now.
    if (records > 0) await this.imports.linkMachines();
    await this.hook('resolved');
  }

  /** What cannot be worked out now stays pending and is worked out after the next run: the rows are safe either way. */
  private async afterwards(signal: AbortSignal | undefined, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal?.aborted !== true) this.logger.error(error instanceof Error ? error : String(error));
    }
  }

  /** A person who has looked at a read that was held as too large may let it through once. */
  private async recordCap(lease: Lease): Promise<number> {
    const released = await this.transactor.run((tx) => this.holds.releasedWhole(tx, lease.source.name));
    return released ? Number.MAX_SAFE_INTEGER : this.config.recordCap;
  }

  /**
   * Closes a run that did not get through. When the answer to COMMIT was lost, the record says what really happened.
   */
  private async fail(
    lease: Lease,
    request: RunRequest,
    meter: GraphMeter,
    reason: unknown,
    milliseconds: number,
  ): Promise<FinishedRun> {
    const tooMany = reason instanceof TooManyRecords;
    const error = tooMany || reason instanceof RunStopped ? null : describeFailure(reason);
    const status: RunStatus = tooMany
      ? 'held'
      : reason instanceof RunStopped
        ? 'stopped'
        : reason instanceof LeaseLost
          ? 'abandoned'
          : 'failed';
    const note = tooMany
      ? `More than ${reason.records} records were sent: this looks like another tenant or an endless list.`
      : null;
    if (error !== null) this.logger.warn(`${lease.source.name}: ${status}, ${error.code}`);
    const row = await this.transactor.run(async (tx) => {
      const closed = await tx.query<(ClosedRun & EndedRun)[]>(
        `with closed as (
           update sync_run set status = $2, finished_at = now(), stage = 'done', error_code = $3, error_message = $4,
             error_fix = $5, note = $6, requests = $7, retries = $8, resource_units = $9, throttled_milliseconds = $10
           where id = $1 and status = 'running' returning *)
         select ${ENDED_RUN}, pages from closed`,
        [
          lease.runId,
          status,
          error?.code ?? null,
          error?.message ?? null,
          error?.fix ?? null,
          note,
          meter.requests,
          meter.retries,
          Math.round(meter.resourceUnits),
          Math.round(meter.throttledMilliseconds),
        ],
      );
      if (closed[0] !== undefined) {
        // Still ours: nobody else has begun a run, so what is staged is ours too.
        await this.leases.confirm(tx, lease);
        await tx.query(`truncate ${stagingTable(lease.source)}`);
        if (tooMany && request.dryRun !== true) await this.holds.openWhole(tx, lease, note ?? '');
        await this.leases.release(tx, lease);
        await appendToAudit(tx, runEntry(closed[0]));
        return closed[0];
      }
      const [actual] = await tx.query<ClosedRun[]>(
        `select status, kind, pages, rows_read from sync_run where id = $1`,
        [lease.runId],
      );
      return actual;
    });
    const finalStatus = (row?.status ?? status) as FinishedRun['status'];
    return {
      outcome: 'finished',
      runId: lease.runId,
      source: lease.source.name,
      kind: row?.kind ?? lease.kind,
      dryRun: request.dryRun ?? false,
      status: finalStatus,
      counts: NO_COUNTS,
      rowsRead: row?.rows_read ?? 0,
      pages: row?.pages ?? 0,
      requests: meter.requests,
      minimumRequests: 0,
      resourceUnits: Math.round(meter.resourceUnits),
      minimumResourceUnits: 0,
      throttledMilliseconds: Math.round(meter.throttledMilliseconds),
      milliseconds,
      note,
      error: finalStatus === status ? error : lostAnswer(error),
    };
  }

  private finished(
    lease: Lease,
    request: RunRequest,
    meter: GraphMeter,
    started: number,
    read: StagedRead,
    merged: MergeResult,
  ): FinishedRun {
    return {
      outcome: 'finished',
      runId: lease.runId,
      source: lease.source.name,
      kind: read.kind,
      dryRun: request.dryRun ?? false,
      status: merged.status,
      counts: merged.counts,
      rowsRead: read.figures.rowsRead,
      pages: read.figures.pages,
      requests: meter.requests,
      minimumRequests: read.minimumRequests,
      resourceUnits: Math.round(meter.resourceUnits),
      minimumResourceUnits: read.minimumResourceUnits,
      throttledMilliseconds: Math.round(meter.throttledMilliseconds),
      milliseconds: Date.now() - started,
      note: merged.note,
      error: null,
    };
  }
}

interface ClosedRun {
  readonly status: RunStatus;
  readonly kind: 'full' | 'delta';
  readonly pages: number;
  readonly rows_read: number;
}

/** The run had been committed after all, or another process had closed it: only the latter leaves an error. */
function lostAnswer(error: RunError | null): RunError | null {
  return error?.code === 'database_unavailable' ? null : error;
}

function tenantOf(settings: GraphSettings): TenantIdentity {
  return { tenantId: settings.tenantId.toLowerCase(), graphOrigin: settings.baseUrl, kind: settings.kind };
}

/** Whether a run may have changed records. */
function wasApplied(outcome: RunOutcome): outcome is FinishedRun {
  if (outcome.outcome === 'refused' || outcome.dryRun) return false;
  return outcome.status === 'succeeded' || outcome.status === 'held';
}

/** How a run whose read is complete stands. */
function progressAt(
  stage: RunProgress['stage'],
  run: Pick<RunProgress, 'runId' | 'source' | 'kind' | 'pages' | 'rowsRead' | 'throttledMilliseconds'>,
): RunProgress {
  const { runId, source, kind, pages, rowsRead, throttledMilliseconds } = run;
  return { runId, source, kind, stage, pages, rowsRead, expectedRows: rowsRead, throttledMilliseconds };
}
