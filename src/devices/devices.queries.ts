import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../database/keyset-page.js';
import type { Presence } from '../database/presence.js';
import { utc } from '../database/sql-conditions.js';
import { conditionsOf, type DeviceFilter } from './device-filter.queries.js';
import { DEVICE_SOURCES, type DeviceSource } from './device-record.entity.js';
import type { FormFactor, Superclass } from './domain/form-factor/form-factor.js';
import type { CustodyState, Substate } from './domain/lifecycle/standing.js';
import { CLASSIFICATION, type ClassificationView } from './form-factor.queries.js';

/** A machine as lists show it. */
export interface DeviceSummary {
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystem: string | null;
  readonly operatingSystemVersion: string | null;
  readonly ownership: string | null;
  readonly complianceState: string | null;
  readonly upgradeEligibility: string | null;
  readonly formFactor: FormFactor;
  readonly superclass: Superclass;
  readonly lastSeenAt: string | null;
  readonly presence: Presence;
  /** The person whom Intune names as the primary user. */
  readonly user: NamedPerson | null;
  /** Where it stands in our hands; null while nothing is recorded. */
  readonly custody: {
    readonly state: CustodyState;
    readonly substate: Substate | null;
    readonly place: string | null;
    readonly since: string;
    /** Who has it, or for whom it is put aside. */
    readonly holder: NamedPerson | null;
  } | null;
}

/** A person as a machine names them; `id` is null when the directory does not know them. */
export interface NamedPerson {
  readonly id: number | null;
  readonly entraId: string;
  readonly displayName: string | null;
}

/** What one source says of a machine, and how old that is. */
export interface DeviceRecordView {
  readonly source: DeviceSource;
  readonly externalId: string;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly operatingSystem: string | null;
  readonly operatingSystemVersion: string | null;
  readonly userEntraId: string | null;
  readonly userPrincipalName: string | null;
  readonly ownership: string | null;
  readonly complianceState: string | null;
  readonly upgradeEligibility: string | null;
  readonly enrolledAt: string | null;
  readonly lastSeenAt: string | null;
  readonly presence: Presence;
  readonly absentSince: string | null;
  readonly changedAt: string;
  /** When the source was last read successfully. */
  readonly asOf: string | null;
  /** Everything else that the source says, by Graph's own property names. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Everything known of a machine. */
export interface DeviceDetail extends DeviceSummary {
  readonly enrolledAt: string | null;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly classification: ClassificationView;
  readonly records: readonly DeviceRecordView[];
  readonly asOf: string | null;
}

export const DEVICE_SORTS = ['name', '-name', 'lastSeen', '-lastSeen', 'id', '-id'] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];

const SORTS: Readonly<Record<DeviceSort, SortOrder>> = {
  name: { expression: 'lower(device.name)', type: 'text' },
  '-name': { expression: 'lower(device.name)', type: 'text', descending: true },
  lastSeen: { expression: 'device.last_seen_at', type: 'timestamptz' },
  '-lastSeen': { expression: 'device.last_seen_at', type: 'timestamptz', descending: true },
  id: { expression: 'device.id', type: 'bigint' },
  '-id': { expression: 'device.id', type: 'bigint', descending: true },
};

/** SQL of the members of a machine's summary, for `json_build_object`, over `device` and `PEOPLE_JOIN`. */
const SUMMARY = `
  'id', device.id, 'name', device.name, 'serialNumber', device.serial_number, 'manufacturer', device.manufacturer,
  'model', device.model, 'operatingSystem', device.operating_system,
  'operatingSystemVersion', device.operating_system_version, 'ownership', device.ownership,
  'complianceState', device.compliance_state, 'upgradeEligibility', device.upgrade_eligibility,
  'formFactor', device.form_factor, 'superclass', device.form_factor_superclass,
  'lastSeenAt', ${utc('device.last_seen_at')}, 'presence', device.presence,
  'user', case when device.user_entra_id is not null then json_build_object(
    'id', primary_user.id, 'entraId', device.user_entra_id, 'displayName', primary_user.display_name) end,
  'custody', case when custody.id is not null then json_build_object(
    'state', custody.state, 'substate', custody.substate, 'place', custody.place, 'since', ${utc('custody.since')},
    'holder', case when custody.holder_entra_id is not null then json_build_object(
      'id', holder.id, 'entraId', custody.holder_entra_id, 'displayName', holder.display_name) end) end`;
