import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { ReadinessRule } from '../domain/readiness/rules.js';

/** A waiver, whether it holds or has ended. */
export interface Waiver {
  readonly id: number;
  readonly rule: ReadinessRule;
  readonly reason: string;
  /** Day (ISO 8601). */
  readonly expiresOn: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
}

/** Reads who waived what. */
@Injectable()
export class WaiversQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** All waivers of a move, those that hold first, then the latest. */
  ofMove(moveId: number): Promise<Waiver[]> {
    return this.dataSource.query<Waiver[]>(
      `select id, rule, reason, expires_on::text as "expiresOn", granted_by as "grantedBy", ${utc('granted_at')} as "grantedAt",
              ${utc('ended_at')} as "endedAt", ended_by as "endedBy", end_reason as "endReason"
       from readiness_waiver where move_id = $1 order by ended_at is not null, id desc`,
      [moveId],
    );
  }
}
