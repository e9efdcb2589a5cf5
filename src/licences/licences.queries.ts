import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page } from '../common/paging.js';
import type { Presence } from '../database/presence.js';
import { utc } from '../database/sql-conditions.js';
import { productName } from './product-names.js';

/** A product that the tenant subscribes to: what was bought and what is used. */
export interface Licence {
  readonly skuId: string;
  readonly productName: string;
  readonly partNumber: string | null;
  readonly capabilityStatus: string | null;
  /** Units bought and in force. */
  readonly bought: number;
  /** Units of a subscription that has run out and still works for a while. */
  readonly inGrace: number;
  readonly suspended: number;
  readonly used: number;
  /** Units that can still be given out; never below zero. */
  readonly available: number;
  /** Held by people whose account is disabled or whom the directory does not show any more. */
  readonly heldByLeavers: number;
  /** Units that serve nobody: not given out, or held by leavers. */
  readonly waste: number;
  /** More units are in use than were bought or are in grace. */
  readonly overAssigned: boolean;
  /** The tenant no longer has the product. */
  readonly ended: boolean;
  readonly presence: Presence;
  readonly changedAt: string;
}

/** What a product can be found by: more units used than bought, units that serve nobody, or none left. */
export const LICENCE_STATES = ['over-assigned', 'wasted', 'used-up', 'ended'] as const;
export type LicenceState = (typeof LICENCE_STATES)[number];

export const LICENCE_SORTS = ['name', '-name', 'bought', '-bought', 'used', '-used', 'waste', '-waste'] as const;
export type LicenceSort = (typeof LICENCE_SORTS)[number];

/** What the list of products may be narrowed to. */
export interface LicenceFilter {
  /** Part of the product's name or of its part number, in any case. */
  readonly search?: string | undefined;
  readonly state?: LicenceState | undefined;
}

const IN_STATE: Readonly<Record<LicenceState, (licence: Licence) => boolean>> = {
  'over-assigned': ({ overAssigned }) => overAssigned,
  wasted: ({ waste }) => waste > 0,
  'used-up': ({ available, ended }) => available === 0 && !ended,
  ended: ({ ended }) => ended,
};

/** A licence of one person. */
export interface PersonLicence {
  readonly skuId: string;
  readonly productName: string;
  /** True when assigned to the person, false when it comes through a group. */
  readonly direct: boolean;
  readonly groupId: string | null;
  readonly state: string | null;
  readonly error: string | null;
}

/** Products that a tenant may have at the most; Microsoft sells fewer than a thousand. */
const MAXIMUM_PRODUCTS = 1_000;

/** Reads products and who has them. */
@Injectable()
export class LicencesQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The products that match; a tenant has some dozens, so they come as one page. */
  async list(filter: LicenceFilter = {}, sort: LicenceSort = 'name'): Promise<Page<Licence>> {
    const all = await this.#all();
    const wanted = filter.search?.toLowerCase();
    const items = all.filter(
      (licence) =>
        (wanted === undefined ||
          [licence.productName, licence.partNumber ?? ''].some((name) => name.toLowerCase().includes(wanted))) &&
        (filter.state === undefined || IN_STATE[filter.state](licence)),
    );
    return { items: sorted(items, sort), next: null, asOf: await this.asOf() };
  }

  /** One product; null when the tenant never had it. */
  async one(skuId: string): Promise<Licence | null> {
    return (await this.#all()).find((licence) => licence.skuId === skuId) ?? null;
  }

  async #all(): Promise<Licence[]> {
    const rows = await this.dataSource.query<Omit<Licence, 'productName'>[]>(
      `select sku_id as "skuId", sku_part_number as "partNumber", capability_status as "capabilityStatus",
              units.bought, units.in_grace as "inGrace", coalesce(suspended_units, 0) as "suspended", units.used,
              greatest(units.bought + units.in_grace - units.used, 0) as "available",
              coalesce(leavers.people, 0) as "heldByLeavers",
              greatest(units.bought + units.in_grace - units.used, 0) + coalesce(leavers.people, 0) as "waste",
              units.used > units.bought + units.in_grace as "overAssigned",
              presence <> 'present' or coalesce(capability_status, '') = 'Deleted' as "ended",
              presence, ${utc('changed_at')} as "changedAt"
       from subscribed_sku
       cross join lateral (select coalesce(enabled_units, 0) as bought, coalesce(warning_units, 0) as in_grace,
                                  coalesce(consumed_units, 0) as used) as units
       left join (
         select stated.sku_id as held_sku_id, count(distinct person.id)::integer as people
         from person cross join lateral jsonb_to_recordset(person.licence_assignments) as stated(sku_id text)
         where person.account_enabled = false or person.absent_since is not null
         group by stated.sku_id) as leavers on leavers.held_sku_id = subscribed_sku.sku_id
       order by sku_id limit ${MAXIMUM_PRODUCTS}`,
    );
    return rows.map((row) => ({ ...row, productName: productName(row.skuId, row.partNumber) }));
  }

  /** Whether the tenant has or had this product. */
  async exists(skuId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>('select 1 from subscribed_sku where sku_id = $1', [skuId]);
    return rows.length > 0;
  }

  /** The licences of one person, by product name. */
  async ofPerson(personId: number): Promise<readonly PersonLicence[]> {
    const rows = await this.dataSource.query<(Omit<PersonLicence, 'productName'> & { partNumber: string | null })[]>(
      `select assignment.sku_id as "skuId", sku.sku_part_number as "partNumber",
              assignment.group_id is null as "direct", assignment.group_id as "groupId",
              assignment.state, assignment.error
       from licence_assignment as assignment left join subscribed_sku as sku on sku.sku_id = assignment.sku_id
       where assignment.person_id = $1`,
      [personId],
    );
    return rows
      .map(({ partNumber, ...row }) => ({ ...row, productName: productName(row.skuId, partNumber) }))
      .sort((one, other) => one.productName.localeCompare(other.productName, 'en-GB'));
  }

  private async asOf(): Promise<string | null> {
    const rows = await this.dataSource.query<{ at: string | null }[]>(
      `select ${utc('last_success_at')} as at from sync_source where source = 'subscribed-skus'`,
    );
    return rows[0]?.at ?? null;
  }
}

function sorted(licences: readonly Licence[], sort: LicenceSort): readonly Licence[] {
  const [direction, by] = sort.startsWith('-') ? [-1, sort.slice(1)] : [1, sort];
  const byName = (one: Licence, other: Licence): number => one.productName.localeCompare(other.productName, 'en-GB');
  return [...licences].sort((one, other) => {
    const difference = by === 'bought' || by === 'used' || by === 'waste' ? one[by] - other[by] : byName(one, other);
    return difference === 0 ? byName(one, other) : direction * difference;
  });
}
