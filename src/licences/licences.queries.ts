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
  /** More units are in use than were bought or are in grace. */
  readonly overAssigned: boolean;
  /** The tenant no longer has the product. */
  readonly ended: boolean;
  readonly presence: Presence;
  readonly changedAt: string;
}

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

  /** All products by name; a tenant has some dozens, so they come as one page. */
  async list(): Promise<Page<Licence>> {
    const rows = await this.dataSource.query<(Omit<Licence, 'productName'> & { asOf: string | null })[]>(
      `select sku_id as "skuId", sku_part_number as "partNumber", capability_status as "capabilityStatus",
              units.bought, units.in_grace as "inGrace", coalesce(suspended_units, 0) as "suspended", units.used,
              greatest(units.bought + units.in_grace - units.used, 0) as "available",
              units.used > units.bought + units.in_grace as "overAssigned",
              presence <> 'present' or coalesce(capability_status, '') = 'Deleted' as "ended",
              presence, ${utc('changed_at')} as "changedAt"
       from subscribed_sku
       cross join lateral (select coalesce(enabled_units, 0) as bought, coalesce(warning_units, 0) as in_grace,
                                  coalesce(consumed_units, 0) as used) as units
       order by sku_id limit ${MAXIMUM_PRODUCTS}`,
    );
    const items = rows.map((row) => ({ ...row, productName: productName(row.skuId, row.partNumber) }));
    items.sort((one, other) => one.productName.localeCompare(other.productName, 'en-GB'));
    return { items, next: null, asOf: await this.asOf() };
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
