import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { GraphMeter } from '../../graph/graph-meter.js';
import type { GraphPage } from '../../graph/graph-pages.js';
import { withLogFields } from '../../config/logger.js';
import { Transactor } from '../../database/transactor.js';
import { CallQualityService } from '../../network/call-quality/call-quality.service.js';
import { CallRejected, readListedCall, type ListedCall } from '../domain/call-record.js';
import { tooManyQuarantined } from '../domain/removal-guard.js';
import { describeFailure, LeaseLost, RunRejected, RunStopped } from '../run-failure.js';
import type { RunError } from '../sync.types.js';
import { CallRecordReader, type ReadingLimits } from './call-record-reader.js';
import type { CallRecordRunStatus } from './call-records.types.js';
import {
  CallRecordRunsService,
  type CallRecordFigures,
  type CallRecordRequest,
  type OpenRun,
} from './call-record-runs.service.js';

/** A reading that came to an end, whatever it was. */
export interface CallRecordsRead extends CallRecordFigures {
  readonly outcome: 'finished';
  readonly runId: number;
  readonly status: Exclude<CallRecordRunStatus, 'running'>;
  readonly requests: number;
  readonly milliseconds: number;
  readonly error: RunError | null;
}

/** A reading that was not begun, which leaves no record. */
export interface CallRecordsRefused {
  readonly outcome: 'refused';
  readonly reason: 'already-running' | 'no-people' | 'no-ranges';
  readonly message: string;
}

/** How long a process may be silent before another takes over, and how long a reading may last. */
export interface CallRecordTimings {
  readonly leaseSeconds: number;
  readonly readingSeconds: number;
}

/** Injection token of `CallRecordTimings`; nobody but a test needs to provide it. */
export const CALL_RECORD_TIMINGS = Symbol('CALL_RECORD_TIMINGS');
/** Three missed beats of half a minute; a month of the calls of 3,500 people takes about four hours. */
const DEFAULT_TIMINGS: CallRecordTimings = { leaseSeconds: 90, readingSeconds: 6 * 3_600 };

const DAY = 86_400_000;

/**
 * Reads Teams call records: day by day, page by page, every page in one transaction with what follows from it. Whatever
 * ends a reading, the pages before stay, and the next one goes on after the last day that is complete.
 */
@Injectable()
export class CallRecordsService {
  private readonly logger = new Logger('Sync');
  private readonly timings: CallRecordTimings;

  constructor(
    private readonly transactor: Transactor,
    private readonly reader: CallRecordReader,
    private readonly runs: CallRecordRunsService,
    private readonly callQuality: CallQualityService,
    @Optional() @Inject(CALL_RECORD_TIMINGS) timings?: CallRecordTimings,
  ) {
    this.timings = timings ?? DEFAULT_TIMINGS;
  }

  /**
   * Reads what is new, once. Whatever goes wrong, the outcome says so; only a database that is out of reach makes it
   * throw. Before there are people and ranges of addresses nothing is read: who and where could not be told, and the
   * addresses are not kept.
   */
  async read(request: CallRecordRequest, signal?: AbortSignal): Promise<CallRecordsRead | CallRecordsRefused> {
    const lacking = await this.lacking();
    const run = lacking === null ? await this.runs.open(request, this.timings.leaseSeconds) : null;
    if (run === null) {
      const refusal = lacking ?? ALREADY_RUNNING;
      this.logger.log(`call-records: not read, ${refusal.reason}`);
      return refusal;
    }
    return withLogFields({ run: String(run.id), source: 'call-records' }, () => this.hold(run, request, signal));
  }

  private async lacking(): Promise<CallRecordsRefused | null> {
    const [known] = await this.transactor.run((tx) =>
      tx.query<{ people: boolean; ranges: boolean }[]>(
        'select exists (select from person) as people, exists (select from network_range) as ranges',
      ),
    );
    if (known?.people !== true) return NO_PEOPLE;
    return known.ranges ? null : NO_RANGES;
  }

  /** Keeps the lease alive around the reading and tells an outside stop from a lost lease. */
  private async hold(run: OpenRun, request: CallRecordRequest, signal?: AbortSignal): Promise<CallRecordsRead> {
    const stop = new AbortController();
    const asked = (): void => stop.abort(new RunStopped());
    signal?.addEventListener('abort', asked, { once: true });
    if (signal?.aborted === true) asked();
    const beat = setInterval(
      () => {
        // A database that does not answer now may answer the next beat; every page checks the lease anyway.
        this.runs.prolong(run.id, this.timings.leaseSeconds).catch((error: unknown) => {
          if (error instanceof LeaseLost) stop.abort(error);
        });
      },
      (this.timings.leaseSeconds * 1_000) / 3,
    );
    try {
      return await this.work(run, request, stop.signal);
    } finally {
      clearInterval(beat);
      signal?.removeEventListener('abort', asked);
    }
  }

