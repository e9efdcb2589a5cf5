import { Injectable } from '@nestjs/common';
import type { MeasuredCall } from '../../network/domain/call-measurement.js';
import type { BatchAnswer } from '../../graph/graph-batch.js';
import type { GraphReadOptions } from '../../graph/graph-call.js';
import { GraphClient } from '../../graph/graph-client.js';
import { GraphFailure } from '../../graph/graph-errors.js';
import type { GraphMeter } from '../../graph/graph-meter.js';
import type { GraphPage } from '../../graph/graph-pages.js';
import { CallRejected, readCall, readSessions } from '../domain/call-record.js';

/** Least permission (application) that reads call records, from Microsoft's permission reference. */
export const CALL_RECORDS_PERMISSION = 'CallRecords.Read.All';

/** What a reading works within. */
export interface ReadingLimits {
  readonly meter: GraphMeter;
  readonly signal: AbortSignal;
  /** Epoch milliseconds at which the reading must have ended. */
  readonly deadline: number;
}

/** What came of asking for calls. */
export interface CallsRead {
  readonly calls: readonly MeasuredCall[];
  /** Listed, but not to be had: Graph keeps a record back until it is complete. */
  readonly notReady: number;
  /** Not what Graph documents. */
  readonly unreadable: number;
}

/** A $batch takes 20 (learn.microsoft.com/graph/json-batching). */
const READ_AT_ONCE = 20;
/** 60 sessions each: more than a meeting can have people. */
const MOST_SESSION_PAGES = 1_000;
/** What goes wrong with every record alike, and ends the reading. */
const COMMON_FAILURES: ReadonlySet<string> = new Set(['unauthorised', 'forbidden', 'unlicensed', 'throttled']);

/** Asks Microsoft Graph for call records. */
@Injectable()
export class CallRecordReader {
  constructor(private readonly graph: GraphClient) {}

  /** Pages of the calls that began from `from` to before `until`; of each call only what the list says. */
  list(from: Date, until: Date, limits: ReadingLimits): AsyncGenerator<GraphPage> {
    const filter = `startDateTime ge ${from.toISOString()} and startDateTime lt ${until.toISOString()}`;
    const path = `/communications/callRecords?$filter=${encodeURIComponent(filter)}`;
    return this.graph.pages({ ...optionsOf('call-record-lists', limits), path });
  }

  /**
   * Reads calls with all their sessions, a few at a time, so that memory stays flat.
   * @throws GraphFailure when the calls cannot be read at all: no permission, no pause short enough
   */
  async read(callIds: readonly string[], limits: ReadingLimits): Promise<CallsRead> {
    const calls: MeasuredCall[] = [];
    let [notReady, unreadable] = [0, 0];
    for (let start = 0; start < callIds.length; start += READ_AT_ONCE) {
      limits.signal.throwIfAborted();
      const items = callIds.slice(start, start + READ_AT_ONCE).map((id) => ({
        id,
        path: `/communications/callRecords/${id}?$expand=sessions($expand=segments)`,
      }));
      const answers = await this.graph.batch(items, optionsOf('call-records', limits));
      for (const answer of answers.values()) {
        const outcome = await this.convert(answer, limits);
        if (outcome === 'not-ready') notReady += 1;
        else if (outcome === 'unreadable') unreadable += 1;
        else calls.push(outcome);
      }
    }
    return { calls, notReady, unreadable };
  }

  private async convert(
    answer: BatchAnswer,
    limits: ReadingLimits,
  ): Promise<MeasuredCall | 'not-ready' | 'unreadable'> {
    if (answer.failure !== null) return judged(answer.failure);
    try {
      const call = readCall(answer.body);
      if (call.callId !== answer.id) return 'unreadable';
      const next = (answer.body as Record<string, unknown>)['sessions@odata.nextLink'];
      if (typeof next !== 'string') return call;
      const sides = new Map(call.sides.map((side) => [keyOf(side), side]));
      const options = { ...optionsOf('call-records', limits), path: next, maximumPages: MOST_SESSION_PAGES };
      for await (const page of this.graph.pages(options)) {
        for (const side of readSessions(page.items, call.startedAt)) sides.set(keyOf(side), side);
      }
      return { ...call, sides: [...sides.values()] };
    } catch (error) {
      if (error instanceof CallRejected) return 'unreadable';
      if (error instanceof GraphFailure) return judged(error);
      throw error;
    }
  }
}

/** What a failure means for its one call. @throws GraphFailure when it means the same for every other */
function judged(failure: GraphFailure): 'not-ready' | 'unreadable' {
  if (COMMON_FAILURES.has(failure.code)) throw failure;
  return failure.status === 404 ? 'not-ready' : 'unreadable';
}

function keyOf(side: { readonly segment: string; readonly media: string; readonly personEntraId: string }): string {
  return [side.segment, side.media, side.personEntraId].join(' ');
}

function optionsOf(lane: GraphReadOptions['lane'], limits: ReadingLimits): GraphReadOptions {
  return { lane, permission: CALL_RECORDS_PERMISSION, ...limits };
}
