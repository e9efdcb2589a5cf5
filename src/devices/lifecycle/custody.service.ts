import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import type { ConflictRow } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import { commandWords, type CustodyCommand } from '../domain/lifecycle/commands.js';
import type { Origin } from '../domain/lifecycle/standing.js';
import type { CustodyActor } from './custody-actor.js';
import { custodyAuditEntry } from './custody-audit.js';
import { carryOut, planOrder, type Order, type TargetRefusal, type TargetResult } from './custody-execution.service.js';
import { errorOfRefusal } from './custody-refusals.js';

/** A command for one machine. */
export interface CustodyRequest {
  readonly deviceId: number;
  readonly command: CustodyCommand;
  readonly input: CommandInput;
  /** Version of the custody that was looked at, `0` while there is none; null to go by whatever it is. */
  readonly version: string | null;
  /** The same key from the same actor is done once. */
  readonly idempotencyKey: string | null;
}

/** What a command led to. */
export interface CustodyOutcome {
  readonly deviceId: number;
  readonly eventId: number;
  readonly standing: Origin;
  readonly holderEntraId: string | null;
  readonly place: string | null;
}

/** What people do with machines: one command is one step of one machine, checked and written in one transaction. */
@Injectable()
export class CustodyService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Carries a command out. Of any number that are sent at the same moment for one machine, the first is done.
   * @throws NotFoundError for an unknown device; ForbiddenError when the command is not allowed to who gives it; InputError
   * for a person who cannot have a machine; ConflictError when the machine is not in a state that allows it, or is no
   * longer as it was looked at, with both sides.
   */
  async carryOut(request: CustodyRequest, by: CustodyActor): Promise<CustodyOutcome> {
    const { deviceId, command, input, version, idempotencyKey } = request;
    return this.transactor.run((tx) => {
      const work = (): Promise<CustodyOutcome> =>
        carryOutAlone(tx, { command, input, by, targets: [{ deviceId, version: version ?? undefined }] });
      if (idempotencyKey === null) return work();
      return once(tx, { actor: by.actor, key: idempotencyKey, request: { deviceId, command, input } }, work);
    });
  }
}

async function carryOutAlone(tx: EntityManager, order: Order): Promise<CustodyOutcome> {
  const { outcome, entry } = await stepWithin(tx, order);
  await appendToAudit(tx, entry);
  return outcome;
}

/** A step that was taken as part of something larger. */
export interface StepWithin {
  readonly outcome: CustodyOutcome;
  /** For the trail: whoever took the step appends it, last in the transaction. */
  readonly entry: AuditEntry;
}

/**
 * Takes the step of an order for one machine in the transaction of whatever needs it.
 * @throws what `CustodyService.carryOut` throws
 */
export async function stepWithin(tx: EntityManager, order: Order): Promise<StepWithin> {
  const [step] = await stepsWithin(tx, order);
  if (!step) throw new Error('A command for one machine came to nothing.');
  return step;
}

/**
 * Takes the step of an order for all its machines, or for none of them.
 * @throws what `CustodyService.carryOut` throws, of the first machine that is refused
 */
export async function stepsWithin(tx: EntityManager, order: Order): Promise<readonly StepWithin[]> {
  const plan = await planOrder(tx, order);
  const results = plan.refused.length > 0 ? plan.refused : await carryOut(tx, plan, order);
  return results.map((result) => {
    if (!result.ok) throw errorOfRefusal(refusalAmong(order, result), wantedBy(order), result.machine);
    const { machine, to, eventId } = result.step;
    const { standing, holder, place } = to;
    const { deviceId } = machine;
    return {
      outcome: { deviceId, eventId, standing, holderEntraId: holder, place },
      entry: custodyAuditEntry({
        command: order.command,
        actor: order.by.actor,
        deviceId,
        eventId,
        from: machine.standing,
        to: standing,
      }),
    };
  });
}

/** Of several machines, the one is named that is refused. */
function refusalAmong({ targets }: Order, { deviceId, refusal }: TargetResult & { readonly ok: false }): TargetRefusal {
  return targets.length === 1 ? refusal : { ...refusal, message: `Device ${deviceId}: ${refusal.message}` };
}

function wantedBy({ command, input }: Order): ConflictRow[] {
  return [
    { label: 'State', value: commandWords(command).label },
    { label: 'Holder', value: input.holder ?? '' },
    { label: 'Place', value: input.place ?? '' },
  ];
}
