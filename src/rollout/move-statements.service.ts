import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import type { AuditEventName } from '../audit/audit-events.js';
import { appendToAudit } from '../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError, UntetherError } from '../common/errors.js';
import { once } from '../database/command-receipts.js';
import { Transactor } from '../database/transactor.js';
import { lockForDerivation } from './derivation-facts.queries.js';
import type { MoveState } from './domain/move-words.js';
import {
  refusalOf,
  type Statement,
  type StatementName,
  type StatementRefusal,
  type StatedMove,
  type Stating,
} from './domain/statements.js';
import { MoveCircleQueries } from './move-circle.queries.js';
import { MoveDerivationService } from './move-derivation.service.js';
import { recordFacts } from './move-facts.service.js';
import { ReadinessService } from './readiness/readiness.service.js';
import { assessmentsOf, factsOfStatement, retractionOf } from './statement-facts.service.js';

/** Who states something: for the journal and the audit trail, and for what they may say. */
export interface StatementActor {
  readonly actor: Actor;
  /** Their own object id, or null for a program. */
  readonly personEntraId: string | null;
  readonly permissions: ReadonlySet<string>;
}

/** A move that a statement is about. */
export interface StatementTarget {
  readonly moveId: number;
  /** Version that was looked at; null to go by whatever it is. */
  readonly version: string | null;
}

/** What became of a statement about one move. */
export type StatementResult =
  | {
      readonly moveId: number;
      readonly ok: true;
      readonly before: MoveState;
      readonly after: MoveState;
      readonly version: string;
    }
  | { readonly moveId: number; readonly ok: false; readonly refusal: StatementRefusal };

/** The audit event of each statement. */
export const STATEMENT_EVENTS: Readonly<Record<StatementName, AuditEventName>> = {
  answer: 'move.answered',
  'confirm-work-style': 'move.work-style-confirmed',
  'confirm-receipt': 'move.receipt-confirmed',
  defer: 'move.deferred',
  'end-deferral': 'move.deferral-ended',
  exempt: 'move.exempted',
  'end-exemption': 'move.exemption-ended',
  'state-no-desktop': 'move.no-desktop-stated',
  'state-desktop': 'move.desktop-stated',
  'release-desktop': 'move.desktop-released',
  'roll-back': 'move.rolled-back',
  reopen: 'move.reopened',
  retract: 'move.fact-retracted',
};

/** Moves that one command can be about: what one entry of the trail can be followed by. */
export const MOST_MOVES = 1_000;

/** The version that was sent is not that of the move as it is (RFC 9110, section 13.1.1). */
export class MoveChangedError extends UntetherError {
  readonly status = 412;
  readonly title = 'The move was changed meanwhile';
}

/** All or none was asked for, and it cannot be stated of some; nothing was. */
export class NotOfAllError extends ConflictError {
  constructor(readonly results: readonly StatementResult[]) {
    super('It cannot be stated of all of them, so it was stated of none.');
  }
}

