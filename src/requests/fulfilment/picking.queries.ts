import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { PersonOfRequest } from '../asking/whole-request.queries.js';
import type { ProductKind } from '../domain/product-words.js';
import type { Delivery } from '../domain/request-words.js';

/** A product as pick lists name it. */
export interface PickedProduct {
  readonly id: number;
  readonly name: string;
  readonly kind: ProductKind;
  /** Whether it is picked by serial number. */
  readonly serialised: boolean;
}

/** Something that is reserved and to be picked. */
export interface ToPick {
  /** Number of the reservation. */
  readonly id: number;
  readonly requestId: number;
  readonly lineId: number;
  readonly product: PickedProduct;
  /** How many are left to pick. */
  readonly quantity: number;
  readonly place: { readonly id: number; readonly name: string };
  readonly person: PersonOfRequest;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly neededBy: string | null;
  readonly reservedAt: string;
  /** When it ends unless picking begins. */
  readonly expiresAt: string;
}

export interface ToPickFilter {
  readonly placeId?: number | undefined;
  readonly productId?: number | undefined;
  readonly requestId?: number | undefined;
  readonly delivery?: Delivery | undefined;
  /** Beginning of the name or user principal name of whom it is for. */
  readonly person?: string | undefined;
  /** Needed by this day or before, and whatever nobody gave a day for. */
  readonly neededUntil?: string | undefined;
}

/** People whose name or user principal name begins with a pattern. */
export const PEOPLE_NAMED = (pattern: string): string => `select person.entra_id from person
  where lower(person.display_name) like lower(${pattern}::text) or lower(person.user_principal_name) like lower(${pattern}::text)
    or lower(person.surname) like lower(${pattern}::text)`;

/** The person of a line, and the product, as JSON. */
export const PERSON = `json_build_object('id', person.id, 'entraId', line.beneficiary_entra_id, 'displayName', person.display_name)`;
export const PRODUCT = `json_build_object('id', product.id, 'name', product.name, 'kind', product.kind, 'serialised', product.serialised)`;

const ITEM = `json_build_object('id', reservation.id, 'requestId', line.request_id, 'lineId', line.id, 'product', ${PRODUCT},
  'quantity', reservation.quantity - reservation.picked, 'place', json_build_object('id', place.id, 'name', place.name),
  'person', ${PERSON}, 'delivery', revision.delivery, 'site', revision.site, 'neededBy', revision.needed_by,
  'reservedAt', ${utc('reservation.created_at')}, 'expiresAt', ${utc('reservation.expires_at')})`;

const JOINS = `
  join request_line as line on line.id = reservation.request_line_id
  join request_revision as revision on (revision.request_id, revision.revision) = (line.request_id, line.revision)
  join product on product.id = reservation.product_id
  join stock_place as place on place.id = reservation.place_id
  left join person on person.entra_id = line.beneficiary_entra_id`;

const NEEDED_BY = `(
  select revision.needed_by::text from request_line as line
  join request_revision as revision on (revision.request_id, revision.revision) = (line.request_id, line.revision)
  where line.id = reservation.request_line_id)`;

/** Most lines of one pick list on paper. */
const LONGEST_SHEET = 500;

/** Reads what is reserved and to be picked. */
@Injectable()
export class PickingQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of it, what is needed first comes first. */
  page(filter: ToPickFilter, request: PageRequest): Promise<Page<ToPick>> {
    return keysetPage<ToPick>(
      this.dataSource,
      { table: 'reservation', conditions: conditionsOf(filter), item: ITEM, joins: JOINS, sources: [] },
      { name: 'neededBy', by: { expression: NEEDED_BY, type: 'text' } },
      request,
    );
  }

  /** How much of it there is. */
  count(filter: ToPickFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'reservation', conditionsOf(filter));
  }

  /** One reservation that is to be picked; null when there is none, or nothing of it is left. */
  async one(id: number): Promise<ToPick | null> {
    const [row] = await this.dataSource.query<{ item: ToPick }[]>(
      `select ${ITEM} as item from reservation ${JOINS} where reservation.id = $1 and reservation.state = 'active'`,
      [id],
    );
    return row?.item ?? null;
  }

  /** The pick list of a place: by where it goes, then by person, so that what belongs together is picked together. */
  async sheet(placeId: number, neededUntil: string | undefined): Promise<ToPick[]> {
    const conditions = conditionsOf({ placeId, neededUntil });
    const rows = await this.dataSource.query<{ item: ToPick }[]>(
      `select ${ITEM} as item from reservation ${JOINS} where ${conditions.toSql()}
       order by revision.delivery desc, lower(revision.site) nulls last, lower(person.display_name), line.beneficiary_entra_id, lower(product.name), reservation.id
       limit ${LONGEST_SHEET}`,
      conditions.parameters,
    );
    return rows.map(({ item }) => item);
  }

  /** Places at which something is to be picked, with how much. */
  places(): Promise<{ id: number; name: string; lines: number }[]> {
    return this.dataSource.query(
      `select place.id, place.name, count(*)::integer as lines from reservation
       join stock_place as place on place.id = reservation.place_id
       where reservation.state = 'active' group by place.id order by lower(place.name)`,
    );
  }

  /** What a place of stock is called; null when there is none. */
  async placeNamed(id: number): Promise<string | null> {
    const [row] = await this.dataSource.query<{ name: string }[]>('select name from stock_place where id = $1', [id]);
    return row?.name ?? null;
  }
}

function conditionsOf({ placeId, productId, requestId, delivery, person, neededUntil }: ToPickFilter): SqlConditions {
  const conditions = new SqlConditions()
    .always(`reservation.state = 'active'`)
    .addGiven(placeId, (value) => `reservation.place_id = ${value}`)
    .addGiven(productId, (value) => `reservation.product_id = ${value}`)
    .addGiven(neededUntil, (day) => `coalesce(${NEEDED_BY} <= ${day}, true)`);
  const ofLine = [
    ...(requestId === undefined ? [] : [`line.request_id = ${conditions.parameter(requestId)}::integer`]),
    ...(delivery === undefined ? [] : [`revision.delivery = ${conditions.parameter(delivery)}`]),
    ...(person === undefined
      ? []
      : [`line.beneficiary_entra_id in (${PEOPLE_NAMED(conditions.parameter(beginningWith(person)))})`]),
  ];
  if (ofLine.length === 0) return conditions;
  return conditions.always(`exists (select from request_line as line
    join request_revision as revision on (revision.request_id, revision.revision) = (line.request_id, line.revision)
    where line.id = reservation.request_line_id and ${ofLine.join(' and ')})`);
}
