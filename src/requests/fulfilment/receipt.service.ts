import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { UNFIT_CONDITIONS } from '../../devices/domain/lifecycle/command-fields.js';
import { stepWithin } from '../../devices/lifecycle/custody.service.js';
import { recordRequestEvent } from '../asking/request-rows.queries.js';
import type { ReceivedHow } from '../domain/pick-words.js';
import type { RequestActor } from '../request-actor.js';
import { moveStock } from '../stock/movements.js';
import { closeIfDone } from './closing.js';
import { giveOut } from './giving-out.js';
import type { PickCommand } from './handover.service.js';
import { settleLines } from './line-standing.js';
import { changePicks, expectPick, lockPick, type LockedPick } from './pick-rows.queries.js';
import { refuseForOneself, type PickOutcome } from './picking.service.js';
import { FOLLOWING, NOTHING_SAID } from './putting-back.js';
import { serveBackOrders } from './reserving.js';

/** How something came back; the words of custody. */
export const CONDITIONS = ['good', 'worn', 'damaged', 'not-working'] as const;
export type Condition = (typeof CONDITIONS)[number];

export const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  good: 'Good',
  worn: 'Worn, works',
  damaged: 'Damaged',
  'not-working': 'Does not work',
};

/** Something that was given out and comes back. */
export interface BroughtBack extends PickCommand {
  readonly condition: Condition;
  /** Place of stock that it is brought to. */
  readonly placeId: number;
}

/** What people say of what they were given: that they have it, or that it is back. Each command is one transaction. */
@Injectable()
export class ReceiptService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * The person confirms that they have what they were given. What was in the post is theirs in custody from here on.
   * @throws NotFoundError for what was picked for somebody else; ConflictError when they cannot have it yet, or not any more
   */
  confirm({ pickId, version, idempotencyKey }: PickCommand, by: RequestActor): Promise<PickOutcome> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key: idempotencyKey, request: { received: { pickId, version } } }, async () => {
        await this.#expectOwn(tx, pickId, by);
        const locked = await lockPick(tx, pickId, version);
        const { pick } = locked;
        if (pick.state === 'picked') {
          throw new ConflictError('It was not handed over yet. Ask whoever hands it over to record that first.');
        }
        expectPick(pick, ['handed_over', 'dispatched'], 'confirmed');
        return receive(tx, locked, 'confirmed', by.actor);
      }),
    );
  }

  /**
   * Takes back what somebody was given, whether or not they had confirmed it. A machine is recovered, to be wiped before it
   * is stock again; an accessory that is fit goes back on the shelf.
   * @throws ForbiddenError for oneself; InputError for a place that is none; ConflictError when they do not have it
   */
  bringBack(command: BroughtBack, by: RequestActor): Promise<PickOutcome> {
    const { pickId, version, condition, placeId, idempotencyKey } = command;
    const request = { broughtBack: { pickId, version, condition, placeId } };
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor: by.actor, key: idempotencyKey, request }, async () => {
        if (!by.permissions.has('custody:write')) {
          throw new ForbiddenError('This needs the permission custody:write, which you do not have.');
        }
        const locked = await lockPick(tx, pickId, version);
        expectPick(locked.pick, ['handed_over', 'received'], 'brought back');
        await refuseForOneself(tx, locked.line.beneficiaryEntraId, by);
        return bringBackWithin(tx, locked, command, by);
      }),
    );
  }

  async #expectOwn(tx: EntityManager, pickId: number, { personEntraId, permissions }: RequestActor): Promise<void> {
    const own =
      personEntraId === null || !permissions.has('own:read')
        ? []
        : await tx.query<unknown[]>(
            `select from pick join request_line as line on line.id = pick.request_line_id
             where pick.id = $1 and person_behind(line.beneficiary_entra_id) = person_behind($2)`,
            [pickId, personEntraId],
          );
    if (own.length === 0) throw new NotFoundError('There is nothing under this number that was given to you.');
  }
}

/** Notes that the person of a pick has it, of a pick that is locked. */
export async function receive(
  tx: EntityManager,
  locked: LockedPick,
  how: ReceivedHow,
  actor: RequestActor['actor'],
): Promise<PickOutcome> {
  const { pick, request, line } = locked;
  // Whoever sent it has handed it over: the person only says that it came.
  const given = pick.state === 'dispatched' ? await giveOut(tx, locked, FOLLOWING) : null;
  const versions = await changePicks(tx, [pick.id], 'received', {
    receivedHow: how,
    ...(given === null ? {} : { handedOverBy: FOLLOWING.actor }),
  });
  const details = { pick: pick.id, quantity: pick.quantity, ...(given === null ? {} : { recalled: given.recalledId }) };
  const event = how === 'confirmed' ? 'received' : 'receipt-observed';
  await recordRequestEvent(tx, {
    requestId: request.id,
    revision: line.revision,
    lineId: line.id,
    event,
    actor,
    details,
  });
  await settleLines(tx, [line.id]);
  const closed = await closeIfDone(tx, request, actor);
  await appendToAudit(tx, [
    ...(given?.entries ?? []),
    {
      event: how === 'confirmed' ? 'request.received' : 'request.receipt-observed',
      actor,
      subject: { kind: 'request', id: request.id },
      details: { line: line.id, device: pick.deviceId, ...details },
    },
    ...closed,
  ]);
  return {
    pickId: pick.id,
    requestId: request.id,
    lineId: line.id,
    state: 'received',
    version: versions.get(pick.id) ?? '0',
  };
}

async function bringBackWithin(
  tx: EntityManager,
  { pick, request, line, machine }: LockedPick,
  { condition, placeId }: BroughtBack,
  by: RequestActor,
): Promise<PickOutcome> {
  const [place] = await tx.query<{ name: string }[]>('select name from stock_place where id = $1', [placeId]);
  if (!place) throw new InputError('Choose a place.', [{ field: 'placeId', message: 'Choose a place of the list' }]);
  const entries: AuditEntry[] = [];
  const isWithThem = machine?.holder === line.beneficiaryEntraId && ['in_use', 'return_due'].includes(machine.standing);
  if (machine !== null && isWithThem) {
    const { entry } = await stepWithin(tx, {
      command: 'take-back',
      input: { ...NOTHING_SAID, place: place.name, details: { condition } },
      targets: [{ deviceId: machine.deviceId }],
      by,
    });
    entries.push(entry);
  }
  const isFit = !UNFIT_CONDITIONS.some((unfit) => unfit === condition);
  if (pick.deviceId === null && isFit) {
    const { productId, quantity, id } = pick;
    await moveStock(tx, [{ productId, placeId, kind: 'returned', quantity, pickId: id, actor: by.actor }]);
    await serveBackOrders(tx, { productId, placeId }, by.actor);
  }
  const versions = await changePicks(tx, [pick.id], 'returned');
  const details = { pick: pick.id, quantity: pick.quantity, place: placeId, condition };
  const about = { requestId: request.id, revision: line.revision, lineId: line.id, actor: by.actor };
  await recordRequestEvent(tx, { ...about, event: 'brought-back', details });
  await settleLines(tx, [line.id]);
  const closed = await closeIfDone(tx, request, by.actor);
  await appendToAudit(tx, [
    ...entries,
    {
      event: 'request.brought-back',
      actor: by.actor,
      subject: { kind: 'request', id: request.id },
      details: { line: line.id, device: pick.deviceId, ...details },
    },
    ...closed,
  ]);
  return {
    pickId: pick.id,
    requestId: request.id,
    lineId: line.id,
    state: 'returned',
    version: versions.get(pick.id) ?? '0',
  };
}
