import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../common/paging.js';
import { boundedCount, type Count } from '../database/bounded-count.js';
import { keysetPage, type SortOrder } from '../database/keyset-page.js';
import { utc, type SqlConditions } from '../database/sql-conditions.js';
import { conditionsOf, type PeopleFilter } from '../directory/people-filter.queries.js';

/** Why somebody counts as a leaver: the account is disabled, or the directory does not show it any more. */
export const LEAVER_REASONS = ['disabled', 'missing', 'gone'] as const;
export type LeaverReason = (typeof LEAVER_REASONS)[number];

/** How it is known that somebody has a machine. */
export const HOLDER_SOURCES = ['custody', 'primary-user'] as const;
export type HolderSource = (typeof HOLDER_SOURCES)[number];

/** A machine that a leaver has. */
export interface LeaverMachine {
  readonly id: number;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly lastSeenAt: string | null;
  readonly source: HolderSource;
}

/** Somebody who has left, or whose account is disabled, and who has equipment all the same. */
export interface Leaver {
  readonly id: number;
  readonly entraId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly department: string | null;
  readonly officeLocation: string | null;
  readonly reason: LeaverReason;
  /** Since when; null when it was so before the directory was first read. */
  readonly since: string | null;
  readonly manager: { readonly id: number; readonly displayName: string | null } | null;
  readonly machineCount: number;
  /** The first of them by name, see `MACHINES_SHOWN`. */
  readonly machines: readonly LeaverMachine[];
}

/** What the list of leavers may be narrowed to. */
export interface LeaverFilter extends Pick<PeopleFilter, 'search' | 'department' | 'officeLocation' | 'manager'> {
  readonly reason?: LeaverReason | undefined;
  /** Only those of whom at least one machine is known in this way. */
  readonly source?: HolderSource | undefined;
}

export const LEAVER_SORTS = ['name', '-name', 'id'] as const;
export type LeaverSort = (typeof LEAVER_SORTS)[number];

const SORTS: Readonly<Record<LeaverSort, SortOrder>> = {
  name: { expression: 'lower(person.display_name)', type: 'text' },
  '-name': { expression: 'lower(person.display_name)', type: 'text', descending: true },
  id: { expression: 'person.id', type: 'bigint' },
};

const MACHINES_SHOWN = 20;

/** Just what the index of leavers is made of. */
const LEFT = 'person.account_enabled = false or person.absent_since is not null';

/** What is in their hands: not what is only put aside for them, but also what a contradicting custody says. */
const BY_CUSTODY = `select device.*, 'custody' as source from device
  where device.merged_into_id is null and device.id in (
    select custody.device_id from device_custody as custody
    where custody.holder_entra_id = person.entra_id and custody.state <> 'allocated'
      and (custody.set_aside_at is null or custody.contested))`;
/** Of a machine about which custody says something, Intune's word does not count. */
const BY_INTUNE = `select device.*, 'primary-user' as source from device
  where device.user_entra_id = person.entra_id and device.user_entra_id is not null
    and device.merged_into_id is null and device.presence <> 'gone'
    and not exists (select from device_custody as custody
                    where custody.device_id = device.id and custody.set_aside_at is null)`;

/** SQL of a `Leaver` over `person` and `JOINS`. */
const LEAVER = `json_build_object(
  'id', person.id, 'entraId', person.entra_id, 'displayName', person.display_name,
  'userPrincipalName', person.user_principal_name, 'department', person.department,
  'officeLocation', person.office_location,
  'reason', case when person.absent_since is null then 'disabled'
                 when person.presence = 'gone' then 'gone' else 'missing' end,
  'since', ${utc('coalesce(person.absent_since, disabled.at)')},
  'manager', case when manager.id is not null
                  then json_build_object('id', manager.id, 'displayName', manager.display_name) end,
  'machineCount', theirs.machines, 'machines', theirs.items)`;
const JOINS = `
  left join person as manager on manager.entra_id = person.manager_entra_id
  left join lateral (
    select change.at from sync_change as change
    where change.source = 'users' and change.external_id = person.entra_id and person.account_enabled = false
      and change.changes -> 'account_enabled' ->> 1 = 'false'
    order by change.id desc limit 1) as disabled on true
  cross join lateral (
    select count(*)::integer as machines,
           coalesce(json_agg(json_build_object(
             'id', found.id, 'name', found.name, 'serialNumber', found.serial_number, 'model', found.model,
             'lastSeenAt', ${utc('found.last_seen_at')}, 'source', found.source) order by found.place)
             filter (where found.place <= ${MACHINES_SHOWN}), '[]') as items
    from (select machine.*, row_number() over (order by lower(machine.name), machine.id) as place
          from (${BY_CUSTODY} union all ${BY_INTUNE}) as machine) as found) as theirs`;

/** Reads who has left and still has equipment. */
@Injectable()
export class LeaversQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of the leavers who match. */
  list(filter: LeaverFilter, request: PageRequest, sort: LeaverSort = 'name'): Promise<Page<Leaver>> {
    return keysetPage<Leaver>(
      this.dataSource,
      {
        table: 'person',
        conditions: leaving(filter),
        item: LEAVER,
        joins: JOINS,
        sources: ['users', 'managed-devices'],
      },
      { name: sort, by: SORTS[sort] },
      request,
    );
  }

  /** How many match. */
  count(filter: LeaverFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'person', leaving(filter));
  }
}

function leaving({ reason, source, ...people }: LeaverFilter): SqlConditions {
  const { search, department, officeLocation, manager } = people;
  const conditions = conditionsOf({
    ...{ search, department, officeLocation, manager, holdsEquipment: source === undefined ? true : undefined },
    ...(reason === 'gone' ? { presence: 'gone' } : {}),
  }).always(LEFT);
  if (reason === 'disabled') conditions.always('person.account_enabled = false and person.absent_since is null');
  if (reason === 'missing') conditions.always(`person.absent_since is not null and person.presence <> 'gone'`);
  if (source === 'custody') conditions.always(`exists (${BY_CUSTODY})`);
  if (source === 'primary-user') conditions.always(`exists (${BY_INTUNE})`);
  return conditions;
}
