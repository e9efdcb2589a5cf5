import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { utc } from '../../database/sql-conditions.js';
import type { ReadinessOutcome } from '../domain/move-words.js';
import type { ReadinessRule, ReasonCode } from '../domain/readiness/rules.js';

/** A waiver that stands: who answers for it, why and until when. */
export interface StandingWaiver {
  readonly id: number;
  readonly reason: string;
  /** Day (ISO 8601). */
  readonly expiresOn: string;
  readonly grantedBy: string;
}

/** What a rule says of a move. */
export interface KnownResult {
  readonly moveId: number;
  readonly rule: ReadinessRule;
  /** The site or application that it is about; empty for rules about the move as a whole. */
  readonly subject: string;
  readonly outcome: ReadinessOutcome;
  readonly reason: ReasonCode;
  readonly owner: string;
  /** Instant (ISO 8601, UTC). */
  readonly since: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly gates: boolean;
  /** Whether the move waits for it. */
  readonly blocks: boolean;
  readonly waiver: StandingWaiver | null;
}

/** Reads what the rules said when they were last asked. */
@Injectable()
export class ReadinessResultsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** The results of these moves, those that block first. */
  ofMoves(moveIds: readonly number[]): Promise<KnownResult[]> {
    return this.dataSource.query<KnownResult[]>(
      `select result.move_id as "moveId", result.rule, result.subject, result.outcome, result.reason, result.owner,
              ${utc('result.since')} as since, result.evidence, result.gates, result.blocks,
              case when waiver.id is not null then json_build_object('id', waiver.id, 'reason', waiver.reason,
                'expiresOn', waiver.expires_on, 'grantedBy', waiver.granted_by) end as waiver
       from readiness_result as result left join readiness_waiver as waiver on waiver.id = result.waiver_id
       where result.move_id = any($1::integer[])
       order by result.move_id, result.blocks desc, result.gates desc, result.rule, result.subject`,
      [moveIds],
    );
  }
}
