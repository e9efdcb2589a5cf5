import type { Presence } from '../database/presence.js';
import { SqlConditions, beginningWith, onDay } from '../database/sql-conditions.js';
import type { FormFactor, Superclass } from './domain/form-factor/form-factor.js';
import type { CustodyState } from './domain/lifecycle/standing.js';

/** What a list of machines may be narrowed to; texts are compared without regard to case. */
export interface DeviceFilter {
  /** Beginning of the hostname, serial number or model. */
  readonly search?: string | undefined;
  readonly operatingSystem?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly complianceState?: string | undefined;
  readonly ownership?: string | undefined;
  readonly upgradeEligibility?: string | undefined;
  readonly formFactor?: FormFactor | undefined;
  readonly superclass?: Superclass | undefined;
  readonly presence?: Presence | undefined;
  /** Id of the person who is the primary user. */
  readonly userId?: number | undefined;
  readonly lastSeenBefore?: Date | undefined;
  /** First and last day, in UK time, on which it was last seen. */
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
  /** Department of the primary user. */
  readonly department?: string | undefined;
  /** Whether anything about the machine is doubtful: an open review of its identity, or evidence against its class. */
  readonly doubt?: boolean | undefined;
  /** State of its custody, or `none` while nothing is recorded. */
  readonly custody?: CustodyState | 'none' | undefined;
  /** Id of the person who has it by custody. */
  readonly holderId?: number | undefined;
}

/** Filters that compare one column for equality. */
const EQUAL = {
  operatingSystem: 'operating_system',
  manufacturer: 'manufacturer',
  model: 'model',
  complianceState: 'compliance_state',
  ownership: 'ownership',
  upgradeEligibility: 'upgrade_eligibility',
} as const satisfies Partial<Record<keyof DeviceFilter, string>>;

/** Machines with an open review; there are never many, as people work the queue off. */
const REVIEWED = `select record.device_id from device_review as review
  join device_review_record as named on named.review_id = review.id
  join device_record as record on record.id = named.record_id
  where review.state = 'open' and record.device_id is not null`;

/** What the machines of a list must be like, over `device`; those merged into others are in no list. */
export function conditionsOf(filter: DeviceFilter): SqlConditions {
  const conditions = new SqlConditions().always('device.merged_into_id is null');
  for (const [name, column] of Object.entries(EQUAL) as [keyof typeof EQUAL, string][]) {
    conditions.addGiven(filter[name], (value) => `lower(device.${column}) = lower(${value}::text)`);
  }
  conditions
    .addGiven(filter.formFactor, (value) => `device.form_factor = ${value}`)
    .addGiven(filter.superclass, (value) => `device.form_factor_superclass = ${value}`)
    .addGiven(filter.presence, (value) => `device.presence = ${value}`)
    .addGiven(filter.lastSeenBefore, (value) => `device.last_seen_at < ${value}`)
    .addGiven(filter.seenFrom, (day) => onDay.orLater('device.last_seen_at', day))
    .addGiven(filter.seenTo, (day) => onDay.orEarlier('device.last_seen_at', day))
    .addGiven(
      filter.userId,
      (value) => `device.user_entra_id = (select person.entra_id from person where person.id = ${value})`,
    )
    .addGiven(
      filter.department,
      (value) =>
        `device.user_entra_id in (select person.entra_id from person where lower(person.department) = lower(${value}::text))`,
    );
  // An array is looked up in the index of the key, a subquery joined by "or" would not be.
  if (filter.doubt === true) {
    conditions.always(`device.form_factor_contradicted or device.id = any (array(${REVIEWED}))`);
  }
  if (filter.doubt === false) {
    conditions.always(`not device.form_factor_contradicted and device.id not in (${REVIEWED})`);
  }
  if (filter.custody === 'none') conditions.always(`not exists (${custodyWhere('device_id = device.id')})`);
  else {
    conditions.addGiven(filter.custody, (state) => `device.id in (${custodyWhere(`state = ${state}`)})`);
  }
  conditions.addGiven(
    filter.holderId,
    (id) =>
      `device.id in (${custodyWhere(`holder_entra_id = (select person.entra_id from person where person.id = ${id})`)})`,
  );
  if (filter.search !== undefined) matchingDevice(conditions, filter.search);
  return conditions;
}

/** The machines whose custody, the one that counts, is like this. */
function custodyWhere(condition: string): string {
  return `select custody.device_id from device_custody as custody
          where custody.set_aside_at is null and custody.${condition}`;
}

/** Narrows to machines whose hostname, serial number or model begins with `text`. */
function matchingDevice(conditions: SqlConditions, text: string): void {
  conditions.add(
    beginningWith(text),
    (pattern) =>
      `lower(device.name) like lower(${pattern}::text) or upper(device.serial_number) like upper(${pattern}::text) ` +
      `or lower(device.model) like lower(${pattern}::text)`,
  );
}
