import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { stepsWithin } from '../../devices/lifecycle/custody.service.js';
import type { RequestActor } from '../request-actor.js';
import { serveArrivals } from './stock-arrivals.js';
import { endPart, lockTransfer } from './transfers.service.js';

/** Machines to be sent to a place. */
export interface MachineTransferInput {
  readonly deviceIds: readonly number[];
  readonly toPlaceId: number;
  readonly tracking: string | null;
}

/** Machines of one command at the most. */
export const MOST_MACHINES = 200;

interface StockedMachine {
  readonly deviceId: number;
  readonly productId: number;
  readonly placeId: number;
}

/**
 * Sends machines from one place to another. On their way custody holds them back, so that nobody promises or takes them;
 * on arrival they are released at the new place. Each step is in the history of its machine.
 */
@Injectable()
export class MachineTransfersService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Sends machines: one transfer for each product and place that they are at.
   * @param key the same key is done once
   * @throws InputError for machines that are not available in stock; ConflictError for ones that are promised
   */
  async send(
    input: MachineTransferInput,
    key: string | null,
    by: RequestActor,
  ): Promise<{ readonly transferIds: readonly number[] }> {
    const deviceIds = [...new Set(input.deviceIds)].sort((a, b) => a - b);
    checkNumber(deviceIds);
    const { toPlaceId, tracking } = input;
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key, request: { send: 'machines', ...input } }, async () => {
        const toPlace = await placeName(tx, toPlaceId);
        const machines = await stocked(tx, deviceIds, toPlaceId);
        const steps = await stepsWithin(tx, {
          command: 'hold',
          input: { ...NOTHING_SAID, reason: `On its way to ${toPlace}` },
          targets: machines.map(({ deviceId }) => ({ deviceId })),
          by,
        });
        const transferIds: number[] = [];
        const entries: AuditEntry[] = steps.map(({ entry }) => entry);
        for (const group of groupsOf(machines)) {
          const id = await addTransfer(tx, group, { toPlaceId, tracking, by });
          transferIds.push(id);
          entries.push(entryOf('stock-transfer.sent', id, group.length, by));
        }
        await appendToAudit(tx, entries);
        return { transferIds };
      }),
    );
  }

  /**
   * Records that machines of a transfer arrived: they are released at the place.
   * @param version of the transfer that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for machines that are not on their way by it, or that
   *   custody no longer holds back
   */
  arrive(id: number, deviceIds: readonly number[], version: string, by: RequestActor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const ids = [...new Set(deviceIds)];
      checkNumber(ids);
      const { productId, toPlaceId: placeId, toPlace } = await lockTransfer(tx, id, ids.length, version);
      const now = await endMachines(tx, id, ids, 'arrived');
      const held = await tx.query<{ id: number }[]>(
        `select custody.device_id as id from device_custody as custody
         where custody.device_id = any($1::integer[]) and custody.set_aside_at is null
           and not exists (select from stock_machine where custody_id = custody.id and place_id = $2)
         order by 1`,
        [now, placeId],
      );
      const steps = await stepsWithin(tx, {
        command: 'release',
        input: { ...NOTHING_SAID, place: toPlace, reason: `Arrived by transfer ${id}` },
        targets: held.map((machine) => ({ deviceId: machine.id })),
        by,
      });
      await endPart(tx, id, { arrived: ids.length });
      await serveArrivals(tx, [{ productId, placeId }], by.actor);
      await appendToAudit(tx, [
        ...steps.map(({ entry }) => entry),
        entryOf('stock-transfer.arrived', id, ids.length, by),
      ]);
    });
  }

  /**
   * Records that machines of a transfer did not arrive. What became of each is for its own custody to say.
   * @param version of the transfer that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for machines that are not on their way by it
   */
  lose(id: number, deviceIds: readonly number[], reason: string, version: string, by: RequestActor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const ids = [...new Set(deviceIds)];
      checkNumber(ids);
      await lockTransfer(tx, id, ids.length, version);
      await endMachines(tx, id, ids, 'lost');
      await endPart(tx, id, { lost: ids.length, reason });
      await appendToAudit(tx, entryOf('stock-transfer.lost', id, ids.length, by));
    });
  }
}

const NOTHING_SAID = { holder: null, place: null, reason: null, reference: null, evidenceId: null, details: {} };

