import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { beginningWith } from '../../database/sql-conditions.js';
import { LINE_LEVELS } from '../../rollout/move-circle.queries.js';
import { ProgrammeQueries } from '../../rollout/programme.queries.js';
import type { HeldMachine, Holdings } from '../domain/eligibility.js';
import type { ProductKind } from '../domain/product-words.js';

/** Somebody for whom something can be asked. */
export interface Beneficiary {
  readonly id: number;
  readonly entraId: string;
  readonly displayName: string | null;
  readonly jobTitle: string | null;
  /** Where they usually work: as their move says, or else their office in the directory. */
  readonly site: string | null;
  /** As their move says; null for people without one. */
  readonly workStyle: string | null;
  readonly costCentre: string | null;
  /** Whether the directory has them with an account that is not disabled. */
  readonly active: boolean;
}

/** Reads for whom somebody may ask, and what these people have. */
@Injectable()
export class BeneficiariesQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly programmes: ProgrammeQueries,
  ) {}

  /** These people, in the order of their names; whoever the directory does not know is left out. */
  async some(entraIds: readonly string[], tx: EntityManager = this.dataSource.manager): Promise<Beneficiary[]> {
    return this.#people(tx, 'person.entra_id = any($1::text[])', entraIds, entraIds.length);
  }

  /**
   * Those who report to somebody and are active, and with `all` everybody below them in the line, by name.
   * @param name beginning of the name or surname of those who are looked for; everybody without it
   */
  below(headEntraId: string, who: 'direct' | 'all', most: number, name?: string): Promise<Beneficiary[]> {
    const active = `person.presence = 'present' and person.account_enabled is not false and person.entra_id <> $1`;
    const where = who === 'direct' ? 'person.manager_entra_id = $1' : `person.entra_id in (${BELOW})`;
    const named = `($4::text is null or lower(person.display_name) like lower($4) or lower(person.surname) like lower($4))`;
    const pattern = name === undefined ? null : beginningWith(name);
    return this.#people(this.dataSource.manager, `${active} and ${where} and ${named}`, headEntraId, most, [pattern]);
  }

  async #people(
    tx: EntityManager,
    where: string,
    value: unknown,
    most: number,
    more: readonly unknown[] = [],
  ): Promise<Beneficiary[]> {
    const programme = await this.programmes.current(tx);
    return tx.query<Beneficiary[]>(
      `select person.id, person.entra_id as "entraId", person.display_name as "displayName", person.job_title as "jobTitle",
         coalesce(move.site, person.office_location) as site, move.work_style as "workStyle",
         person.cost_centre as "costCentre",
         coalesce(person.presence = 'present' and person.account_enabled is not false, false) as active
       from person left join move on move.person_entra_id = person.entra_id and move.programme_id = $2
       where ${where} order by lower(person.display_name), person.id limit $3`,
      [value, programme?.id ?? null, most, ...more],
    );
  }

  /** Those of some people for whom somebody may not ask: who is neither themselves nor below them, or not active. */
  async refused(tx: EntityManager, requesterEntraId: string, entraIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ entraId: string }[]>(
      `with recursive line(beneficiary, entra_id, level) as (
         select entra_id, entra_id, 0 from person
         where entra_id = any($2::text[]) and presence = 'present' and account_enabled is not false
         union all
         select line.beneficiary, person.manager_entra_id, line.level + 1
         from line join person on person.entra_id = line.entra_id
         where person.manager_entra_id is not null and person.presence <> 'gone' and line.level < $3
       )
       select asked.entra_id as "entraId" from unnest($2::text[]) as asked(entra_id)
       where asked.entra_id not in (select beneficiary from line where line.entra_id = $1)`,
      [requesterEntraId, entraIds, LINE_LEVELS],
    );
    return rows.map(({ entraId }) => entraId);
  }

  /** What these people have, and what they wait for by other requests than this one. */
  async holdings(
    tx: EntityManager,
    entraIds: readonly string[],
    exceptRequestId: number | null,
  ): Promise<ReadonlyMap<string, Holdings>> {
    const machines = await tx.query<(HeldMachine & { entraId: string })[]>(MACHINES, [entraIds]);
    const held = await tx.query<{ entraId: string; productId: number; quantity: number }[]>(HELD, [entraIds]);
    const awaited = await tx.query<{ entraId: string; productId: number; kind: ProductKind; quantity: number }[]>(
      AWAITED,
      [entraIds, exceptRequestId],
    );
    return new Map(
      entraIds.map((person) => {
        const theirs = <Row extends { entraId: string }>(rows: readonly Row[]): Row[] =>
          rows.filter(({ entraId }) => entraId === person);
        return [
          person,
          {
            machines: theirs(machines),
            held: new Map(theirs(held).map(({ productId, quantity }) => [productId, quantity])),
            awaited: theirs(awaited),
          },
        ];
      }),
    );
  }
}

/** Everybody below somebody in the line; a circle in the directory ends at the last level. */
const BELOW = `
  with recursive below(entra_id, level) as (
    select person.entra_id, 1 from person where person.manager_entra_id = $1 and person.presence <> 'gone'
    union
    select person.entra_id, below.level + 1 from below join person on person.manager_entra_id = below.entra_id
    where person.presence <> 'gone' and below.level < ${LINE_LEVELS}
  )
  select entra_id from below`;

/** Laptops and desktops that people have: as their holder or, while custody says nothing, as their primary user. */
const MACHINES = `
  select found.entra_id as "entraId", device.id as "deviceId", product_model.product_id as "productId",
    device.form_factor_superclass = 'portable' as "isPortable", found.returnable as "isReturnable",
    concat_ws(', ', coalesce(device.name, device.serial_number), concat_ws(' ', device.manufacturer, device.model)) as label
  from (
    select holder_entra_id as entra_id, device_id, state = 'in_use' as returnable from device_custody
    where holder_entra_id = any($1::text[]) and set_aside_at is null and state in ('in_use', 'allocated', 'return_due')
    union all
    select user_entra_id, id, true from device
    where user_entra_id = any($1::text[]) and presence = 'present' and merged_into_id is null
      and not exists (select from device_custody where device_id = device.id and set_aside_at is null)
  ) as found
  join device on device.id = found.device_id and device.form_factor_superclass in ('portable', 'fixed')
  left join product_model on product_model.model_name = lower(device_model_name(device.manufacturer, device.model))
  order by device.id`;

/** Things without a serial number that people were given and have not brought back. */
const HELD = `
  select line.beneficiary_entra_id as "entraId", line.product_id as "productId", sum(pick.quantity)::integer as quantity
  from request_line as line join pick on pick.request_line_id = line.id
  where line.beneficiary_entra_id = any($1::text[]) and pick.device_id is null and pick.state in ('handed_over', 'received')
  group by 1, 2`;

/** What people wait for: of requests that are decided about or were approved, and not in their hands yet. */
const AWAITED = `
  select line.beneficiary_entra_id as "entraId", line.product_id as "productId", product.kind,
    sum(line.quantity - line.cancelled)::integer as quantity
  from request_line as line
  join equipment_request as request on request.id = line.request_id and request.revision = line.revision
  join product on product.id = line.product_id
  where line.beneficiary_entra_id = any($1::text[]) and request.state in ('submitted', 'approved')
    and line.state in ('open', 'reserved', 'back_ordered', 'picking') and request.id is distinct from $2
  group by 1, 2, 3`;
