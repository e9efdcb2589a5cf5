import type { EntityManager } from 'typeorm';
import type { MoveFact } from './domain/move-fact.js';
import { NOT_RETRACTABLE, type Statement } from './domain/statements.js';

/** A statement about one move, on its way into the journal. */
export interface StatementAbout {
  readonly moveId: number;
  readonly laptopId: number | null;
  readonly statement: Statement;
  /** Names this statement among all others. */
  readonly key: string;
  readonly now: Date;
}

/** The facts that a statement is; answers are none until all that are needed have come. */
export function factsOfStatement({ moveId, laptopId, statement, key, now }: StatementAbout): MoveFact[] {
  const about = { moveId, deviceId: null, at: now, key: `${key}:${moveId}` } as const;
  switch (statement.statement) {
    case 'answer':
    case 'retract':
      return [];
    case 'confirm-work-style':
      return [{ ...about, kind: 'work-style-confirmed', details: { workStyle: statement.workStyle } }];
    case 'confirm-receipt':
      return [{ ...about, kind: 'laptop-received', deviceId: laptopId, details: {} }];
    case 'defer':
      return [{ ...about, kind: 'deferred', details: { reason: statement.reason, until: statement.until } }];
    case 'end-deferral':
      return [{ ...about, kind: 'deferral-ended', details: {} }];
    case 'exempt':
      return [{ ...about, kind: 'exempted', details: { reason: statement.reason, until: statement.until } }];
    case 'end-exemption':
      return [{ ...about, kind: 'exemption-ended', details: {} }];
    case 'state-no-desktop':
      return [{ ...about, kind: 'no-desktop-stated', details: { reason: statement.reason } }];
    case 'state-desktop':
      return [{ ...about, kind: 'desktop-assigned', deviceId: statement.deviceId, details: { by: 'statement' } }];
    case 'release-desktop':
      return [
        { ...about, kind: 'desktop-released', deviceId: statement.deviceId, details: { reason: statement.reason } },
      ];
    case 'roll-back':
      return [{ ...about, kind: 'rolled-back', details: { reason: statement.reason } }];
    case 'reopen':
      return [{ ...about, kind: 'reopened', details: { reason: statement.reason } }];
  }
}

/** The fact that takes another back; null when the move, or a desktop of it, has no such fact that could be. */
export async function retractionOf(
  tx: EntityManager,
  moveId: number,
  { key, reason }: { readonly key: string; readonly reason: string },
  now: Date,
): Promise<MoveFact | null> {
  const [fact] = await tx.query<{ move_id: number | null; device_id: number | null }[]>(
    `select fact.move_id, fact.device_id from move_fact as fact join move on move.programme_id = fact.programme_id
     where move.id = $1 and fact.key = $2 and fact.kind <> all($3::text[])
       and (fact.move_id = move.id or fact.move_id is null and exists (
              select from move_fact as own where own.move_id = move.id and own.device_id = fact.device_id))`,
    [moveId, key, NOT_RETRACTABLE],
  );
  if (fact === undefined) return null;
  return {
    kind: 'retracted',
    moveId: fact.move_id,
    deviceId: fact.device_id,
    at: now,
    details: { key, reason },
    key: `retracted:${key}`,
  };
}

/** What must be known of somebody before their move counts as assessed, besides their confirmed work style. */
const ASSESSMENT = ['devices', 'usual-sites', 'applications', 'assistive-technology'];

/**
 * Assessments of those of some moves of which everything is known and that were not assessed since they began anew: by
 * coming back to the organisation, or after being rolled back.
 */
export async function assessmentsOf(tx: EntityManager, moveIds: readonly number[], now: Date): Promise<MoveFact[]> {
  const rows = await tx.query<{ id: number; number: number }[]>(
    `select move.id, assessed.number::integer as number
     from move
     cross join lateral (select max(at) as at from move_fact
                         where move_id = move.id and kind in ('returned-to-organisation', 'rolled-back')) as begun
     cross join lateral (select count(*) as number, max(at) as at from move_fact
                         where move_id = move.id and kind = 'assessed') as assessed
     where move.id = any($1::integer[]) and move.work_style_confirmed
       and (assessed.at is null or assessed.at < begun.at)
       and (select count(distinct question) from move_answer
            where move_id = move.id and question = any($2::text[])) = cardinality($2::text[])`,
    [moveIds, ASSESSMENT],
  );
  return rows.map(({ id, number }) => ({
    kind: 'assessed',
    moveId: id,
    deviceId: null,
    at: now,
    details: {},
    key: `assessed:${id}:${number + 1}`,
  }));
}
