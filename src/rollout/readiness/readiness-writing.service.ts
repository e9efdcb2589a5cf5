import type { EntityManager } from 'typeorm';
import type { RuleResult } from '../domain/readiness/rules.js';
import type { ReadinessOutcome } from '../domain/move-words.js';

/** What came out differently for a move. */
export interface ChangedReadiness {
  readonly moveId: number;
  readonly results: readonly RuleResult[];
  readonly outcome: ReadinessOutcome;
  readonly turns: number;
  readonly digest: Buffer;
  readonly waitsForLaptop: boolean;
  readonly otherwiseReady: boolean;
}

/** Makes sure that each of the moves has an evaluation, and keeps everybody else from them until the transaction ends. */
export async function lockEvaluations(tx: EntityManager, moveIds: readonly number[]): Promise<void> {
  await tx.query(
    `insert into readiness_evaluation (move_id) select id from unnest($1::integer[]) as id order by id
     on conflict on constraint readiness_evaluation_pkey do nothing`,
    [moveIds],
  );
  await tx.query(
    `select count(*) from (select from readiness_evaluation where move_id = any($1::integer[]) order by move_id for update) as locked`,
    [moveIds],
  );
}

/** A result keeps since when it is so, unless a fact says it, as long as it is said for the same reason. */
const WRITE_RESULTS = `
  with result as (
    select * from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
      $8::text[], $9::boolean[], $10::boolean[], $11::integer[])
      as result(move_id, rule, subject, outcome, reason, owner, since, evidence, gates, blocks, waiver_id)),
  dropped as (
    delete from readiness_result as stored
    where stored.move_id = any($12::integer[]) and not exists (
      select from result where result.move_id = stored.move_id and result.rule = stored.rule
        and result.subject = stored.subject))
  insert into readiness_result as stored
    (move_id, rule, subject, outcome, reason, owner, since, evidence, gates, blocks, waiver_id)
  select move_id, rule, subject, outcome, reason, owner, coalesce(since, $13::timestamptz), evidence::jsonb, gates, blocks,
         waiver_id
  from result
  on conflict on constraint readiness_result_pkey do update set
    outcome = excluded.outcome, reason = excluded.reason, owner = excluded.owner,
    since = case when excluded.since = $13 and (stored.outcome, stored.reason) = (excluded.outcome, excluded.reason)
                 then stored.since else excluded.since end,
    evidence = excluded.evidence, gates = excluded.gates, blocks = excluded.blocks, waiver_id = excluded.waiver_id
  where (stored.outcome, stored.reason, stored.owner, stored.evidence, stored.gates, stored.blocks, stored.waiver_id)
        is distinct from (excluded.outcome, excluded.reason, excluded.owner, excluded.evidence, excluded.gates,
          excluded.blocks, excluded.waiver_id)
     or (excluded.since <> $13 and stored.since <> excluded.since)`;

/** Stores what came out differently, row by row only where it differs. */
export async function writeReadiness(
  tx: EntityManager,
  changed: readonly ChangedReadiness[],
  now: Date,
): Promise<void> {
  const rows = changed.flatMap(({ moveId, results }) => results.map((result) => ({ moveId, ...result })));
  await tx.query(WRITE_RESULTS, [
    rows.map(({ moveId }) => moveId),
    rows.map(({ rule }) => rule),
    rows.map(({ subject }) => subject),
    rows.map(({ outcome }) => outcome),
    rows.map(({ reason }) => reason),
    rows.map(({ owner }) => owner),
    rows.map(({ since }) => since),
    rows.map(({ evidence }) => JSON.stringify(evidence)),
    rows.map(({ gates }) => gates),
    rows.map(({ blocks }) => blocks),
    rows.map(({ waiverId }) => waiverId),
    changed.map(({ moveId }) => moveId),
    now,
  ]);
  await tx.query(
    `update readiness_evaluation as evaluation
     set outcome = changed.outcome, turns = changed.turns, digest = decode(changed.digest, 'hex'),
         waits_for_laptop = changed.waits, otherwise_ready = changed.otherwise,
         stock_in_reach = evaluation.stock_in_reach and changed.waits
     from unnest($1::integer[], $2::text[], $3::integer[], $4::text[], $5::boolean[], $6::boolean[])
       as changed(move_id, outcome, turns, digest, waits, otherwise)
     where evaluation.move_id = changed.move_id`,
    [
      changed.map(({ moveId }) => moveId),
      changed.map(({ outcome }) => outcome),
      changed.map(({ turns }) => turns),
      changed.map(({ digest }) => digest.toString('hex')),
      changed.map(({ waitsForLaptop }) => waitsForLaptop),
      changed.map(({ otherwiseReady }) => otherwiseReady),
    ],
  );
}