  private async work(run: OpenRun, request: CallRecordRequest, signal: AbortSignal): Promise<CallRecordsRead> {
    const started = Date.now();
    const meter = new GraphMeter();
    const limits: ReadingLimits = { meter, signal, deadline: started + this.timings.readingSeconds * 1_000 };
    const reading = new Reading(this.transactor, this.reader, this.runs, this.callQuality, {
      run,
      limits,
      again: request.everything ?? false,
      leaseSeconds: this.timings.leaseSeconds,
    });
    let status: CallRecordRunStatus = 'succeeded';
    let error: RunError | null = null;
    try {
      await reading.all();
    } catch (caught) {
      const reason: unknown = signal.aborted ? signal.reason : caught;
      status = reason instanceof RunStopped ? 'stopped' : 'failed';
      error = reason instanceof RunStopped ? null : describeFailure(reason);
    }
    status = await this.runs.close(run.id, status, error);
    const { figures } = reading;
    this.logger.log(`call-records: ${status}, ${figures.listed} listed, ${figures.takenOver} taken over`);
    const milliseconds = Date.now() - started;
    return {
      outcome: 'finished',
      runId: run.id,
      status: status as CallRecordsRead['status'],
      ...figures,
      requests: meter.requests,
      milliseconds,
      error,
    };
  }
}

interface ReadingContext {
  readonly run: OpenRun;
  readonly limits: ReadingLimits;
  /** Also what is known already. */
  readonly again: boolean;
  readonly leaseSeconds: number;
}

/** One reading, from day to day and page to page. */
class Reading {
  figures: CallRecordFigures = { listed: 0, unchanged: 0, takenOver: 0, notReady: 0, unreadable: 0, streams: 0 };

  constructor(
    private readonly transactor: Transactor,
    private readonly reader: CallRecordReader,
    private readonly runs: CallRecordRunsService,
    private readonly callQuality: CallQualityService,
    private readonly context: ReadingContext,
  ) {}

  /** Oldest first: Graph forgets the oldest next. */
  async all(): Promise<void> {
    const { run, limits, leaseSeconds } = this.context;
    for (let from = run.from; from < run.until;) {
      const until = new Date(Math.min(from.getTime() + DAY, run.until.getTime()));
      for await (const page of this.reader.list(from, until, limits)) {
        limits.signal.throwIfAborted();
        await this.take(page);
      }
      this.check();
      await this.runs.reached(run.id, until, leaseSeconds);
      from = until;
    }
  }

  private async take(page: GraphPage): Promise<void> {
    const { run, limits, again, leaseSeconds } = this.context;
    const listed = new Map<string, ListedCall>();
    let unreadable = 0;
    for (const item of page.items) {
      try {
        const call = readListedCall(item);
        listed.set(call.callId, call);
      } catch (error) {
        if (!(error instanceof CallRejected)) throw error;
        unreadable += 1;
      }
    }
    const ids = [...listed.keys()];
    const known = again
      ? new Map<string, number>()
      : await this.transactor.run((tx) => this.callQuality.knownVersions(tx, ids));
    const wanted = [...listed.values()].filter(({ callId, version }) => version > (known.get(callId) ?? -1));
    const read = await this.reader.read(
      wanted.map(({ callId }) => callId),
      limits,
    );
    const before = this.figures;
    this.figures = await this.transactor.run(async (tx) => {
      const taken = await this.callQuality.takeOver(tx, read.calls, again);
      const figures = {
        listed: before.listed + page.items.length,
        unchanged: before.unchanged + listed.size - wanted.length,
        takenOver: before.takenOver + taken.calls,
        notReady: before.notReady + read.notReady,
        unreadable: before.unreadable + unreadable + read.unreadable,
        streams: before.streams + taken.streams,
      };
      await this.runs.note(tx, run.id, figures, limits.meter, leaseSeconds);
      return figures;
    });
  }

  /** @throws RunRejected when so many records are bad that Graph's answers must have changed */
  private check(): void {
    const { unreadable, listed } = this.figures;
    if (!tooManyQuarantined(unreadable, listed)) return;
    throw new RunRejected(
      'too_many_bad_records',
      `${unreadable} of ${listed} call records could not be understood.`,
      'The others are kept. Graph or a proxy may have changed its answers; the next reading asks for the same days again.',
    );
  }
}

const ALREADY_RUNNING: CallRecordsRefused = {
  outcome: 'refused',
  reason: 'already-running',
  message: 'Another process is reading call records.',
};
const NO_PEOPLE: CallRecordsRefused = {
  outcome: 'refused',
  reason: 'no-people',
  message: 'Nobody is known yet: read the users first.',
};
const NO_RANGES: CallRecordsRefused = {
  outcome: 'refused',
  reason: 'no-ranges',
  message: 'No addresses of sites are known yet, by which offices are told from homes: enter or import them first.',
};
