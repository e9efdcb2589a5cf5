import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import {
  MOST_LINES,
  readDeliveryLine,
  repeatedLines,
  type DeliveryLine,
  type SentLine,
} from '../domain/lifecycle/delivery-line.js';
import { permissionOf } from '../domain/lifecycle/transitions.js';
import { takeIdentityLock } from '../identity-resolution.service.js';
import type { CustodyActor } from './custody-actor.js';
import { custodyAuditEntry } from './custody-audit.js';
import { carryOut, planOrder, type TargetResult } from './custody-execution.service.js';
import { errorOfRefusal } from './custody-refusals.js';
import { matchDelivery } from './delivery-match.queries.js';
import { enterDelivery, type MatchedLine } from './delivery-register.service.js';

/** A delivery, or what a supplier has announced. */
export interface Delivery {
  /** `receive` for machines that are here, `order` for such as will be. */
  readonly command: 'receive' | 'order';
  readonly lines: readonly SentLine[];
  /** What is said of all of them: place, condition, delivery note. */
  readonly input: CommandInput;
  /** `all` does nothing unless every line can be done, `rest` leaves out those that cannot; `check` only looks. */
  readonly mode: 'all' | 'rest' | 'check';
  readonly idempotencyKey: string | null;
}

/** What became of one line. */
export interface DeliveryLineOutcome {
  /** Counted from 1. */
  readonly line: number;
  readonly outcome: 'done' | 'ready' | 'refused' | 'undone';
  readonly deviceId: number | null;
  readonly reason: string | null;
}

/** What became of a delivery. */
export interface DeliveryOutcome {
  readonly done: boolean;
  readonly lines: readonly DeliveryLineOutcome[];
}

/** Takes machines into stock, one or a whole delivery, whether any source knows them yet or not. */
@Injectable()
export class ReceivingService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Receives a delivery. Each machine that is not known yet gets a device and an entry of the register; it joins its
   * enrolment later (see `joinBoxedMachines`). A machine that is known, from Autopilot for instance, is received itself.
   * @throws InputError without lines or with too many; ForbiddenError without the permission
   */
  async receive(delivery: Delivery, by: CustodyActor): Promise<DeliveryOutcome> {
    const { command, lines, input, mode, idempotencyKey } = delivery;
    checkDelivery(delivery, by);
    return this.transactor.run((tx) => {
      const work = async (): Promise<DeliveryOutcome> => {
        const { outcome, entries } = await receiveWithin(tx, delivery, by);
        await appendToAudit(tx, entries);
        return outcome;
      };
      if (idempotencyKey === null || mode === 'check') return work();
      return once(tx, { actor: by.actor, key: idempotencyKey, request: { command, lines, input, mode } }, work);
    });
  }
}

/**
 * Receives a delivery as part of a larger command.
 * @param barred why machines that are known are not received here, by their ids; none unless given
 * @returns what became of the lines, and the entries that the command appends to the audit trail as the last thing it does
 * @throws as `ReceivingService.receive` does
 */
