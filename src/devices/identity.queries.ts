import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NotFoundError } from '../common/errors.js';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage } from '../database/keyset-page.js';
import { SqlConditions, utc } from '../database/sql-conditions.js';
import { DEVICE_SOURCES, type DeviceSource } from './device-record.entity.js';
import type { ReviewFinding, ReviewKind } from './domain/identity/machines.js';

/** What one source says of a machine, as people compare it. Times are ISO 8601 in UTC. */
export interface RecordView {
  readonly id: number;
  readonly deviceId: number | null;
  readonly source: DeviceSource;
  readonly externalId: string;
  readonly presence: 'present' | 'missing' | 'gone';
  readonly absentSince: string | null;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystem: string | null;
  readonly operatingSystemVersion: string | null;
  readonly entraDeviceId: string | null;
  readonly managedDeviceId: string | null;
  readonly autopilotId: string | null;
  readonly userEntraId: string | null;
  readonly enrolledAt: string | null;
  readonly lastSeenAt: string | null;
  readonly firstSeenAt: string;
}

/** A question for a person, with the evidence of each machine side by side. */
export interface ReviewView {
  readonly id: number;
  readonly kind: ReviewKind;
  readonly state: 'open' | 'settled' | 'expired';
  readonly openedAt: string;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly decision: 'same' | 'different' | null;
  readonly decisionId: number | null;
  /** What the machines have in common. */
  readonly shared: ReviewFinding['shared'];
  readonly machines: readonly { readonly deviceId: number | null; readonly records: readonly RecordView[] }[];
}

/** A hostname that a machine has or had. */
export interface AliasView {
  readonly name: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** Records were joined to one machine, or parted into several. */
export const DECISION_KINDS = ['merge', 'split'] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** What lists of decisions may be narrowed to. */
export interface DecisionFilter {
  readonly deviceId?: number | undefined;
  readonly kind?: DecisionKind | undefined;
  readonly undone?: boolean | undefined;
}

/** What a person decided about identities. */
export interface DecisionView {
  readonly id: number;
  readonly kind: DecisionKind;
  readonly reason: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
  readonly undoneAt: string | null;
  readonly undoneBy: string | null;
  readonly undoReason: string | null;
  readonly reviewId: number | null;
  /** Records by machine: those in one list are one machine, those in different lists are not. */
  readonly machines: readonly (readonly { readonly source: string; readonly externalId: string }[])[];
}

const RECORD = (record: string): string => `jsonb_build_object(
  'id', ${record}.id, 'deviceId', ${record}.device_id, 'source', ${record}.source, 'externalId', ${record}.external_id,
  'presence', ${record}.presence, 'absentSince', ${utc(`${record}.absent_since`)}, 'name', ${record}.name,
  'serialNumber', ${record}.serial_number, 'manufacturer', ${record}.manufacturer, 'model', ${record}.model,
  'operatingSystem', ${record}.operating_system, 'operatingSystemVersion', ${record}.operating_system_version,
  'entraDeviceId', ${record}.entra_device_id, 'managedDeviceId', ${record}.managed_device_id,
  'autopilotId', ${record}.autopilot_id, 'userEntraId', ${record}.user_entra_id,
  'enrolledAt', ${utc(`${record}.enrolled_at`)}, 'lastSeenAt', ${utc(`${record}.last_seen_at`)},
  'firstSeenAt', ${utc(`${record}.first_seen_at`)})`;

const REVIEW = `jsonb_build_object(
  'id', device_review.id, 'kind', device_review.kind, 'state', device_review.state,
  'openedAt', ${utc('device_review.opened_at')}, 'settledAt', ${utc('device_review.settled_at')},
  'settledBy', device_review.settled_by, 'decision', device_review.decision, 'decisionId', device_review.decision_id,
  'shared', device_review.evidence -> 'shared',
  'machines', (
    select jsonb_agg(jsonb_build_object(
             'deviceId', (select device_id from device_record where id = (machine.ids ->> 0)::integer),
             'records', (select jsonb_agg(${RECORD('record')} order by record.id)
                         from jsonb_array_elements_text(machine.ids) as named(id)
                         join device_record record on record.id = named.id::integer)) order by machine.place)
    from jsonb_array_elements(device_review.evidence -> 'machines') with ordinality as machine(ids, place)))`;

const DECISION = `jsonb_build_object(
  'id', device_decision.id, 'kind', device_decision.kind, 'reason', device_decision.reason,
  'decidedBy', device_decision.decided_by, 'decidedAt', ${utc('device_decision.decided_at')},
  'undoneAt', ${utc('device_decision.undone_at')}, 'undoneBy', device_decision.undone_by,
  'undoReason', device_decision.undo_reason,
  'reviewId', (select id from device_review where decision_id = device_decision.id),
  'machines', (
    select jsonb_agg(machine.records order by machine.machine)
    from (select machine, jsonb_agg(jsonb_build_object('source', source, 'externalId', external_id)
                                    order by source, external_id) as records
          from device_decision_record where decision_id = device_decision.id group by machine) as machine))`;

/** Reads which records are one machine, what is doubtful about it, and what people decided. */
@Injectable()
export class IdentityQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Open reviews, the oldest first, with their evidence; of one kind if asked. */
  async openReviews(request: PageRequest & { readonly kind?: ReviewKind | undefined } = {}): Promise<Page<ReviewView>> {
    return keysetPage<ReviewView>(
      this.dataSource,
      { table: 'device_review', conditions: openOf(request.kind), item: REVIEW, sources: DEVICE_SOURCES },
      { name: 'id', by: { expression: 'device_review.id', type: 'bigint' } },
      request,
    );
  }

