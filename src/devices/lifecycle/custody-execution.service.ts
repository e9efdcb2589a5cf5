import type { EntityManager } from 'typeorm';
import type { CommandInput } from '../domain/lifecycle/command-input.js';
import type { CustodyCommand } from '../domain/lifecycle/commands.js';
import { decide, type NamedPerson, type Refusal } from '../domain/lifecycle/decision.js';
import type { CustodyActor } from './custody-actor.js';
import { evidenceBelongs, lockMachines, personNamed, type LockedMachine } from './custody-facts.queries.js';
import { PROMISED, promisedAmong } from './promised-stock.queries.js';
import { writeCustody, writeHistory, type Step, type WrittenStep } from './custody-writing.service.js';

/** One machine of a command, and what of its custody was seen when it was given. */
export interface Target {
  readonly deviceId: number;
  /** Version that was seen, `0` for no custody; undefined when none was looked at. */
  readonly version?: string | undefined;
}

/** Why one machine was left out; besides what `decide` refuses, that it is not there, not as it was seen, or promised. */
export interface TargetRefusal {
  readonly kind: Refusal['kind'] | 'unknown' | 'merged' | 'changed' | 'evidence' | 'promised';
  readonly message: string;
}

/** What became of one machine. */
export type TargetResult =
  | { readonly deviceId: number; readonly ok: true; readonly step: WrittenStep }
  | {
      readonly deviceId: number;
      readonly ok: false;
      readonly refusal: TargetRefusal;
      /** The custody as it is; null for a machine that is not there. */
      readonly machine: LockedMachine | null;
    };

/** A command for one machine or for many. */
export interface Order {
  readonly command: CustodyCommand;
  readonly input: CommandInput;
  readonly targets: readonly Target[];
  readonly by: CustodyActor;
  readonly bulkId?: number | null;
}

/** What a command would do: the steps it would take, and the machines that it would leave out. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly refused: readonly (TargetResult & { readonly ok: false })[];
}

const CHANGED = 'Somebody changed its custody meanwhile.';

/** Decides a command for all its machines, and locks them until the transaction ends. Nothing is written. */
export async function planOrder(tx: EntityManager, order: Order): Promise<Plan> {
  const { command, input, by } = order;
  const ids = [...new Set(order.targets.map(({ deviceId }) => deviceId))].sort((a, b) => a - b);
  const versions = new Map(order.targets.map(({ deviceId, version }) => [deviceId, version]));
  const machines = await lockMachines(tx, ids, command === 'correct');
  const person = input.holder === null ? null : await personNamed(tx, input.holder);
  const evidence = await missingEvidence(tx, input, ids);
  const steps: Step[] = [];
  const refused: (TargetResult & { readonly ok: false })[] = [];
  for (const deviceId of ids) {
    const machine = machines.get(deviceId) ?? null;
    const refusal = evidence ?? refusalOf(machine, versions.get(deviceId));
    const verdict = refusal === null && machine !== null ? verdictOn(machine, order, person, by) : { refusal };
    if ('step' in verdict) steps.push(verdict.step);
    else if (verdict.refusal) refused.push({ deviceId, ok: false, refusal: verdict.refusal, machine });
  }
  const promised = await promisedAmong(tx, steps);
  for (const { machine } of steps.filter(({ machine: { deviceId } }) => promised.has(deviceId))) {
    refused.push({ deviceId: machine.deviceId, ok: false, refusal: { kind: 'promised', message: PROMISED }, machine });
  }
  return { steps: steps.filter(({ machine: { deviceId } }) => !promised.has(deviceId)), refused };
}

function verdictOn(
  machine: LockedMachine,
  { command, input }: Order,
  person: NamedPerson,
  by: CustodyActor,
): { readonly step: Step } | { readonly refusal: TargetRefusal } {
  const decision = decide(command, input, machine, person, by);
  return decision.ok ? { step: { machine, to: decision.to } } : { refusal: decision.refusal };
}

function refusalOf(machine: LockedMachine | null, version: string | undefined): TargetRefusal | null {
  if (machine === null) return { kind: 'unknown', message: 'There is no such device.' };
  if (machine.mergedIntoId !== null) {
    return { kind: 'merged', message: `It turned out to be device ${machine.mergedIntoId}. Use that one.` };
  }
  return version === undefined || version === machine.version ? null : { kind: 'changed', message: CHANGED };
}

async function missingEvidence(
  tx: EntityManager,
  { evidenceId }: CommandInput,
  ids: readonly number[],
): Promise<TargetRefusal | null> {
  if (evidenceId === null || (await evidenceBelongs(tx, evidenceId, ids))) return null;
  return { kind: 'evidence', message: 'There is no evidence of that number for this machine.' };
}

/**
 * Takes the steps of a plan: custody and history, a fixed number of statements however many machines. The audit entries
 * are the caller's, last in its transaction.
 */
export async function carryOut(tx: EntityManager, plan: Plan, order: Order): Promise<TargetResult[]> {
  const { command, input, by, bulkId = null } = order;
  const custodyOf = await writeCustody(tx, plan.steps, command);
  const taken = plan.steps.flatMap((step) => {
    const custodyId = custodyOf.get(step.machine.deviceId);
    return custodyId === undefined ? [] : [{ ...step, custodyId: custodyId === 0 ? null : custodyId }];
  });
  const written = await writeHistory(tx, taken, { command, actor: by.actor, input, bulkId });
  const late = plan.steps.filter(({ machine }) => !custodyOf.has(machine.deviceId));
  return [
    ...written.map((step) => ({ deviceId: step.machine.deviceId, ok: true as const, step })),
    ...late.map(({ machine }) => ({
      deviceId: machine.deviceId,
      ok: false as const,
      refusal: { kind: 'changed' as const, message: CHANGED },
      machine,
    })),
    ...plan.refused,
  ];
}
