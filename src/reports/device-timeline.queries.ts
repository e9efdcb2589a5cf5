import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor, invalidCursor, type Page, type PageRequest } from '../common/paging.js';
import { utc } from '../database/sql-conditions.js';

/** Where an entry of the history comes from. */
export type TimelineKind = 'record-added' | 'synchronised' | 'form-factor' | 'identity' | 'identity-undone' | 'custody';

/** One thing that happened to a machine. What it means in words is for the page to say. */
export interface TimelineEntry {
  readonly at: string;
  readonly kind: TimelineKind;
  /** Source of a record, cause of a new class, kind of a decision, command of custody. */
  readonly what: string;
  /** How a record changed: `changed`, `returned`, `absent`, `missing`, `gone`; null elsewhere. */
  readonly change: string | null;
  /** Values before and after, by the name of the field. */
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly reason: string | null;
  readonly actor: string | null;
  /** Run, decision or step of custody that it belongs to. */
  readonly reference: number | null;
}

/** Entries that a page shows. */
const ENTRIES_SHOWN = 50;
const ORDER = 'at';

/**
 * All that happened to a machine, and to those that turned out to be it: what synchronisations changed, how its class
 * came out, which records people joined or parted, and what became of it in our hands.
 */
@Injectable()
export class DeviceTimelineQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * A page of the history, the latest first. Each part is read by its own index and cut off at the page, so that a long
   * history costs no more than a short one.
   */
  async ofDevice(deviceId: number, { limit = ENTRIES_SHOWN, cursor }: PageRequest = {}): Promise<Page<TimelineEntry>> {
    const before = cursor === undefined ? null : decodeCursor(ORDER, cursor);
    if (before !== null && (before.value === null || !ISO_TIME.test(before.value))) throw invalidCursor();
    const rows = await this.dataSource.query<{ entry: TimelineEntry; position: string; part: string }[]>(TIMELINE, [
      deviceId,
      before?.value ?? null,
      before?.id ?? null,
      limit + 1,
    ]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(({ entry }) => entry),
      next: rows.length > limit && last ? encodeCursor(ORDER, { value: last.position, id: Number(last.part) }) : null,
      asOf: null,
    };
  }
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z$/;

/** Position of an entry: its time to the microsecond, then the part and number that it comes from, as one number. */
const position = (at: string): string => `to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

interface Part {
  readonly kind: string;
  readonly from: string;
  readonly at: string;
  /** Number within the part; times the number of parts plus the part's own it is the second half of the position. */
  readonly id: string;
  readonly what: string;
  readonly change?: string;
  readonly changes?: string;
  readonly reason?: string;
  readonly actor?: string;
  readonly reference?: string;
}

const OF_MACHINE = 'in (select id from machine)';

const PARTS: readonly Part[] = [
  {
    kind: `'record-added'`,
    from: `device_record record where record.device_id ${OF_MACHINE}`,
    at: 'record.first_seen_at',
    id: 'record.id',
    what: 'record.source',
    changes: `jsonb_strip_nulls(jsonb_build_object('name', case when record.name is null then null else jsonb_build_array(null, record.name) end))`,
  },
  {
    kind: `'synchronised'`,
    from: `device_record record join sync_change entry on entry.source = record.source and entry.external_id = record.external_id
           where record.device_id ${OF_MACHINE}`,
    at: 'entry.at',
    id: 'entry.id',
    what: 'entry.source',
    change: 'entry.kind',
    changes: 'entry.changes',
    reference: 'entry.run_id',
  },
  {
    kind: `'form-factor'`,
    from: `form_factor_change entry where entry.device_id ${OF_MACHINE}`,
    at: 'entry.changed_at',
    id: 'entry.id',
    what: 'entry.cause',
    changes: `jsonb_build_object('form_factor', jsonb_build_array(entry.from_form_factor, entry.to_form_factor))`,
    reason: 'entry.reason',
    actor: 'entry.changed_by',
  },
  {
    kind: `'identity'`,
    from: `(select distinct decision.* from device_decision decision
            join device_decision_record named on named.decision_id = decision.id
            join device_record record on record.source = named.source and record.external_id = named.external_id
            where record.device_id ${OF_MACHINE}) entry where true`,
    at: 'entry.decided_at',
    id: 'entry.id',
    what: 'entry.kind',
    reason: 'entry.reason',
    actor: 'entry.decided_by',
    reference: 'entry.id',
  },
  {
    kind: `'identity-undone'`,
    from: `(select distinct decision.* from device_decision decision
            join device_decision_record named on named.decision_id = decision.id
            join device_record record on record.source = named.source and record.external_id = named.external_id
            where record.device_id ${OF_MACHINE} and decision.undone_at is not null) entry where true`,
    at: 'entry.undone_at',
    id: 'entry.id',
    what: 'entry.kind',
    reason: 'entry.undo_reason',
    actor: 'entry.undone_by',
    reference: 'entry.id',
  },
  {
    kind: `'custody'`,
    from: `custody_event entry where entry.device_id ${OF_MACHINE}`,
    at: 'entry.at',
    id: 'entry.id',
    what: 'entry.command',
    changes: `jsonb_strip_nulls(jsonb_build_object(
      'state', case when (entry.from_state, entry.from_substate) is distinct from (entry.to_state, entry.to_substate)
                    then jsonb_build_array(concat_ws(':', entry.from_state, entry.from_substate),
                                           concat_ws(':', entry.to_state, entry.to_substate)) end,
      'holder', case when entry.holder_before is distinct from entry.holder_after
                     then jsonb_build_array(entry.holder_before, entry.holder_after) end,
      'place', case when entry.place_before is distinct from entry.place_after
                    then jsonb_build_array(entry.place_before, entry.place_after) end))`,
    reason: 'entry.reason',
    actor: 'entry.actor',
    reference: 'entry.id',
  },
];

const TIMELINE = `
  with recursive machine as (
    select id from device where id = $1
    union select device.id from device join machine on device.merged_into_id = machine.id
  )
  select entry, position, part from (
    ${PARTS.map((part, index) => {
      const number = `${part.id}::bigint * ${PARTS.length} + ${index}`;
      return `(select json_build_object('at', ${utc(part.at)}, 'kind', ${part.kind}, 'what', ${part.what},
          'change', ${part.change ?? 'null'}, 'changes', ${part.changes ?? `'{}'::jsonb`}, 'reason', ${part.reason ?? 'null'},
          'actor', ${part.actor ?? 'null'}, 'reference', ${part.reference ?? 'null'}) as entry,
        ${part.at} as at, ${position(part.at)} as position, ${number} as part
      from ${part.from}
        and ($2::timestamptz is null or (${part.at}, ${number}) < ($2::timestamptz, $3::bigint))
      order by ${part.at} desc, ${part.id} desc limit $4)`;
    }).join(' union all ')}
  ) as entries
  order by at desc, part desc limit $4`;
