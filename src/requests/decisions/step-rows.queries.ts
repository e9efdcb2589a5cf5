import type { EntityManager } from 'typeorm';
import type { ApprovalQueue, QueueReason, StepKind } from '../domain/decision-words.js';

/** A step of an approval that is asked and not decided. */
export interface OpenStep {
  readonly requestId: number;
  readonly revision: number;
  readonly step: number;
  readonly kind: StepKind;
  readonly approver: string | null;
  readonly queue: ApprovalQueue | null;
  readonly queueReason: QueueReason | null;
  readonly openedAt: Date;
  readonly dueAt: Date;
  readonly remindedAt: Date | null;
  readonly escalatedAt: Date | null;
}

export type StepReference = Pick<OpenStep, 'requestId' | 'revision' | 'step'>;

/** Steps that are asked and not decided, of requests that wait. */
export const OPEN_STEPS = `
  approval_step as step
  join equipment_request as request on request.id = step.request_id and request.revision = step.revision
    and request.state = 'submitted'
  left join decision on (decision.request_id, decision.revision, decision.step) = (step.request_id, step.revision, step.step)`;
export const IS_OPEN = 'step.opened_at is not null and decision.outcome is null';

const COLUMNS = `step.request_id as "requestId", step.revision, step.step, step.kind, step.approver_entra_id as approver,
  step.queue, step.queue_reason as "queueReason", step.opened_at as "openedAt", step.due_at as "dueAt",
  step.reminded_at as "remindedAt", step.escalated_at as "escalatedAt"`;

/** The step of a request that waits for its decision; null when nothing waits. */
export async function openStepOf(tx: EntityManager, requestId: number): Promise<OpenStep | null> {
  const [row] = await tx.query<OpenStep[]>(
    `select ${COLUMNS} from ${OPEN_STEPS} where ${IS_OPEN} and step.request_id = $1 order by step.step limit 1`,
    [requestId],
  );
  return row ?? null;
}

/** Steps that wait, of requests after one, in the order of their requests. */
export function openSteps(tx: Pick<EntityManager, 'query'>, after: number, most: number): Promise<OpenStep[]> {
  return tx.query<OpenStep[]>(
    `select ${COLUMNS} from ${OPEN_STEPS} where ${IS_OPEN} and step.request_id > $1 order by step.request_id limit $2`,
    [after, most],
  );
}

/** Who decides a step, by its number. */
export interface StepRow {
  readonly step: number;
  readonly kind: StepKind;
  readonly approver: string | null;
  readonly queue: ApprovalQueue | null;
  readonly queueReason: QueueReason | null;
}

/** All steps of a revision in their order. */
export function stepsOf(tx: EntityManager, requestId: number, revision: number): Promise<StepRow[]> {
  return tx.query<StepRow[]>(
    `select step, kind, approver_entra_id as approver, queue, queue_reason as "queueReason"
     from approval_step where (request_id, revision) = ($1, $2) order by step`,
    [requestId, revision],
  );
}

export async function insertSteps(
  tx: EntityManager,
  { requestId, revision }: Pick<StepReference, 'requestId' | 'revision'>,
  steps: readonly StepRow[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.query(
    `insert into approval_step (request_id, revision, step, kind, approver_entra_id, queue, queue_reason)
     select $1, $2, step, kind, approver, queue, "queueReason"
     from jsonb_to_recordset($3::jsonb) as given(step integer, kind text, approver text, queue text, "queueReason" text)
     order by step`,
    [requestId, revision, JSON.stringify(steps)],
  );
}

/** Removes a step that was not asked yet. */
export async function removeStep(tx: EntityManager, { requestId, revision, step }: StepReference): Promise<void> {
  await tx.query('delete from approval_step where (request_id, revision, step) = ($1, $2, $3) and opened_at is null', [
    requestId,
    revision,
    step,
  ]);
}

/** What was left out because whoever decides a step of this kind would have been asked twice. */
export async function leftOutFor(
  tx: EntityManager,
  { requestId, revision, kind }: Pick<StepReference, 'requestId' | 'revision'> & Pick<StepRow, 'kind'>,
): Promise<readonly StepKind[]> {
  const rows = await tx.query<{ kind: StepKind }[]>(
    `select distinct details ->> 'kind' as kind from request_event
     where request_id = $1 and revision = $2 and event = 'step-left-out' and details ->> 'sameAs' = $3`,
    [requestId, revision, kind],
  );
  return rows.map((row) => row.kind);
}

/** Asks for the decision of a step, of whomever is given. */
export async function writeAsked(
  tx: EntityManager,
  { requestId, revision, step }: StepReference,
  { approver, queue, queueReason }: Pick<StepRow, 'approver' | 'queue' | 'queueReason'>,
  { openedAt, dueAt }: { readonly openedAt: Date; readonly dueAt: Date },
): Promise<void> {
  await tx.query(
    `update approval_step set approver_entra_id = $4, queue = $5, queue_reason = $6, opened_at = $7, due_at = $8, reminded_at = null,
       escalated_at = case when $6 = 'escalated' then $7 else escalated_at end
     where (request_id, revision, step) = ($1, $2, $3)`,
    [requestId, revision, step, approver, queue, queueReason, openedAt, dueAt],
  );
}

/** Notes that whoever decides a step was reminded. */
export async function writeReminded(tx: EntityManager, step: StepReference, at: Date): Promise<void> {
  await tx.query(`update approval_step set reminded_at = $4 where (request_id, revision, step) = ($1, $2, $3)`, [
    step.requestId,
    step.revision,
    step.step,
    at,
  ]);
}
