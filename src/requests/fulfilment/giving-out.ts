import type { AuditEntry } from '../../audit/audit-entry.js';
import { ConflictError } from '../../common/errors.js';
import type { Transaction } from '../../database/transactor.js';
import { stepWithin } from '../../devices/lifecycle/custody.service.js';
import { lockMachines, type LockedMachine } from '../../devices/lifecycle/custody-facts.queries.js';
import type { CustodyCommand } from '../../devices/domain/lifecycle/commands.js';
import type { RequestActor } from '../request-actor.js';
import type { LockedPick } from './pick-rows.queries.js';
import { FOLLOWING, NOTHING_SAID } from './putting-back.js';

/** What becomes of custody when something is given out. */
export interface GivenOut {
  /** For the audit trail, at the end of the transaction. */
  readonly entries: readonly AuditEntry[];
  /** The machine that is asked back for it; null for none. */
  readonly recalledId: number | null;
}

/**
 * Puts a machine that was picked into the hands of its person, and asks for the one back that it replaces. Custody may say
 * already that they have it.
 * @throws ConflictError when custody says something else of the machine by now
 */
export async function giveOut(
  tx: Transaction,
  { pick, line, machine }: LockedPick,
  by: RequestActor,
): Promise<GivenOut> {
  const entries: AuditEntry[] = [];
  if (machine !== null) {
    if (
      machine.holder !== line.beneficiaryEntraId ||
      !['allocated', 'in_use', 'return_due'].includes(machine.standing)
    ) {
      throw new ConflictError(
        'Custody says something else of the machine by now. Look at the machine, and put it back.',
      );
    }
    if (machine.standing === 'allocated') {
      entries.push(await step(tx, 'hand-over', machine.deviceId, { holder: line.beneficiaryEntraId }, by));
    }
  }
  const recalled =
    pick.replacesDeviceId === null
      ? null
      : await recall(tx, pick.replacesDeviceId, line.beneficiaryEntraId, line.requestId);
  return { entries: [...entries, ...(recalled ?? [])], recalledId: recalled === null ? null : pick.replacesDeviceId };
}

/**
 * Asks for the return of a machine that somebody has: recovery is open from here on, and the rollout collects it as a fact.
 * A machine without custody that Intune names them for is first recorded as theirs. Null when it is not theirs to give
 * back, or asked for already.
 */
async function recall(
  tx: Transaction,
  deviceId: number,
  holder: string,
  requestId: number,
): Promise<AuditEntry[] | null> {
  const machine = (await lockMachines(tx, [deviceId], false)).get(deviceId);
  if (!machine || machine.contested) return null;
  const entries: AuditEntry[] = [];
  if (machine.standing === 'none') {
    if (!(await isTheirs(tx, machine, holder))) return null;
    entries.push(await step(tx, 'hand-over', deviceId, { holder }, FOLLOWING));
  } else if (machine.standing !== 'in_use' || machine.holder !== holder) return null;
  entries.push(await step(tx, 'recall', deviceId, { reason: `Replaced by what request ${requestId} gave` }, FOLLOWING));
  return entries;
}

async function isTheirs(tx: Transaction, { deviceId }: LockedMachine, holder: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>('select from device where id = $1 and user_entra_id = $2', [deviceId, holder]);
  return rows.length > 0;
}

async function step(
  tx: Transaction,
  command: CustodyCommand,
  deviceId: number,
  said: { readonly holder?: string; readonly reason?: string },
  by: RequestActor,
): Promise<AuditEntry> {
  const { entry } = await stepWithin(tx, { command, input: { ...NOTHING_SAID, ...said }, targets: [{ deviceId }], by });
  return entry;
}