  /** How many reviews are open; of one kind if asked. */
  countOpenReviews(kind?: ReviewKind): Promise<Count> {
    return boundedCount(this.dataSource, 'device_review', openOf(kind));
  }

  /** @throws NotFoundError */
  async review(id: number): Promise<ReviewView> {
    const [row] = await this.dataSource.query<{ item: ReviewView }[]>(
      `select ${REVIEW} as item from device_review where id = $1`,
      [id],
    );
    if (!row) throw new NotFoundError(`There is no review ${id}.`);
    return row.item;
  }

  /** Open reviews by kind, for the queue's headings. */
  async openReviewCounts(): Promise<Readonly<Record<ReviewKind, number>>> {
    const rows = await this.dataSource.query<{ kind: ReviewKind; count: number }[]>(
      `select kind, count(*)::integer as count from device_review where state = 'open' group by kind`,
    );
    const counts = { same_serial: 0, re_enrolled: 0, conflicting_identity: 0 };
    for (const { kind, count } of rows) counts[kind] = count;
    return counts;
  }

  /** Open reviews about a device; what is doubtful about it. */
  async reviewsOfDevice(deviceId: number): Promise<ReviewView[]> {
    return this.#list<ReviewView>(
      `select ${REVIEW} as item from device_review
       where state = 'open' and id in (
         select review_id from device_review_record
         join device_record record on record.id = record_id where record.device_id = $1)
       order by id`,
      deviceId,
    );
  }

  /** What each source says of a device, best source first as the person sees it: by source and id. */
  async recordsOfDevice(deviceId: number): Promise<RecordView[]> {
    return this.#list<RecordView>(
      `select ${RECORD('record')} as item from device_record record where device_id = $1 order by source, id`,
      deviceId,
    );
  }

  /** Hostnames that a device has or had, the latest first. */
  async aliasesOfDevice(deviceId: number): Promise<AliasView[]> {
    return this.#list<AliasView>(
      `select jsonb_build_object('name', name, 'firstSeenAt', ${utc('first_seen_at')},
                                 'lastSeenAt', ${utc('last_seen_at')}) as item
       from device_alias where device_id = $1 order by last_seen_at desc, first_seen_at desc, name`,
      deviceId,
    );
  }

  /** The device that a device is by now: itself, or what it was merged into, however often. */
  async currentDevice(deviceId: number): Promise<number> {
    const [row] = await this.dataSource.query<{ id: number }[]>(
      `with recursive chain as (
         select id, merged_into_id from device where id = $1
         union select device.id, device.merged_into_id from device join chain on device.id = chain.merged_into_id
       ) select id from chain where merged_into_id is null`,
      [deviceId],
    );
    if (!row) throw new NotFoundError(`There is no device ${deviceId}. Search for it with GET /api/v1/devices.`);
    return row.id;
  }

  /**
   * Makes sure that a device is a machine in its own right.
   * @throws NotFoundError for an unknown device, and for one that was merged, naming the one that it is now.
   */
  async checkCurrent(deviceId: number): Promise<void> {
    const current = await this.currentDevice(deviceId);
    if (current !== deviceId) {
      throw new NotFoundError(`Device ${deviceId} is device ${current} now. Ask for GET /api/v1/devices/${current}.`);
    }
  }

  /** Decisions, the latest first, with the records that each names. */
  async decisions(request: PageRequest & DecisionFilter = {}): Promise<Page<DecisionView>> {
    return keysetPage<DecisionView>(
      this.dataSource,
      { table: 'device_decision', conditions: decisionsLike(request), item: DECISION, sources: DEVICE_SOURCES },
      { name: '-id', by: { expression: 'device_decision.id', type: 'bigint', descending: true } },
      request,
    );
  }

  /** How many decisions match. */
  countDecisions(filter: DecisionFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'device_decision', decisionsLike(filter));
  }

  /** @throws NotFoundError */
  async decision(id: number): Promise<DecisionView> {
    const [row] = await this.dataSource.query<{ item: DecisionView }[]>(
      `select ${DECISION} as item from device_decision where id = $1`,
      [id],
    );
    if (!row) throw new NotFoundError(`There is no decision ${id}.`);
    return row.item;
  }

  async #list<T>(sql: string, id: number): Promise<T[]> {
    const rows = await this.dataSource.query<{ item: T }[]>(sql, [id]);
    return rows.map((row) => row.item);
  }
}

function openOf(kind: ReviewKind | undefined): SqlConditions {
  return new SqlConditions()
    .always(`device_review.state = 'open'`)
    .addGiven(kind, (value) => `device_review.kind = ${value}`);
}

function decisionsLike({ deviceId, kind, undone }: DecisionFilter): SqlConditions {
  const conditions = new SqlConditions()
    .addGiven(
      deviceId,
      (device) => `device_decision.id in (
        select named.decision_id from device_decision_record named
        join device_record record on record.source = named.source and record.external_id = named.external_id
        where record.device_id = ${device})`,
    )
    .addGiven(kind, (value) => `device_decision.kind = ${value}`);
  if (undone !== undefined) conditions.always(`device_decision.undone_at is ${undone ? 'not null' : 'null'}`);
  return conditions;
}