function checkNumber(deviceIds: readonly number[]): void {
  if (deviceIds.length >= 1 && deviceIds.length <= MOST_MACHINES) return;
  const message = `Name 1 to ${MOST_MACHINES} machines.`;
  throw new InputError(message, [{ field: 'deviceIds', message }]);
}

async function placeName(tx: EntityManager, id: number): Promise<string> {
  const [place] = await tx.query<{ name: string }[]>('select name from stock_place where id = $1 for key share', [id]);
  if (place) return place.name;
  const message = 'There is no such place. Look at the list of places.';
  throw new InputError(message, [{ field: 'toPlaceId', message }]);
}

async function stocked(tx: EntityManager, deviceIds: readonly number[], toPlaceId: number): Promise<StockedMachine[]> {
  const machines = await tx.query<StockedMachine[]>(
    `select custody.device_id as "deviceId", machine.product_id as "productId", machine.place_id as "placeId"
     from device_custody as custody join stock_machine as machine on machine.custody_id = custody.id
     where custody.device_id = any($1::integer[]) and custody.set_aside_at is null
     order by custody.device_id for update of custody`,
    [deviceIds],
  );
  const found = new Set(machines.map(({ deviceId }) => deviceId));
  const missing = deviceIds.filter((id) => !found.has(id));
  if (missing.length > 0) {
    throw refused(`Not available in stock: device ${missing.slice(0, 10).join(', ')}. Nothing was sent.`);
  }
  const there = machines.filter(({ placeId }) => placeId === toPlaceId).map(({ deviceId }) => deviceId);
  if (there.length > 0) throw refused(`At that place already: device ${there.slice(0, 10).join(', ')}.`);
  return machines;
}

function refused(message: string): InputError {
  return new InputError(message, [{ field: 'deviceIds', message }]);
}

/** Machines of one product at one place each. */
function groupsOf(machines: readonly StockedMachine[]): readonly (readonly StockedMachine[])[] {
  const groups = new Map<string, StockedMachine[]>();
  for (const machine of machines) {
    const key = `${machine.productId} ${machine.placeId}`;
    groups.set(key, [...(groups.get(key) ?? []), machine]);
  }
  return [...groups.values()];
}

async function addTransfer(
  tx: EntityManager,
  machines: readonly StockedMachine[],
  { toPlaceId, tracking, by }: { toPlaceId: number; tracking: string | null; by: RequestActor },
): Promise<number> {
  const [first] = machines;
  const [row] = await tx.query<{ id: number }[]>(
    `with transfer as (
       insert into stock_transfer (product_id, from_place_id, to_place_id, quantity, tracking, sent_by)
       values ($1, $2, $3, $4, $5, $6) returning id),
     sent as (
       insert into stock_transfer_machine (transfer_id, device_id)
       select transfer.id, device_id from transfer, unnest($7::integer[]) as device_id)
     select id from transfer`,
    [
      first?.productId,
      first?.placeId,
      toPlaceId,
      machines.length,
      tracking,
      by.actor,
      machines.map(({ deviceId }) => deviceId),
    ],
  );
  return row?.id ?? 0;
}

/** @returns the machines that these are now: two records may have turned out to be one meanwhile */
async function endMachines(
  tx: EntityManager,
  id: number,
  deviceIds: readonly number[],
  state: 'arrived' | 'lost',
): Promise<readonly number[]> {
  const [ended] = await tx.query<[{ id: number }[], number]>(
    `update stock_transfer_machine set state = $3
     where transfer_id = $1 and device_id = any($2::integer[]) and state = 'sent' returning device_id as id`,
    [id, deviceIds, state],
  );
  if (ended.length < deviceIds.length) {
    throw new ConflictError('Some of these machines are not on their way by this transfer. Look at it as it is now.');
  }
  const now = await tx.query<{ id: number }[]>(
    `with recursive step as (
       select id, merged_into_id from device where id = any($1::integer[])
       union select device.id, device.merged_into_id from step join device on device.id = step.merged_into_id)
     select id from step where merged_into_id is null order by id`,
    [deviceIds],
  );
  return now.map((machine) => machine.id);
}

function entryOf(
  event: 'stock-transfer.sent' | 'stock-transfer.arrived' | 'stock-transfer.lost',
  id: number,
  quantity: number,
  { actor }: RequestActor,
): AuditEntry {
  return { event, actor, subject: { kind: 'stock-transfer', id }, details: { quantity } };
}
