import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import type { MoveFact } from './domain/move-fact.js';

/** Facts that one statement records. */
const FACTS_AT_ONCE = 5_000;

/**
 * Writes facts into the journal; what is there already under its key stays as it is. Whoever records facts has the moves
 * derived in the same transaction, see `MoveDerivationService`.
 * @param recordedAt when Untether learned them, now unless said otherwise; `when-it-was-so` for facts taken over from records
 * kept elsewhere.
 * @returns how many were new
 */
export async function recordFacts(
  tx: EntityManager,
  programmeId: number,
  facts: readonly MoveFact[],
  actor: Actor,
  recordedAt?: Date | 'when-it-was-so',
): Promise<number> {
  const recorded = recordedAt === 'when-it-was-so' ? null : (recordedAt ?? new Date());
  let added = 0;
  for (let start = 0; start < facts.length; start += FACTS_AT_ONCE) {
    const rows = await tx.query<{ count: number }[]>(
      `with added as (
         insert into move_fact (programme_id, move_id, device_id, kind, at, recorded_at, details, key, actor)
         select $1, fact.move_id, fact.device_id, fact.kind, fact.at, coalesce($2::timestamptz, fact.at), fact.details,
                fact.key, $3
         from jsonb_to_recordset($4::jsonb) as fact(move_id integer, device_id integer, kind text, at timestamptz,
           details jsonb, key text)
         order by fact.key
         on conflict on constraint move_fact_key_key do nothing
         returning 1)
       select count(*)::integer as count from added`,
      [programmeId, recorded, actor, JSON.stringify(facts.slice(start, start + FACTS_AT_ONCE).map(rowOf))],
    );
    added += rows[0]?.count ?? 0;
  }
  return added;
}

function rowOf({ moveId, deviceId, kind, at, details, key }: MoveFact): object {
  return { move_id: moveId, device_id: deviceId, kind, at, details, key };
}
