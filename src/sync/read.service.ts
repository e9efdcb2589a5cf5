import { Injectable } from '@nestjs/common';
import { GraphClient } from '../graph/graph-client.js';
import { GraphFailure } from '../graph/graph-errors.js';
import { GraphMeter } from '../graph/graph-meter.js';
import type { GraphPage } from '../graph/graph-pages.js';
import { convertPage, type ReadKind } from './domain/record-conversion.js';
import { tooManyQuarantined } from './domain/removal-guard.js';
import type { Lease } from './lease.service.js';
import type { StagedRead } from './merge.service.js';
import { RunRejected } from './run-failure.js';
import type { RunHook } from './run-hooks.js';
import { StagingService, type RunFigures } from './staging.service.js';
import type { Source } from './sources/source.js';
import type { RunProgress } from './sync.types.js';

/** What a read works with. */
export interface ReadContext {
  readonly lease: Lease;
  readonly leaseSeconds: number;
  /** Epoch milliseconds at which the run must have ended. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Most records before the run is held. */
  readonly recordCap: number;
  readonly meter: GraphMeter;
  readonly hook: RunHook;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** More records than one tenant of this size can have: another tenant's, or an endless list. */
export class TooManyRecords extends Error {
  override readonly name = 'TooManyRecords';
  constructor(readonly records: number) {
    super(`More than ${records} records were sent.`);
  }
}

/** Full pages of nothing but repetitions after which a list is taken for endless; Graph may repeat single records. */
const PAGES_WITHOUT_NEWS = 20;
/** Times a read starts again after its page token ran out in the middle. */
const RESTARTS = 3;

/** Reads one source of Graph into the staging table. */
@Injectable()
export class ReadService {
  constructor(
    private readonly graph: GraphClient,
    private readonly staging: StagingService,
  ) {}

  /**
   * Reads everything, or with a cursor what changed since. A cursor that Graph no longer knows makes it a complete read.
   * @throws GraphFailure, LeaseLost, RunRejected, TooManyRecords
   */
  async read(context: ReadContext): Promise<StagedRead> {
    let { kind, cursor } = context.lease;
    for (let restart = 0; ; restart++) {
      try {
        return await this.readOnce(context, kind, kind === 'delta' ? cursor : null);
      } catch (error) {
        if (!(error instanceof GraphFailure) || error.code !== 'cursor_lost' || restart >= RESTARTS) throw error;
        if (!error.pageTokenExpired) [kind, cursor] = ['full', null];
        await this.staging.clear(context.lease);
      }
    }
  }

  private async readOnce(context: ReadContext, kind: ReadKind, cursor: string | null): Promise<StagedRead> {
    const { lease } = context;
    const { source } = lease;
    // Taken before the list, so that whatever changes during the read is told again by the next delta.
    const startingCursor = kind === 'full' ? await this.latestCursor(source, context) : null;
    const reading = new Reading(source, kind, context, kind === 'full' ? lease.expectedRows : null);
    // While Postgres stages one page the next is converted, and the one after it is on its way.
    let underWay: { page: GraphPage; staged: Promise<number> } | null = null;
    const settle = async (): Promise<void> => {
      if (underWay === null) return;
      const { page, staged } = underWay;
      underWay = null;
      reading.staged(page, await staged);
      if (reading.distinctIds > context.recordCap) throw new TooManyRecords(context.recordCap);
      context.onProgress?.(reading.progress());
      await context.hook('page-staged');
      context.signal.throwIfAborted();
    };
    try {
      for await (const page of this.pages(cursor ?? source.listPath, source, context)) {
        const converted = convertPage(page.items, source.shape, kind);
        await settle();
        reading.take(page, converted);
        const staged = this.staging.stage(lease, converted, reading.figures(), context.leaseSeconds);
        staged.catch(() => undefined);
        underWay = { page, staged };
      }
      await settle();
    } finally {
      // Nothing may still be writing when the run is closed.
      await (underWay as { staged: Promise<number> } | null)?.staged.catch(() => undefined);
    }
    reading.check();
    if (reading.distinctIds > 500) await this.staging.analyse(lease);
    return reading.finish(startingCursor);
  }

  /** A delta link that starts from now, or null where the tenant's Graph does not give one. */
  private async latestCursor(source: Source, context: ReadContext): Promise<string | null> {
    if (source.deltaPath === null) return null;
    try {
      for await (const page of this.pages(`${source.deltaPath}&$deltatoken=latest`, source, context)) {
        if (page.deltaLink !== null) return page.deltaLink;
      }
      return null;
    } catch (error) {
      // Without it every read is complete, which costs requests and loses nothing.
      if (error instanceof GraphFailure && error.code === 'contract_broken') return null;
      throw error;
    }
  }

