import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transactor } from '../../database/transactor.js';
import { noteNetworkChange, noteSitesChange } from '../network-changes.service.js';
import type { CallSide, MeasuredCall } from '../domain/call-measurement.js';
import { TAKE_OVER, WORK_OUT_HOURS, WORK_OUT_WEEKS } from './taking-over.sql.js';

/** What taking calls over came to. */
export interface CallsTakenOver {
  /** Calls of which more is known now. */
  readonly calls: number;
  /** Sides of our people that are new or differ. */
  readonly streams: number;
}

/** What was dropped because of its age, or because its person is gone. */
export interface CallsDropped {
  readonly calls: number;
  readonly streams: number;
  readonly weeks: number;
  readonly hours: number;
}

interface Touched extends CallsTakenOver {
  readonly weeks: readonly { readonly person: string; readonly week: string }[];
  readonly hours: readonly { readonly site: number; readonly hour: string }[];
  readonly homes: readonly string[];
}

/** A call can change for 30 days; ten more keep the week in which it began whole until then. */
const CALLS_KEPT = '40 days';
/** Half a year shows whether a home or a site gets better. */
const WEEKS_KEPT = '26 weeks';
/** Calls dropped in one transaction, with some tens of rows each. */
const DROPPED_AT_ONCE = 5_000;

/** Keeps what calls say of networks: figures and places, never addresses. */
@Injectable()
export class CallQualityService {
  constructor(private readonly transactor: Transactor) {}

  /** The versions in which calls are known, by id. */
  async knownVersions(tx: EntityManager, callIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ call_id: string; version: string }[]>(
      'select call_id, version from call_record where call_id = any($1::uuid[])',
      [callIds],
    );
    return new Map(rows.map(({ call_id, version }) => [call_id, Number(version)]));
  }

  /**
   * Takes calls over, each once: a later version replaces an earlier one, anything else changes nothing. The weeks of
   * people and the hours of sites that it touches are worked out anew in the same transaction.
   * @param again also where the same version is known, because the ranges by which places are told have changed
   */
  async takeOver(tx: EntityManager, calls: readonly MeasuredCall[], again = false): Promise<CallsTakenOver> {
    if (calls.length === 0) return { calls: 0, streams: 0 };
    const records = calls.map(({ callId, version, startedAt }) => ({
      call_id: callId,
      version,
      started_at: startedAt,
    }));
    const sides = calls.flatMap(({ callId, sides: all }) => all.map((side) => sideRow(callId, side)));
    const [touched] = await tx.query<Touched[]>(TAKE_OVER, [JSON.stringify(records), JSON.stringify(sides), again]);
    if (touched === undefined) throw new Error('Taking calls over gave no answer.');
    const { weeks, hours, homes } = touched;
    if (weeks.length > 0) await tx.query(WORK_OUT_WEEKS, [JSON.stringify(weeks)]);
    if (hours.length > 0) {
      await tx.query(WORK_OUT_HOURS, [JSON.stringify(hours)]);
      await noteSitesChange(tx, [...new Set(hours.map(({ site }) => site))]);
    }
    await noteNetworkChange(tx, { kind: 'home', subjects: homes });
    return { calls: touched.calls, streams: touched.streams };
  }

  /**
   * Drops calls after 40 days and what was worked out from them after 26 weeks. Their weeks and hours stay as they are:
   * nothing is worked out anew from fewer rows.
   */
  async dropOld(signal?: AbortSignal): Promise<Pick<CallsDropped, 'calls' | 'weeks' | 'hours'>> {
    let calls = 0;
    for (let dropped = DROPPED_AT_ONCE; dropped >= DROPPED_AT_ONCE && signal?.aborted !== true; calls += dropped) {
      dropped = await this.remove(
        `delete from call_record where call_id in (
           select call_id from call_record where started_at < now() - interval '${CALLS_KEPT}' limit ${DROPPED_AT_ONCE})`,
      );
    }
    const weeks = await this.remove(
      `delete from call_quality_person_week where week < (now() - interval '${WEEKS_KEPT}')::date`,
    );
    const hours = await this.remove(`delete from call_quality_site_hour where hour < now() - interval '${WEEKS_KEPT}'`);
    return { calls, weeks, hours };
  }

  /** Drops what is known of people who are gone from the directory. What sites' hours count names nobody and stays. */
  async forgetGonePeople(): Promise<Pick<CallsDropped, 'streams' | 'weeks'>> {
    const gone = `not exists (select from person where person.entra_id = kept.person_entra_id and person.presence <> 'gone')`;
    return {
      streams: await this.remove(`delete from call_stream as kept where ${gone}`),
      weeks: await this.remove(`delete from call_quality_person_week as kept where ${gone}`),
    };
  }

  private async remove(statement: string): Promise<number> {
    const [row] = await this.transactor.run((tx) =>
      tx.query<{ removed: number }[]>(
        `with removed as (${statement} returning 1) select count(*)::integer as removed from removed`,
      ),
    );
    return row?.removed ?? 0;
  }
}

/** A side as the statement takes it; an address that is none would make Postgres quote it in an error. */
function sideRow(callId: string, side: CallSide): object {
  return {
    call_id: callId,
    segment: side.segment,
    media: side.media,
    person_entra_id: side.personEntraId,
    started_at: side.startedAt,
    seconds: side.seconds,
    connection: side.connection,
    local_address: address(side.localAddress),
    subnet: address(side.subnet),
    public_address: address(side.publicAddress),
    round_trip_ms: side.roundTripMs,
    jitter_ms: side.jitterMs,
    loss_ratio: side.lossRatio,
  };
}

function address(text: string | null): string | null {
  return text !== null && isIP(text) !== 0 ? text : null;
}
