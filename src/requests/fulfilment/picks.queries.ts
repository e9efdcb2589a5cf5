import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Page, PageRequest } from '../../common/paging.js';
import { boundedCount, type Count } from '../../database/bounded-count.js';
import { keysetPage } from '../../database/keyset-page.js';
import { beginningWith, SqlConditions, utc } from '../../database/sql-conditions.js';
import type { PersonOfRequest } from '../asking/whole-request.queries.js';
import type { PickState, ReceivedHow } from '../domain/pick-words.js';
import type { Delivery } from '../domain/request-words.js';
import { SURVIVOR_OF } from './pick-rows.queries.js';
import { PEOPLE_NAMED, PERSON, PRODUCT, type PickedProduct } from './picking.queries.js';

/** Something that was picked, and what became of it. */
export interface PickView {
  readonly id: number;
  readonly requestId: number;
  readonly lineId: number;
  readonly product: PickedProduct;
  readonly quantity: number;
  readonly place: { readonly id: number; readonly name: string };
  readonly person: PersonOfRequest;
  /** Null for what is counted. */
  readonly machine: { readonly id: number; readonly name: string | null; readonly serialNumber: string | null } | null;
  readonly state: PickState;
  readonly delivery: Delivery;
  readonly site: string | null;
  readonly pickedAt: string;
  readonly tracking: string | null;
  readonly dispatchedAt: string | null;
  readonly handedOverAt: string | null;
  readonly receivedHow: ReceivedHow | null;
  readonly receivedAt: string | null;
  /** When it was put or brought back. */
  readonly endedAt: string | null;
  readonly version: string;
}

export interface PickFilter {
  readonly state?: PickState | undefined;
  /** True for what has not come to its end: picked, sent, or handed over and not confirmed. */
  readonly open?: boolean | undefined;
  readonly placeId?: number | undefined;
  readonly requestId?: number | undefined;
  /** Beginning of the name or user principal name of whom it is for. */
  readonly person?: string | undefined;
}

const ITEM = `json_build_object('id', pick.id, 'requestId', line.request_id, 'lineId', line.id, 'product', ${PRODUCT},
  'quantity', pick.quantity, 'place', json_build_object('id', place.id, 'name', place.name), 'person', ${PERSON},
  'machine', case when device.id is not null then
    json_build_object('id', device.id, 'name', device.name, 'serialNumber', device.serial_number) end,
  'state', pick.state, 'delivery', revision.delivery, 'site', revision.site, 'pickedAt', ${utc('pick.picked_at')},
  'tracking', pick.tracking, 'dispatchedAt', ${utc('pick.dispatched_at')}, 'handedOverAt', ${utc('pick.handed_over_at')},
  'receivedHow', pick.received_how, 'receivedAt', ${utc('pick.received_at')}, 'endedAt', ${utc('pick.ended_at')},
  'version', pick.version::text)`;

const JOINS = `
  join request_line as line on line.id = pick.request_line_id
  join request_revision as revision on (revision.request_id, revision.revision) = (line.request_id, line.revision)
  join product on product.id = pick.product_id
  join stock_place as place on place.id = pick.place_id
  left join person on person.entra_id = line.beneficiary_entra_id
  left join device on device.id = ${SURVIVOR_OF('pick.device_id')}`;

/** Reads what was picked. */
@Injectable()
export class PicksQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One page of it, the latest first. */
  page(filter: PickFilter, request: PageRequest): Promise<Page<PickView>> {
    return keysetPage<PickView>(
      this.dataSource,
      { table: 'pick', conditions: conditionsOf(filter), item: ITEM, joins: JOINS, sources: [] },
      { name: '-id', by: { expression: 'pick.id', type: 'bigint', descending: true } },
      request,
    );
  }

  /** How much of it there is. */
  count(filter: PickFilter): Promise<Count> {
    return boundedCount(this.dataSource, 'pick', conditionsOf(filter));
  }

  /** One pick; null when there is none. */
  async one(id: number): Promise<PickView | null> {
    const [row] = await this.dataSource.query<{ item: PickView }[]>(
      `select ${ITEM} as item from pick ${JOINS} where pick.id = $1`,
      [id],
    );
    return row?.item ?? null;
  }

  /** What a person was given and has not confirmed, and what is on its way to them, under any of their accounts. */
  async toConfirm(personEntraId: string): Promise<PickView[]> {
    const rows = await this.dataSource.query<{ item: PickView }[]>(
      `select ${ITEM} as item from pick ${JOINS}
       where pick.state in ('dispatched', 'handed_over') and line.beneficiary_entra_id in (
         select entra_id from linked_account where person_entra_id = person_behind($1)
         union all select person_behind($1))
       order by pick.id`,
      [personEntraId],
    );
    return rows.map(({ item }) => item);
  }
}

const OPEN = `pick.state in ('picked', 'dispatched', 'handed_over')`;

function conditionsOf({ state, open, placeId, requestId, person }: PickFilter): SqlConditions {
  const conditions = new SqlConditions()
    .addGiven(state, (value) => `pick.state = ${value}`)
    .addGiven(placeId, (value) => `pick.place_id = ${value}`);
  if (open !== undefined) conditions.always(open ? OPEN : `not ${OPEN}`);
  const ofLine = [
    ...(requestId === undefined ? [] : [`line.request_id = ${conditions.parameter(requestId)}::integer`]),
    ...(person === undefined
      ? []
      : [`line.beneficiary_entra_id in (${PEOPLE_NAMED(conditions.parameter(beginningWith(person)))})`]),
  ];
  if (ofLine.length === 0) return conditions;
  return conditions.always(
    `exists (select from request_line as line where line.id = pick.request_line_id and ${ofLine.join(' and ')})`,
  );
}
