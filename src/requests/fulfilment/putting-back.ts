import type { Actor } from '../../audit/actor.js';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Transaction } from '../../database/transactor.js';
import { stepWithin } from '../../devices/lifecycle/custody.service.js';
import type { CommandInput } from '../../devices/domain/lifecycle/command-input.js';
import { lockMachines } from '../../devices/lifecycle/custody-facts.queries.js';
import { moveStock } from '../stock/movements.js';
import type { RequestActor } from '../request-actor.js';
import { changePicks, type PickRow } from './pick-rows.queries.js';
import { lockLevels } from './reservation-rows.queries.js';

/** What nothing was said with. */
export const NOTHING_SAID: CommandInput = {
  holder: null,
  place: null,
  reason: null,
  reference: null,
  evidenceId: null,
  details: {},
};

/** Who takes the steps of custody that follow from a request by themselves: whoever caused them need not touch stock. */
export const FOLLOWING: RequestActor = {
  actor: 'system:equipment-requests' satisfies Actor,
  personEntraId: null,
  permissions: new Set(['stock:write', 'custody:write']),
};

/**
 * Brings picks that nobody was handed back to the shelf that they came from; their lines are locked. A machine that custody
 * says something else of by now is left where it is.
 * @returns what custody has for the audit trail, for the end of the transaction
 */
export async function putPicksBack(
  tx: Transaction,
  picks: readonly PickRow[],
  { by, reason }: { readonly by: RequestActor; readonly reason: string },
): Promise<AuditEntry[]> {
  if (picks.length === 0) return [];
  const machines = await lockMachines(
    tx,
    picks.flatMap(({ deviceId }) => (deviceId === null ? [] : [deviceId])),
    false,
  );
  await lockLevels(
    tx,
    picks.map(({ productId }) => productId),
  );
  await changePicks(
    tx,
    picks.map(({ id }) => id),
    'put_back',
  );
  const entries: AuditEntry[] = [];
  for (const { deviceId, beneficiaryEntraId, place } of picks) {
    const machine = deviceId === null ? undefined : machines.get(deviceId);
    if (machine?.standing !== 'allocated' || machine.holder !== beneficiaryEntraId) continue;
    const { entry } = await stepWithin(tx, {
      command: 'release',
      input: { ...NOTHING_SAID, reason, place },
      targets: [{ deviceId: machine.deviceId }],
      by,
    });
    entries.push(entry);
  }
  await moveStock(
    tx,
    picks
      .filter(({ deviceId }) => deviceId === null)
      .map(({ id, productId, placeId, quantity }) => ({
        productId,
        placeId,
        kind: 'put_back',
        quantity,
        pickId: id,
        actor: by.actor,
      })),
  );
  return entries;
}
