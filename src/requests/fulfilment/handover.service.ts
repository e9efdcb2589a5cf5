import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError } from '../../common/errors.js';
import { visibleText } from '../../common/visible-text.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import type { PickState } from '../domain/pick-words.js';
import type { RequestEventName } from '../domain/request-words.js';
import type { RequestActor } from '../request-actor.js';
import { closeIfDone } from './closing.js';
import { giveOut } from './giving-out.js';
import { cancelMissing, lockLines, settleLines } from './line-standing.js';
import { changePicks, expectPick, lockPick, type LockedPick, type PickChange } from './pick-rows.queries.js';
import { refuseForOneself, type PickOutcome } from './picking.service.js';
import { putPicksBack } from './putting-back.js';
import { reserveMissing, serveBackOrders } from './reserving.js';

/** A command about something that was picked. */
export interface PickCommand {
  readonly pickId: number;
  /** Version that was looked at; null when it does not matter. */
  readonly version: string | null;
  readonly idempotencyKey: string | null;
}

/** Longest number of a carrier. */
export const LONGEST_TRACKING = 100;

/** What a step came to, besides the state of the pick. */
interface Taken {
  readonly change?: PickChange;
  readonly entries?: readonly AuditEntry[];
  readonly details?: Readonly<Record<string, number | null>>;
}

/** One step of a pick: who may take it, from where to where, and what it is called. */
interface Step {
  readonly permission: 'stock:write' | 'custody:write';
  readonly from: readonly PickState[];
  readonly to: PickState;
  readonly done: string;
  readonly event: RequestEventName & ('put-back' | 'dispatched' | 'handed-over');
  readonly audit: AuditEventName;
}

const PUT_BACK: Step = {
  permission: 'stock:write',
  from: ['picked', 'dispatched'],
  to: 'put_back',
  done: 'put back',
  event: 'put-back',
  audit: 'request.put-back',
};
const DISPATCH: Step = {
  permission: 'stock:write',
  from: ['picked'],
  to: 'dispatched',
  done: 'sent',
  event: 'dispatched',
  audit: 'request.dispatched',
};
const HAND_OVER: Step = {
  permission: 'custody:write',
  from: ['picked', 'dispatched'],
  to: 'handed_over',
  done: 'handed over',
  event: 'handed-over',
  audit: 'request.handed-over',
};

/** Brings what was picked to its person, or back to its shelf. Each command is one transaction. */
@Injectable()
export class HandoverService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Puts something back on its shelf that was not handed over. It stays reserved for the person while the request holds.
   * @throws ConflictError when it was handed over or put back already, or was changed meanwhile
   */
  putBack(command: PickCommand, by: RequestActor): Promise<PickOutcome> {
    return this.#take(PUT_BACK, command, by, async (tx, locked) => ({
      entries: await putPicksBack(tx, [locked.pick], {
        by,
        reason: `Picked for request ${locked.request.id} and put back`,
      }),
    }));
  }

  /**
   * Notes that something is on its way to the person, with the number that the carrier gave it.
   * @throws InputError for a number that is none; ConflictError when it is not lying ready any more
   */
  dispatch(command: PickCommand & { readonly tracking: string | null }, by: RequestActor): Promise<PickOutcome> {
    const tracking = command.tracking === null ? '' : visibleText(command.tracking);
    return this.#take(DISPATCH, { ...command, tracking }, by, (tx, { line }) => {
      if (tracking === '' || tracking.length > LONGEST_TRACKING || /\p{Cc}/u.test(tracking)) {
        const message = `Enter the carrier’s number, with at most ${LONGEST_TRACKING} characters`;
        throw new InputError(message, [{ field: 'tracking', message }]);
      }
      return refuseForOneself(tx, line.beneficiaryEntraId, by).then(() => ({ change: { tracking } }));
    });
  }

  /**
   * Hands something over, or notes that a delivery arrived; never to oneself. Custody follows, and the machine that it
   * replaces is asked back.
   * @throws ForbiddenError for oneself; ConflictError when it was handed over or put back already
   */
  handOver(command: PickCommand, by: RequestActor): Promise<PickOutcome> {
    return this.#take(HAND_OVER, command, by, async (tx, locked) => {
      await refuseForOneself(tx, locked.line.beneficiaryEntraId, by);
      const { entries, recalledId } = await giveOut(tx, locked, by);
      return { change: { handedOverBy: by.actor }, entries, details: { recalled: recalledId } };
    });
  }

  #take(
    step: Step,
    command: PickCommand & { readonly tracking?: string },
    by: RequestActor,
    work: (tx: EntityManager, locked: LockedPick) => Promise<Taken>,
  ): Promise<PickOutcome> {
    const { pickId, version, idempotencyKey, tracking } = command;
    const request = { [step.event]: { pickId, version, tracking: tracking ?? null } };
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key: idempotencyKey, request }, async () => {
        if (!by.permissions.has(step.permission)) {
          throw new ForbiddenError(`This needs the permission ${step.permission}, which you do not have.`);
        }
        const locked = await lockPick(tx, pickId, version);
        expectPick(locked.pick, step.from, step.done);
        const taken = await work(tx, locked);
        return finish(tx, locked, step, taken, by);
      }),
    );
  }
}

async function finish(
  tx: EntityManager,
  { pick, request, line }: LockedPick,
  step: Step,
  { change, entries = [], details = {} }: Taken,
  by: RequestActor,
): Promise<PickOutcome> {
  // What was put back changed its state with its custody.
  const changed = step.to === 'put_back' ? null : await changePicks(tx, [pick.id], step.to, change);
  const about = { requestId: request.id, revision: line.revision, lineId: line.id, actor: by.actor };
  const all = { pick: pick.id, quantity: pick.quantity, ...details };
  await recordRequestEvent(tx, { ...about, event: step.event, details: all });
  if (step.to === 'put_back') await afterPutBack(tx, { request, line }, by);
  else await settleLines(tx, [line.id]);
  const closed = await closeIfDone(tx, request, by.actor);
  const subject = { kind: 'request', id: request.id };
  await appendToAudit(tx, [
    ...entries,
    { event: step.audit, actor: by.actor, subject, details: { line: line.id, device: pick.deviceId, ...all } },
    ...closed,
  ]);
  const version = changed?.get(pick.id) ?? (await versionOf(tx, pick.id));
  return { pickId: pick.id, requestId: request.id, lineId: line.id, state: step.to, version };
}

/** What was put back is reserved again for whoever it was for, or goes to the next who waits once that was cancelled. */
export async function afterPutBack(
  tx: EntityManager,
  { request, line }: Pick<LockedPick, 'request' | 'line'>,
  by: { readonly actor: Actor },
): Promise<void> {
  const [now] = await lockLines(tx, [line.id]);
  if (!now) throw new ConflictError('The line is not there any more.');
  if (request.state === 'approved' && request.revision === line.revision && line.cancelled === 0) {
    await reserveMissing(tx, [now], by.actor);
    return;
  }
  await cancelMissing(tx, [line.id]);
  await settleLines(tx, [line.id]);
  await serveBackOrders(tx, { productId: line.productId, placeId: null }, by.actor);
}

async function versionOf(tx: EntityManager, pickId: number): Promise<string> {
  const [row] = await tx.query<{ version: string }[]>('select version::text from pick where id = $1', [pickId]);
  return row?.version ?? '0';
}