const PEOPLE_JOIN = `left join person as primary_user on primary_user.entra_id = device.user_entra_id
  left join device_custody as custody on custody.device_id = device.id and custody.set_aside_at is null
  left join person as holder on holder.entra_id = custody.holder_entra_id`;

/** Most machines of one person that are shown with them; a shared account may have hundreds. */
const DEVICES_OF_PERSON = 200;

/** Reads machines. */
@Injectable()
export class DevicesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the machines that match; those merged into others are left out. */
  async list(filter: DeviceFilter, request: PageRequest, sort: DeviceSort = 'name'): Promise<Page<DeviceSummary>> {
    return keysetPage<DeviceSummary>(
      this.dataSource,
      {
        table: 'device',
        conditions: conditionsOf(filter),
        item: `json_build_object(${SUMMARY})`,
        joins: PEOPLE_JOIN,
        sources: DEVICE_SOURCES,
      },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** How many machines match. */
  count(filter: DeviceFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'device', conditionsOf(filter));
  }

  /** The machines whose primary user this person is, by name. */
  async ofPerson(entraId: string): Promise<readonly DeviceSummary[]> {
    return (await this.ofPeople([entraId])).get(entraId) ?? [];
  }

  /** The machines of several people, by the person's object id; people without machines are left out. */
  async ofPeople(entraIds: readonly string[]): Promise<ReadonlyMap<string, readonly DeviceSummary[]>> {
    const rows = await this.dataSource.query<{ entra_id: string; items: readonly DeviceSummary[] }[]>(
      `select wanted.entra_id, theirs.items
       from unnest($1::text[]) as wanted(entra_id)
       cross join lateral (
         select json_agg(json_build_object(${SUMMARY}) order by lower(device.name), device.id) as items
         from (select * from device where user_entra_id = wanted.entra_id and merged_into_id is null
               order by lower(name), id limit ${DEVICES_OF_PERSON}) as device ${PEOPLE_JOIN}
       ) as theirs
       where theirs.items is not null`,
      [entraIds],
    );
    return new Map(rows.map((row) => [row.entra_id, row.items]));
  }

  /** One machine with what every source says of it; null when there is none with this id or it was merged into another. */
  async one(id: number): Promise<DeviceDetail | null> {
    const rows = await this.dataSource.query<{ device: DeviceDetail }[]>(
      `select json_build_object(${SUMMARY},
         'enrolledAt', ${utc('device.enrolled_at')}, 'createdAt', ${utc('device.created_at')},
         'changedAt', ${utc('device.changed_at')},
         'classification', ${CLASSIFICATION},
         'records', (
           select coalesce(json_agg(json_build_object(
             'source', record.source, 'externalId', record.external_id, 'name', record.name,
             'serialNumber', record.serial_number, 'manufacturer', record.manufacturer, 'model', record.model,
             'operatingSystem', record.operating_system, 'operatingSystemVersion', record.operating_system_version,
             'userEntraId', record.user_entra_id, 'userPrincipalName', record.user_principal_name,
             'ownership', record.ownership, 'complianceState', record.compliance_state,
             'upgradeEligibility', record.upgrade_eligibility, 'enrolledAt', ${utc('record.enrolled_at')},
             'lastSeenAt', ${utc('record.last_seen_at')}, 'presence', record.presence,
             'absentSince', ${utc('record.absent_since')}, 'changedAt', ${utc('record.changed_at')},
             'asOf', ${utc('source.last_success_at')}, 'attributes', record.attributes
           ) order by record.source, record.id), '[]')
           from device_record as record left join sync_source as source on source.source = record.source
           where record.device_id = device.id),
         'asOf', (select ${utc('min(source.last_success_at)')} from sync_source as source
                  where source.source in (select record.source from device_record as record
                                          where record.device_id = device.id))) as device
       from device ${PEOPLE_JOIN} where device.id = $1 and device.merged_into_id is null`,
      [id],
    );
    return rows[0]?.device ?? null;
  }
}
