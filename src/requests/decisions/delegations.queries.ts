import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import { HOLDS_TODAY } from './decision-rights.queries.js';

/** Delegations that are shown at once, the latest first. */
const MOST = 200;

/** Somebody decides in somebody else's place. */
export interface Delegation {
  readonly id: number;
  readonly fromEntraId: string;
  readonly fromName: string | null;
  readonly toEntraId: string;
  readonly toName: string | null;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly reason: string;
  /** Who made it, as the audit trail names them. */
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly holdsToday: boolean;
  /** Decisions that were made by it. */
  readonly decisions: number;
}

/** Reads who decides in whose place. */
@Injectable()
export class DelegationsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Delegations that somebody gave or got, the latest first; everybody's for null. */
  async list(personEntraId: string | null): Promise<Delegation[]> {
    return this.dataSource.query<Delegation[]>(
      `select given.id, given.from_entra_id as "fromEntraId", giver.display_name as "fromName",
         given.to_entra_id as "toEntraId", taker.display_name as "toName", given.from_day::text as "fromDay",
         given.until_day::text as "untilDay", given.reason, given.created_by as "createdBy",
         ${utc('given.created_at')} as "createdAt", ${utc('given.ended_at')} as "endedAt", ${HOLDS_TODAY} as "holdsToday",
         (select count(*)::integer from decision where decision.delegation_id = given.id) as decisions
       from approval_delegation as given
       left join person as giver on giver.entra_id = given.from_entra_id
       left join person as taker on taker.entra_id = given.to_entra_id
       where $1::text is null or given.from_entra_id = $1 or given.to_entra_id = $1
       order by given.id desc limit ${MOST}`,
      [personEntraId],
    );
  }
}