export async function receiveWithin(
  tx: EntityManager,
  delivery: Omit<Delivery, 'idempotencyKey'>,
  by: CustodyActor,
  barred: (deviceIds: readonly number[]) => Promise<ReadonlyMap<number, string>> = () => Promise.resolve(new Map()),
): Promise<{ readonly outcome: DeliveryOutcome; readonly entries: readonly AuditEntry[] }> {
  checkDelivery(delivery, by);
  const { command, input, mode } = delivery;
  // A machine that enrols at this moment is either there before this looks, or looks for what this leaves.
  await takeIdentityLock(tx);
  await tx.query('lock table device_register in share row exclusive mode');
  const outcomes = delivery.lines.map((sent) => readOutcome(sent));
  const readable = outcomes.flatMap((outcome, index) => (outcome.line ? [{ index, line: outcome.line }] : []));
  const repeated = repeatedLines(readable.map(({ line }) => line));
  const matches = await matchDelivery(
    tx,
    readable.map(({ line }) => line),
  );
  const matched: MatchedLine[] = [];
  for (const [position, { index, line }] of readable.entries()) {
    const first = repeated.get(position);
    const match = matches[position];
    const problem =
      first === undefined
        ? (match?.problem ?? null)
        : `Line ${(readable[first]?.index ?? 0) + 1} has the same serial number or asset tag.`;
    if (problem !== null || !match) outcomes[index] = { line: null, reason: problem };
    else matched.push({ index, line, deviceId: match.deviceId, registerId: match.registerId });
  }
  const known = matched.flatMap(({ deviceId }) => (deviceId === null ? [] : [{ deviceId }]));
  const order = { command, input, by, targets: known };
  const plan = await planOrder(tx, order);
  const refusalOf = new Map([
    ...(await barred(known.map(({ deviceId }) => deviceId))),
    ...plan.refused.map((result) => [result.deviceId, result.refusal.message] as const),
  ]);
  const possible = matched.filter((line) => line.deviceId === null || !refusalOf.has(line.deviceId));
  for (const { index, deviceId } of matched) {
    const reason = deviceId === null ? undefined : refusalOf.get(deviceId);
    if (reason !== undefined) outcomes[index] = { line: null, reason };
  }
  const doIt = mode === 'rest' ? possible.length > 0 : mode === 'all' && possible.length === outcomes.length;
  const deviceOf = new Map<number, number>();
  if (doIt) {
    for (const { index, deviceId } of await enterDelivery(tx, possible, by.actor)) deviceOf.set(index, deviceId);
  }
  const entries = doIt ? await takeSteps(tx, [...deviceOf.values()], { command, input, by }) : [];
  const lines = outcomes.map((outcome, index) => told(outcome, index, mode, deviceOf.get(index)));
  return { outcome: { done: doIt, lines }, entries };
}

function checkDelivery({ command, lines }: Pick<Delivery, 'command' | 'lines'>, by: CustodyActor): void {
  if (lines.length === 0 || lines.length > MOST_LINES) {
    throw new InputError(`Give 1 to ${MOST_LINES} lines.`, [
      { field: 'lines', message: `Enter 1 to ${MOST_LINES} machines.` },
    ]);
  }
  const permission = permissionOf(command);
  if (!by.permissions.has(permission)) {
    throw errorOfRefusal({ kind: 'permission', message: `This needs the permission ${permission}.` }, [], null);
  }
}

interface ReadLine {
  readonly line: DeliveryLine | null;
  readonly reason: string | null;
}

function readOutcome(sent: SentLine): ReadLine {
  const reading = readDeliveryLine(sent);
  if (reading.ok) return { line: reading.line, reason: null };
  return { line: null, reason: reading.errors.map(({ message }) => message).join(' ') };
}

function told(
  { line, reason }: ReadLine,
  index: number,
  mode: Delivery['mode'],
  deviceId: number | undefined,
): DeliveryLineOutcome {
  const outcome = line === null ? 'refused' : deviceId !== undefined ? 'done' : mode === 'check' ? 'ready' : 'undone';
  return { line: index + 1, outcome, deviceId: deviceId ?? null, reason };
}

async function takeSteps(
  tx: EntityManager,
  deviceIds: readonly number[],
  given: Pick<Delivery, 'command' | 'input'> & { readonly by: CustodyActor },
): Promise<AuditEntry[]> {
  const order = { ...given, targets: deviceIds.map((deviceId) => ({ deviceId })) };
  const results = await carryOut(tx, await planOrder(tx, order), order);
  const failed = results.find((result): result is TargetResult & { ok: false } => !result.ok);
  if (failed) throw errorOfRefusal(failed.refusal, [], failed.machine);
  return results.flatMap((result) =>
    result.ok
      ? [
          custodyAuditEntry({
            command: given.command,
            actor: given.by.actor,
            deviceId: result.deviceId,
            eventId: result.step.eventId,
            from: result.step.machine.standing,
            to: result.step.to.standing,
          }),
        ]
      : [],
  );
}
