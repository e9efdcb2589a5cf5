import type { Presence } from '../database/presence.js';
import { SqlConditions, beginningWith } from '../database/sql-conditions.js';

/** What a list of people may be narrowed to; texts are compared without regard to case. */
export interface PeopleFilter {
  /** Beginning of the display name, surname, user principal name or mail address. */
  readonly search?: string | undefined;
  readonly department?: string | undefined;
  readonly officeLocation?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly userType?: 'Member' | 'Guest' | undefined;
  readonly presence?: Presence | undefined;
  readonly managerId?: number | undefined;
  /** Product id of a licence that the person has. */
  readonly skuId?: string | undefined;
  /** Beginning of the name or user principal name of the line manager. */
  readonly manager?: string | undefined;
  /** Whether they have a machine: by custody or, while custody says nothing of it, as the primary user. */
  readonly holdsEquipment?: boolean | undefined;
}

/**
 * Whether somebody has a machine: by custody or, of machines of which custody says nothing, as the primary user. Machines
 * belong to a module above this one; their tables are named here all the same, because a list can be narrowed to it only
 * where the list is read.
 */
const HAS_MACHINE = `(
  exists (select from device_custody as custody join device on device.id = custody.device_id
          where custody.holder_entra_id = person.entra_id and custody.set_aside_at is null
            and device.merged_into_id is null)
  or exists (select from device
             where device.user_entra_id = person.entra_id and device.user_entra_id is not null
               and device.merged_into_id is null and device.presence <> 'gone'
               and not exists (select from device_custody as custody
                               where custody.device_id = device.id and custody.set_aside_at is null)))`;

/** What the people of a list must be like, over `person`. */
export function conditionsOf(filter: PeopleFilter): SqlConditions {
  const conditions = new SqlConditions()
    .addGiven(filter.department, (value) => `lower(person.department) = lower(${value}::text)`)
    .addGiven(filter.officeLocation, (value) => `lower(person.office_location) = lower(${value}::text)`)
    .addGiven(filter.enabled, (value) => `person.account_enabled = ${value}`)
    .addGiven(filter.userType, (value) => `person.user_type = ${value}`)
    .addGiven(filter.presence, (value) => `person.presence = ${value}`)
    .addGiven(
      filter.managerId,
      (value) =>
        `person.manager_entra_id = (select manager.entra_id from person as manager where manager.id = ${value})`,
    );
  if (filter.manager !== undefined) {
    conditions.add(
      beginningWith(filter.manager),
      (pattern) => `person.manager_entra_id in (
        select manager.entra_id from person as manager
        where lower(manager.display_name) like lower(${pattern}::text)
           or lower(manager.user_principal_name) like lower(${pattern}::text))`,
    );
  }
  if (filter.holdsEquipment !== undefined)
    conditions.always(filter.holdsEquipment ? HAS_MACHINE : `not ${HAS_MACHINE}`);
  if (filter.enabled === false) {
    // Says once more what the index of leavers is made of, so that it answers.
    conditions.always('person.account_enabled = false or person.absent_since is not null');
  }
  if (filter.presence !== undefined && filter.presence !== 'present') {
    // Lets the index of absent people answer; whoever is missing or gone has been absent since some time.
    conditions.always('person.absent_since is not null');
  }
  if (filter.skuId !== undefined) {
    const stated = JSON.stringify([{ sku_id: filter.skuId }]);
    conditions.add(stated, (value) => `person.licence_assignments @> ${value}::jsonb`);
  }
  if (filter.search !== undefined) {
    conditions.add(beginningWith(filter.search), (pattern) =>
      ['display_name', 'surname', 'user_principal_name', 'mail']
        .map((column) => `lower(person.${column}) like lower(${pattern}::text)`)
        .join(' or '),
    );
  }
  return conditions;
}
