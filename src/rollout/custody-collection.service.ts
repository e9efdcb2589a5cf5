import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { factsOfCustodyStep, keysOfStep, type CustodyStepSeen } from './domain/custody-facts.js';
import type { MoveFact } from './domain/move-fact.js';
import { recordFacts } from './move-facts.service.js';

/** Steps that are read at once. */
const STEPS_AT_ONCE = 5_000;
/**
 * Steps before the last one that are looked at again: one that was numbered earlier can become visible later, when its
 * transaction ended after that of the next. What became a fact already becomes none again.
 */
const STEPS_AGAIN = 5_000;

/** Turns the steps of custody since the last collection into facts. @returns the number of the last one */
export async function collectCustody(
  tx: EntityManager,
  programme: { readonly id: number; readonly lastCustodyEventId: number; readonly since: Date },
  actor: Actor,
  now: Date,
): Promise<void> {
  let last = Math.max(0, programme.lastCustodyEventId - STEPS_AGAIN);
  for (;;) {
    const steps = await tx.query<CustodyStepSeen[]>(STEPS, [programme.id, last, programme.since, STEPS_AT_ONCE]);
    const end = steps.at(-1);
    if (end === undefined) break;
    await recordFacts(tx, programme.id, steps.flatMap(factsOfCustodyStep), actor, now);
    await recordFacts(tx, programme.id, await retractions(tx, programme.id, steps), actor, now);
    last = end.id;
  }
  await tx.query(
    `update rollout_programme
     set last_custody_event_id = greatest(last_custody_event_id, coalesce((select max(id) from custody_event), 0))
     where id = $1 and last_custody_event_id <> coalesce((select max(id) from custody_event), 0)`,
    [programme.id],
  );
}

async function retractions(
  tx: EntityManager,
  programmeId: number,
  steps: readonly CustodyStepSeen[],
): Promise<MoveFact[]> {
  const corrections = steps.flatMap((step) => (step.correctsId === null ? [] : [{ ...step, of: step.correctsId }]));
  const byKey = new Map(corrections.flatMap((step) => keysOfStep(step.of).map((key) => [key, step] as const)));
  const facts = await tx.query<{ key: string; move_id: number | null; device_id: number | null }[]>(
    'select key, move_id, device_id from move_fact where programme_id = $1 and key = any($2::text[])',
    [programmeId, [...byKey.keys()]],
  );
  return facts.flatMap(({ key, move_id: moveId, device_id: deviceId }): MoveFact[] => {
    const step = byKey.get(key);
    if (step === undefined) return [];
    const details = { key, reason: 'Custody was corrected.' };
    return [
      { kind: 'retracted', moveId, deviceId, at: step.at, details, key: `custody_event:${step.id}:retracted:${key}` },
    ];
  });
}

/** Of desktops outside the programme only what somebody in it did with them. */
const STEPS = `
  select event.id::integer as id, event.command, event.device_id as "deviceId",
         device.form_factor_superclass = 'portable' as portable, event.from_state as "fromState",
         event.to_state as "toState", before.id as "moveBefore", after.id as "moveAfter", event.at,
         coalesce(event.reference, 'evidence:' || event.evidence_id) as evidence, event.corrects_id::integer as "correctsId"
  from custody_event as event
  join device on device.id = event.device_id
  left join move as before on before.programme_id = $1 and before.person_entra_id = event.holder_before
  left join move as after on after.programme_id = $1 and after.person_entra_id = event.holder_after
  where event.id > $2 and event.at >= $3 and device.form_factor_superclass in ('portable', 'fixed')
    and device.form_factor <> 'tablet'
    and (before.id is not null or after.id is not null
         or exists (select from move_fact as fact where fact.programme_id = $1 and fact.device_id = event.device_id))
  order by event.id limit $4`;
