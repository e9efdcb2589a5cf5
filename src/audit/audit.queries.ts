import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage } from '../database/keyset-page.js';
import { SqlConditions, utc } from '../database/sql-conditions.js';
import type { ActorKind } from './actor.js';
import type { AuditEventName } from './audit-events.js';
import type { Details } from './canonical-form.js';

/** An entry as lists show it: references only, as they are stored. */
export interface AuditListEntry {
  readonly id: number;
  /** UTC. */
  readonly at: string;
  readonly event: string;
  readonly actor: string;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly details: Details;
  readonly requestId: string | null;
  /** In hexadecimal digits. */
  readonly hash: string;
}

/** What lists of entries may be narrowed to. */
export interface AuditFilter {
  readonly event?: AuditEventName | undefined;
  readonly actorKind?: ActorKind | undefined;
  readonly actor?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
  /** First day, in UK time. */
  readonly from?: string | undefined;
  /** Last day, in UK time. */
  readonly to?: string | undefined;
}

/** What is known of the trail itself, from what the nightly check wrote into it. */
export interface AuditState {
  readonly entries: number;
  /** The last check; null before the first. */
  readonly checked: {
    readonly at: string;
    readonly whole: boolean;
    /** The head that was reached, or the entry that is broken. */
    readonly entry: number;
    readonly kind: string | null;
  } | null;
  /** The last head that was published; null before the first. */
  readonly published: { readonly at: string; readonly head: number; readonly hash: string } | null;
}

const ENTRY = `json_build_object(
  'id', audit_event.id, 'at', ${utc('audit_event.at')}, 'event', audit_event.event, 'actor', audit_event.actor,
  'subjectKind', audit_event.subject_kind, 'subjectId', audit_event.subject_id, 'details', audit_event.details,
  'requestId', audit_event.request_id, 'hash', encode(audit_event.hash, 'hex'))`;

/**
 * Number of the first entry at or after the beginning of a day in UK time. Times never run backwards along the chain, so
 * a span of time is a span of numbers, and the list's own index serves it.
 */
const firstOn = (day: string): string =>
  `coalesce((select later.id from audit_event as later
     where later.at >= (${day})::timestamp at time zone 'Europe/London' order by later.at, later.id limit 1),
   9223372036854775807)`;

/** Reads the trail. */
@Injectable()
export class AuditQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the entries that match, newest first. */
  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditListEntry>> {
    const page = await keysetPage<AuditListEntry>(
      this.dataSource,
      { table: 'audit_event', conditions: conditionsOf(filter), item: ENTRY, sources: [] },
      { name: '-id', by: { expression: 'audit_event.id', type: 'bigint', descending: true } },
      request,
    );
    return { ...page, asOf: new Date().toISOString() };
  }

  /** How many match. */
  count(filter: AuditFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'audit_event', conditionsOf(filter));
  }

  /** How the trail stands; costs a few looks at an index. */
  async state(): Promise<AuditState> {
    const [row] = await this.dataSource.query<[AuditState]>(
      `select head_id::integer as entries,
         (select json_build_object('at', ${utc('at')}, 'whole', event = 'audit.verified', 'entry', subject_id::bigint,
            'kind', details ->> 'kind')
          from audit_event where id = greatest(
            (select max(id) from audit_event where event = 'audit.verified'),
            (select max(id) from audit_event where event = 'audit.break-found'))) as checked,
         (select json_build_object('at', ${utc('at')}, 'head', subject_id::bigint, 'hash', details ->> 'hash')
          from audit_event
          where id = (select max(id) from audit_event where event = 'audit.head-published')) as published
       from audit_chain`,
    );
    return row;
  }
}

function conditionsOf(filter: AuditFilter): SqlConditions {
  return new SqlConditions()
    .addGiven(filter.event, (value) => `audit_event.event = ${value}`)
    .addGiven(filter.actorKind, (value) => `split_part(audit_event.actor, ':', 1) = ${value}`)
    .addGiven(filter.actor, (value) => `audit_event.actor = ${value}`)
    .addGiven(filter.subjectKind, (value) => `audit_event.subject_kind = ${value}`)
    .addGiven(filter.subjectId, (value) => `audit_event.subject_id = ${value}`)
    .addGiven(filter.from, (value) => `audit_event.id >= ${firstOn(`${value}::date`)}`)
    .addGiven(filter.to, (value) => `audit_event.id < ${firstOn(`${value}::date + 1`)}`);
}