/** What people say about moves; one command is one transaction, for one move or for many. */
@Injectable()
export class MoveStatementsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly circle: MoveCircleQueries,
    private readonly derivation: MoveDerivationService,
    private readonly readiness: ReadinessService,
  ) {}

  /**
   * States something about one move.
   * @param idempotencyKey the same key from the same actor is done once
   * @throws NotFoundError, ForbiddenError, InputError, ConflictError for what cannot be stated; MoveChangedError for
   * a move that is no longer as it was looked at
   */
  async state(
    target: StatementTarget,
    statement: Statement,
    by: StatementActor,
    idempotencyKey: string | null = null,
  ): Promise<StatementResult & { readonly ok: true }> {
    const [result] = await this.transactor.run((tx) =>
      onceOrPlain(tx, idempotencyKey, by, { target: target.moveId, statement }, async () => {
        const results = await this.#stateAll(tx, [target], statement, by);
        const refused = results.find((one) => !one.ok);
        if (refused) throw errorOf(refused.refusal);
        return results;
      }),
    );
    if (!result?.ok) throw new Error('A statement about one move came to nothing.');
    return result;
  }

  /**
   * States the same about many moves; those of which it cannot be stated are left out and named.
   * @param mode `all` for all of them or none
   * @throws NotOfAllError when all or none was asked for and it cannot be stated of some
   */
  async stateMany(
    targets: readonly StatementTarget[],
    statement: Statement,
    by: StatementActor,
    idempotencyKey: string | null = null,
    mode: 'rest' | 'all' = 'rest',
  ): Promise<readonly StatementResult[]> {
    checkNumber(targets);
    const request = { targets: targets.map(({ moveId }) => moveId), statement, mode };
    return this.transactor.run((tx) =>
      onceOrPlain(tx, idempotencyKey, by, request, async () => {
        const results = await this.#stateAll(tx, targets, statement, by);
        if (mode === 'all' && results.some(({ ok }) => !ok)) throw new NotOfAllError(results);
        return results;
      }),
    );
  }

  /** What `stateMany` would do, from doing it and taking it back: nothing stays. */
  async preview(
    targets: readonly StatementTarget[],
    statement: Statement,
    by: StatementActor,
  ): Promise<readonly StatementResult[]> {
    checkNumber(targets);
    const preview = new Preview();
    try {
      await this.transactor.run(async (tx) => {
        preview.results = await this.#stateAll(tx, targets, statement, by);
        throw preview;
      });
    } catch (error) {
      if (error !== preview) throw error;
    }
    return preview.results;
  }

  async #stateAll(
    tx: EntityManager,
    targets: readonly StatementTarget[],
    statement: Statement,
    by: StatementActor,
  ): Promise<StatementResult[]> {
    const now = new Date();
    const ids = [...new Set(targets.map(({ moveId }) => moveId))].sort((one, other) => one - other);
    const programmeId = await runningProgramme(tx);
    if (programmeId !== null) await lockForDerivation(tx, programmeId, ids, devicesOf(statement));
    const moves = programmeId === null ? new Map<number, MoveRow>() : await movesOf(tx, programmeId, ids);
    const { personEntraId } = by;
    const below = personEntraId === null ? new Set() : await this.circle.below(tx, personEntraId, ids);
    const delegated = personEntraId === null ? new Set() : await this.circle.delegatedTo(tx, personEntraId, ids);
    const noDesktop = await refusalOfDevices(tx, devicesOf(statement));
    const versions = new Map(targets.map(({ moveId, version }) => [moveId, version]));
    const results = new Map<number, StatementResult>();
    for (const moveId of ids) {
      const move = moves.get(moveId);
      const stating = { ...by, isAbove: below.has(moveId), isDelegate: delegated.has(moveId) };
      const refusal = move
        ? (refusalOfOne(statement, move, stating, versions.get(moveId) ?? null, now) ?? noDesktop)
        : UNKNOWN;
      if (refusal !== null) results.set(moveId, { moveId, ok: false, refusal });
    }
    const stated = ids.filter((id) => !results.has(id));
    if (programmeId !== null && stated.length > 0) {
      const lost = await this.#record(
        tx,
        programmeId,
        stated.map((id) => moves.get(id)!),
        statement,
        by,
        now,
      );
      for (const moveId of lost) results.set(moveId, { moveId, ok: false, refusal: NO_SUCH_FACT });
      await this.readiness.evaluate(tx, programmeId, stated, now);
      const after = await movesOf(tx, programmeId, stated);
      const taken = stated.filter((id) => !results.has(id));
      for (const moveId of taken) results.set(moveId, resultOf(moveId, moves.get(moveId)!, after.get(moveId)!));
      await appendToAudit(
        tx,
        taken.map((moveId) => entryOf(moveId, statement, by, moves.get(moveId)!, after.get(moveId)!)),
      );
    }
    return ids.flatMap((id) => results.get(id) ?? []);
  }

  /** @returns moves of which what was to be retracted is not known */
  async #record(
    tx: EntityManager,
    programmeId: number,
    moves: readonly MoveRow[],
    statement: Statement,
    by: StatementActor,
    now: Date,
  ): Promise<number[]> {
    const key = `statement:${statement.statement}:${randomUUID()}`;
    const ids = moves.map(({ id }) => id);
    const lost: number[] = [];
    const facts = moves.flatMap(({ id, laptopId }) => factsOfStatement({ moveId: id, laptopId, statement, key, now }));
    if (statement.statement === 'retract') {
      for (const id of ids) {
        const retraction = await retractionOf(tx, id, statement, now);
        if (retraction === null) lost.push(id);
        else facts.push(retraction);
      }
    }
    if (statement.statement === 'answer') await writeAnswers(tx, ids, statement.answers, by.actor, now);
    await recordFacts(tx, programmeId, facts, by.actor, now);
    const devices = facts.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId]));
    await this.derivation.derive(tx, programmeId, ids, now, [...new Set(devices)]);
    if (statement.statement === 'answer' || statement.statement === 'confirm-work-style') {
      const assessments = await assessmentsOf(tx, ids, now);
      if ((await recordFacts(tx, programmeId, assessments, by.actor, now)) > 0) {
        await this.derivation.derive(tx, programmeId, ids, now);
      }
    }
    return lost;
  }
}

