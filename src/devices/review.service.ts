import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { appendToAudit, type AuditEntry } from '../audit/audit-trail.js';
import { ConflictError, InputError } from '../common/errors.js';
import { Transactor } from '../database/transactor.js';
import {
  deviceOfRecords,
  insertDecision,
  lockDecision,
  lockReview,
  recordsOfDevices,
  type DecidedRecord,
} from './identity-decision.service.js';
import { resolveRecords, takeIdentityLock } from './identity-resolution.service.js';

/** What a command led to. */
export interface DecisionOutcome {
  readonly decisionId: number;
  /** The machines of the records concerned, as they are after it; ascending. */
  readonly deviceIds: readonly number[];
}

/** Longest reason that is kept. */
const LONGEST_REASON = 2_000;
/** Machines that an entry of the trail names; the decision itself names every record. */
const MOST_SHOWN = 100;

/**
 * What people decide about identities. Each command is one transaction, states who and why, holds against every later
 * synchronisation, and can be undone exactly. Where decisions contradict each other the latest one holds.
 */
@Injectable()
export class ReviewService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Says that these devices are one machine; it keeps the lowest of their ids.
   * @throws InputError for fewer than two, NotFoundError for an unknown one, ConflictError for one merged already.
   */
  async merge(deviceIds: readonly number[], actor: Actor, reason: string): Promise<DecisionOutcome> {
    checkReason(reason);
    const ids = checkIds(deviceIds, 'deviceIds', 2);
    return this.#decide(async (tx) => {
      const records = await recordsOfDevices(tx, ids);
      const decided = records.map((record) => ({ ...record, machine: 1 }));
      const decision = await insertDecision(tx, { kind: 'merge', actor, reason }, decided);
      return { ...decision, entry: { event: 'identity.merged', actor, subject: { kind: 'device', id: ids[0] ?? 0 } } };
    });
  }

  /**
   * Says that these records of a device are another machine than its other records.
   * @throws InputError when no record or every record is named, NotFoundError for an unknown device, ConflictError when
   * the device was merged away or a record is no longer on it.
   */
  async split(deviceId: number, recordIds: readonly number[], actor: Actor, reason: string): Promise<DecisionOutcome> {
    checkReason(reason);
    const apart = new Set(checkIds(recordIds, 'recordIds', 1));
    const [device] = checkIds([deviceId], 'deviceId', 1);
    return this.#decide(async (tx) => {
      const records = await recordsOfDevices(tx, [device ?? deviceId]);
      const known = new Set(records.map((record) => record.id));
      if ([...apart].some((id) => !known.has(id))) {
        throw new ConflictError(
          `A record is no longer on device ${deviceId}. Look at the device again and repeat the split.`,
        );
      }
      if (apart.size === known.size) {
        const message = 'names every record of the device; leave at least one on it';
        throw new InputError('The split would leave nothing on the device.', [{ field: 'recordIds', message }]);
      }
      const decided = records.map((record) => ({ ...record, machine: apart.has(record.id) ? 2 : 1 }));
      const decision = await insertDecision(tx, { kind: 'split', actor, reason }, decided);
      return { ...decision, entry: { event: 'identity.split', actor, subject: { kind: 'device', id: deviceId } } };
    });
  }

  /**
   * Answers a review: its machines are all the `same`, or all `different`.
   * @throws NotFoundError for an unknown review, ConflictError when it is not open any more.
   */
  async settle(reviewId: number, answer: 'same' | 'different', actor: Actor, reason: string): Promise<DecisionOutcome> {
    checkReason(reason);
    return this.#decide(async (tx) => {
      const review = await lockReview(tx, reviewId);
      if (review.state !== 'open') {
        throw new ConflictError(`Review ${reviewId} is ${review.state}. Look at the open reviews again.`);
      }
      const machines = await deviceOfRecords(tx, review.recordIds);
      const records = await recordsOfDevices(
        tx,
        [...new Set(machines.values())].sort((a, b) => a - b),
      );
      const decided = records.map((record) => ({ ...record, machine: answer === 'same' ? 1 : record.machine }));
      const kind = answer === 'same' ? 'merge' : 'split';
      const decision = await insertDecision(tx, { kind, actor, reason }, decided);
      await tx.query(
        `update device_review
         set state = 'settled', settled_at = now(), settled_by = $2, decision = $3, decision_id = $4
         where id = $1`,
        [reviewId, actor, answer, decision.id],
      );
      const entry = {
        event: 'review.settled',
        actor,
        subject: { kind: 'review', id: reviewId },
        details: { answer },
      } as const;
      return { ...decision, entry };
    });
  }

  /**
   * Takes a decision back: records return to the machines that they were on, and the review that led to it opens again.
   * @throws NotFoundError for an unknown decision, ConflictError when it is undone already.
   */
  async undo(decisionId: number, actor: Actor, reason: string): Promise<DecisionOutcome> {
    checkReason(reason);
    return this.#decide(async (tx) => {
      const decision = await lockDecision(tx, decisionId);
      if (decision.undone) throw new ConflictError(`Decision ${decisionId} is undone already.`);
      await tx.query('update device_decision set undone_at = now(), undone_by = $2, undo_reason = $3 where id = $1', [
        decisionId,
        actor,
        reason,
      ]);
      await tx.query(
        `update device_review review
         set state = 'open', settled_at = null, settled_by = null, decision = null, decision_id = null
         where decision_id = $1 and not exists (
           select from device_review other where other.fingerprint = review.fingerprint and other.state <> 'settled')`,
        [decisionId],
      );
      const former = decision.records.flatMap(({ id, deviceId }) =>
        deviceId === null ? [] : [[id, deviceId] as const],
      );
      const subject = { kind: 'identity-decision', id: decisionId };
      return { ...decision, former: new Map(former), entry: { event: 'identity.decision-undone', actor, subject } };
    });
  }

  async #decide(work: (tx: EntityManager) => Promise<Decided>): Promise<DecisionOutcome> {
    return this.transactor.run(async (tx) => {
      await takeIdentityLock(tx);
      const decision = await work(tx);
      const ids = decision.records.map((record) => record.id);
      await resolveRecords(tx, ids, decision.former);
      const devices = await deviceOfRecords(tx, ids);
      const deviceIds = [...new Set(devices.values())].sort((a, b) => a - b);
      const details = { ...decision.entry.details, decision: decision.id, devices: deviceIds.slice(0, MOST_SHOWN) };
      await appendToAudit(tx, { ...decision.entry, details });
      return { decisionId: decision.id, deviceIds };
    });
  }
}

/** A stored decision that has still to take effect. */
interface Decided {
  readonly id: number;
  readonly records: readonly DecidedRecord[];
  /** Devices that records shall go back to, by record id. */
  readonly former?: ReadonlyMap<number, number>;
  /** What the trail says of it, but for the machines that it leads to. */
  readonly entry: AuditEntry;
}

function checkReason(reason: string): void {
  const { length } = [...reason.trim()];
  if (length > 0 && length <= LONGEST_REASON) return;
  const message = `must say why, in at most ${LONGEST_REASON} characters`;
  throw new InputError('A reason is needed.', [{ field: 'reason', message }]);
}

/** The ids without repetitions, ascending. */
function checkIds(ids: readonly number[], field: string, least: number): number[] {
  const different = [...new Set(ids)].sort((a, b) => a - b);
  const isId = (id: number): boolean => Number.isInteger(id) && id > 0 && id <= 2_147_483_647;
  if (different.length >= least && different.every(isId)) return different;
  throw new InputError('The request does not say what to decide on.', [
    { field, message: `must hold at least ${least} different ids, each a whole number` },
  ]);
}