  private pages(path: string, source: Source, context: ReadContext): AsyncGenerator<GraphPage> {
    return this.graph.pages({
      path,
      permission: source.permission,
      lane: source.lane,
      meter: context.meter,
      signal: context.signal,
      deadline: context.deadline,
    });
  }
}

/** The figures of one read, from page to page. */
class Reading {
  private pages = 0;
  private rows = 0;
  private quarantined = 0;
  private sanitised = 0;
  private unknownProperties = 0;
  private announced: number | null = null;
  private deltaLink: string | null = null;
  /** Records staged so far, each id once; counted by the database, so that memory does not grow with the tenant. */
  distinctIds = 0;
  private pagesWithoutNews = 0;

  constructor(
    private readonly source: Source,
    private readonly kind: ReadKind,
    private readonly context: ReadContext,
    private readonly expectedRows: number | null,
  ) {}

  take(page: GraphPage, converted: ReturnType<typeof convertPage>): void {
    this.pages++;
    this.rows += page.items.length;
    this.quarantined += converted.quarantined.length;
    this.sanitised += converted.sanitised;
    this.unknownProperties += converted.unknownProperties;
    this.announced ??= page.count;
    this.deltaLink = page.deltaLink;
  }

  /** @throws RunRejected when a complete read goes round in circles under ever new links. */
  staged(page: GraphPage, newIds: number): void {
    this.distinctIds += newIds;
    this.pagesWithoutNews = newIds > 0 || page.items.length === 0 ? 0 : this.pagesWithoutNews + 1;
    if (this.kind === 'full' && this.pagesWithoutNews >= PAGES_WITHOUT_NEWS) {
      throw new RunRejected(
        'contract_broken',
        `${PAGES_WITHOUT_NEWS} pages in a row repeated records that had been read: the list has no end.`,
        'Nothing was changed. A proxy or Graph itself is at fault; the next run tries again.',
      );
    }
  }

  figures(): RunFigures {
    const { meter } = this.context;
    return {
      pages: this.pages,
      rowsRead: this.rows,
      quarantined: this.quarantined,
      sanitised: this.sanitised,
      unknownProperties: this.unknownProperties,
      requests: meter.requests,
      retries: meter.retries,
      resourceUnits: Math.round(meter.resourceUnits),
      throttledMilliseconds: Math.round(meter.throttledMilliseconds),
      expectedRows: this.announced ?? this.expectedRows,
    };
  }

  progress(): RunProgress {
    const { pages, rowsRead, expectedRows, throttledMilliseconds } = this.figures();
    const { lease } = this.context;
    return {
      runId: lease.runId,
      source: this.source.name,
      kind: this.kind,
      stage: 'reading',
      pages,
      rowsRead,
      expectedRows,
      throttledMilliseconds,
    };
  }

  /** @throws RunRejected when the read may not be used. */
  check(): void {
    if (tooManyQuarantined(this.quarantined, this.rows)) {
      throw new RunRejected(
        'too_many_bad_records',
        `${this.quarantined} of ${this.rows} records could not be understood.`,
        'Nothing was changed. Look at the reasons on the page of this run; Graph or a proxy may have changed its answers.',
      );
    }
    if (this.kind === 'delta' && this.deltaLink === null) {
      throw new RunRejected(
        'incomplete_delta',
        'The answer to a delta query ended without a delta link.',
        'Nothing was changed. The next run asks for the same changes again.',
      );
    }
  }

  finish(startingCursor: string | null): StagedRead {
    const { pageSize, resourceUnitsPerPage, deltaPath } = this.source;
    // No fewer requests are possible: the pages that the size forces, and one for the delta link.
    const forced =
      this.kind === 'full' && pageSize !== null ? Math.max(1, Math.ceil(this.rows / pageSize)) : this.pages;
    const cursorRequest = this.kind === 'full' && deltaPath !== null ? 1 : 0;
    return {
      kind: this.kind,
      nextCursor: this.kind === 'delta' ? this.deltaLink : startingCursor,
      announced: this.announced,
      distinctIds: this.distinctIds,
      figures: this.figures(),
      minimumRequests: forced + cursorRequest,
      // A page of a delta costs one unit, whatever its list costs: $select takes one off and nothing is expanded.
      minimumResourceUnits: forced * (this.kind === 'full' ? resourceUnitsPerPage : 1) + cursorRequest,
    };
  }
}