class Preview extends Error {
  results: readonly StatementResult[] = [];
}

function checkNumber(targets: readonly StatementTarget[]): void {
  if (targets.length <= MOST_MOVES) return;
  throw new InputError(`Choose up to ${MOST_MOVES} moves: narrow the list, or do it in parts.`);
}

async function onceOrPlain<T>(
  tx: EntityManager,
  key: string | null,
  by: StatementActor,
  request: object,
  work: () => Promise<T>,
): Promise<T> {
  return key === null ? work() : once(tx, { actor: by.actor, key, request }, work);
}

interface MoveRow extends StatedMove {
  readonly id: number;
  readonly laptopId: number | null;
}

async function runningProgramme(tx: EntityManager): Promise<number | null> {
  const [programme] = await tx.query<{ id: number }[]>(`select id from rollout_programme where state = 'running'`);
  return programme?.id ?? null;
}

async function movesOf(tx: EntityManager, programmeId: number, ids: readonly number[]): Promise<Map<number, MoveRow>> {
  const rows = await tx.query<MoveRow[]>(
    `select id, state, person_entra_id as "personEntraId", version::text as version,
            deferred_until::text as "deferredUntil", laptop_id as "laptopId", laptop_id is not null as "hasLaptop",
            doubts @> '[{"kind": "deferral-over"}]' as "deferralIsOver"
     from move where programme_id = $1 and id = any($2::integer[])`,
    [programmeId, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function devicesOf(statement: Statement): number[] {
  return 'deviceId' in statement ? [statement.deviceId] : [];
}

async function refusalOfDevices(tx: EntityManager, devices: readonly number[]): Promise<StatementRefusal | null> {
  const rows = await tx.query<unknown[]>(
    `select 1 from device where id = any($1::integer[]) and form_factor_superclass = 'fixed' and merged_into_id is null`,
    [devices],
  );
  return rows.length === devices.length ? null : { kind: 'input', message: 'Name a machine that is a desktop.' };
}

async function writeAnswers(
  tx: EntityManager,
  moveIds: readonly number[],
  answers: readonly { question: string; answer: string; details?: object }[],
  actor: Actor,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into move_answer (move_id, question, answer, details, actor, at)
     select move_id, given.question, given.answer, coalesce(given.details, '{}'), $3, $4
     from unnest($1::integer[]) as move_id
     cross join jsonb_to_recordset($2::jsonb) as given(question text, answer text, details jsonb)`,
    [moveIds, JSON.stringify(answers), actor, now],
  );
}

const UNKNOWN: StatementRefusal = { kind: 'unknown', message: 'The programme that runs has no such move.' };
const NO_SUCH_FACT: StatementRefusal = {
  kind: 'unknown',
  message: 'Nothing of that key is known of this move that could be retracted.',
};

function refusalOfOne(
  statement: Statement,
  move: StatedMove,
  by: Stating,
  version: string | null,
  now: Date,
): StatementRefusal | null {
  const refusal = refusalOf(statement, move, by, now);
  if (refusal?.kind === 'permission' || version === null || version === move.version) return refusal;
  return {
    kind: 'changed',
    message: 'Something became known of this move meanwhile. Look at it again and decide anew.',
  };
}

function resultOf(moveId: number, before: MoveRow, after: MoveRow): StatementResult {
  return { moveId, ok: true, before: before.state, after: after.state, version: after.version };
}

function entryOf(moveId: number, { statement }: Statement, by: StatementActor, before: MoveRow, after: MoveRow) {
  return {
    event: STATEMENT_EVENTS[statement],
    actor: by.actor,
    subject: { kind: 'move', id: moveId },
    details: { before: before.state, after: after.state },
  };
}

function errorOf({ kind, message }: StatementRefusal): UntetherError {
  switch (kind) {
    case 'unknown':
      return new NotFoundError(message);
    case 'permission':
      return new ForbiddenError(message);
    case 'changed':
      return new MoveChangedError(message);
    case 'state':
      return new ConflictError(message);
    case 'input':
      return new InputError(message);
  }
}
