import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { londonInstant } from '../../common/uk-time.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { personNamed } from '../../devices/lifecycle/custody-facts.queries.js';
import {
  MOST_SLOTS_AT_ONCE,
  patternFault,
  planSlots,
  type ClosedDays,
  type SlotPattern,
} from '../domain/waves/slot-pattern.js';
import { ProgrammeQueries } from '../programme.queries.js';
import type { BookingActor } from './booking-actor.js';
import { BookingChanges } from './booking-changes.service.js';
import { lockMoves, lockSlots, waitingFor } from './booking-rows.queries.js';
import { closeSlots } from './slot-closing.service.js';
import { WaitingList } from './waiting-list.service.js';

/** Slots that are to be made. */
export interface SlotOrder {
  readonly site: string;
  /** Object id or user principal name. */
  readonly engineer: string;
  readonly pattern: SlotPattern;
}

/** What came of an order, or would. */
export interface SlotOrderOutcome {
  readonly made: number;
  readonly skipped: readonly { readonly day: string; readonly reason: string }[];
}

/** Makes, changes and closes slots. */
@Injectable()
export class SlotsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly programmes: ProgrammeQueries,
    private readonly changes: BookingChanges,
    private readonly waitingList: WaitingList,
  ) {}

  /**
   * Makes slots by a weekly pattern, none on bank holidays and days on which the site is closed; all of them or none.
   * @param isTrial to be told what would be made
   * @throws InputError for a pattern or engineer that cannot be; ConflictError when the engineer has slots at these times
   */
  make(
    order: SlotOrder,
    { isTrial, idempotencyKey }: { readonly isTrial: boolean; readonly idempotencyKey: string | null },
    by: BookingActor,
    now = new Date(),
  ): Promise<SlotOrderOutcome> {
    const fault = patternFault(order.pattern);
    if (fault !== null) return Promise.reject(new InputError('Put the pattern right.', [fault]));
    return this.transactor.run((tx) => {
      const work = (): Promise<SlotOrderOutcome> => this.#make(tx, order, isTrial, by, now);
      if (isTrial || idempotencyKey === null) return work();
      return once(tx, { actor: by.actor, key: idempotencyKey, request: order }, work);
    });
  }

  async #make(
    tx: EntityManager,
    { site, engineer, pattern }: SlotOrder,
    isTrial: boolean,
    by: BookingActor,
    now: Date,
  ): Promise<SlotOrderOutcome> {
    const programmeId = await lockProgramme(tx, this.programmes);
    const person = await personNamed(tx, engineer);
    if (!person?.present || !person.enabled) {
      const message = 'The directory has nobody of that name with an enabled account.';
      throw new InputError(message, [{ field: 'engineer', message }]);
    }
    const closures = await tx.query<ClosedDays[]>(
      `select from_day::text as "fromDay", until_day::text as "untilDay", reason from slot_closure
       where programme_id = $1 and withdrawn_at is null and (site is null or site = $2) order by id`,
      [programmeId, site],
    );
    const plan = planSlots(pattern, closures);
    const slots = plan.slots.filter(({ startsAt }) => startsAt > now);
    if (slots.length > MOST_SLOTS_AT_ONCE) {
      throw new InputError(`Make at most ${MOST_SLOTS_AT_ONCE} slots at once.`, [
        { field: 'untilDay', message: 'Enter an earlier last day.' },
      ]);
    }
    const rows = JSON.stringify(slots.map((slot) => ({ ...slot, cutOffAt: slot.cutOffAt })));
    const [busy] = await tx.query<{ startsAt: Date }[]>(
      `select slot.starts_at as "startsAt" from jsonb_to_recordset($1::jsonb) as row("startsAt" timestamptz, "endsAt" timestamptz)
       join slot on slot.engineer_entra_id = $2 and slot.state = 'open'
         and slot.starts_at < row."endsAt" and slot.ends_at > row."startsAt"
       order by slot.starts_at limit 1`,
      [rows, person.entraId],
    );
    if (busy) {
      throw new ConflictError(
        `The engineer has a slot already that overlaps, the first at ${busy.startsAt.toISOString()}. Nothing was made.`,
      );
    }
    if (!isTrial && slots.length > 0) {
      await this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        await tx.query(
          `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
           select $1, $2, $3, "startsAt", "endsAt", "cutOffAt", $4, $5
           from jsonb_to_recordset($6::jsonb) as row("startsAt" timestamptz, "endsAt" timestamptz, "cutOffAt" timestamptz)`,
          [programmeId, site, person.entraId, pattern.capacity, by.actor, rows],
        );
        changes.entries.push({
          event: 'slot.made',
          actor: by.actor,
          subject: { kind: 'rollout-programme', id: programmeId },
          details: { slots: slots.length, from: pattern.fromDay, until: pattern.untilDay },
        });
      });
    }
    return { made: slots.length, skipped: plan.skipped };
  }

  /**
   * Gives a slot more places, which those who wait for it get at once, or fewer.
   * @throws ConflictError when more are taken than it would have
   */
  changeCapacity(slotId: number, capacity: number, by: BookingActor, now = new Date()): Promise<{ promoted: number }> {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 100) {
      const message = 'Enter from 1 to 100 places.';
      return Promise.reject(new InputError(message, [{ field: 'capacity', message }]));
    }
    return this.transactor.run((tx) =>
      this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        const slot = (await lockSlots(tx, [slotId])).get(slotId);
        if (!slot) throw new NotFoundError('There is no such slot.');
        const waiting = await waitingFor(tx, [slotId]);
        const moves = await lockMoves(
          tx,
          waiting.map(({ moveId }) => moveId),
        );
        await moveIntoLowerPlaces(tx, slotId, capacity);
        await tx.query(`update slot set capacity = $2, version = nextval('rollout_version_sequence') where id = $1`, [
          slotId,
          capacity,
        ]);
        changes.entries.push({
          event: 'slot.changed',
          actor: by.actor,
          subject: { kind: 'slot', id: slotId },
          details: { before: slot.capacity, after: capacity },
        });
        const promoted = await this.waitingList.fill(tx, changes, { ...slot, capacity }, { waiting, moves });
        return { promoted: promoted.length };
      }),
    );
  }

  /** Closes one slot; whoever is booked is cancelled with the reason, and can book another one. */
  close(slotId: number, reason: string, by: BookingActor, now = new Date()): Promise<{ cancelled: number }> {
    return this.transactor.run((tx) =>
      this.changes.gather(tx, { by: by.actor, now }, async (changes) => {
        const cancelled = await closeSlots(tx, this.changes, changes, [slotId], { reason, closureId: null });
        if (cancelled === null) throw new ConflictError('There is no such slot that is open.');
        return { cancelled };
      }),
    );
  }
}

/** Locks the programme whose slots are planned, so that slots and closures are not made at the same moment. */
export async function lockProgramme(tx: EntityManager, programmes: ProgrammeQueries): Promise<number> {
  const programme = await programmes.current(tx);
  if (programme === null || programme.state === 'closed') {
    throw new ConflictError('There is no programme that is planned or runs. Plan one first.');
  }
  await tx.query('select from rollout_programme where id = $1 for no key update', [programme.id]);
  return programme.id;
}

async function moveIntoLowerPlaces(tx: EntityManager, slotId: number, capacity: number): Promise<void> {
  const high = await tx.query<{ id: number }[]>(
    'select id from booking where slot_id = $1 and place > $2 order by place',
    [slotId, capacity],
  );
  for (const { id } of high) {
    const [, moved] = await tx.query<[unknown[], number]>(
      `update booking set place = (
         select min(free.place) from generate_series(1, $2::integer) as free(place)
         where not exists (select from booking taken where taken.slot_id = $3 and taken.place = free.place))
       where id = $1 and exists (
         select from generate_series(1, $2::integer) as free(place)
         where not exists (select from booking taken where taken.slot_id = $3 and taken.place = free.place))`,
      [id, capacity, slotId],
    );
    if (moved === 0)
      throw new ConflictError('More places are taken than the slot would have. Cancel or move some first.');
  }
}

/** The instants between which days lie, the last included. */
export function spanOf(fromDay: string, untilDay: string): { readonly from: Date; readonly until: Date } {
  const after = new Date(`${untilDay}T00:00:00Z`);
  after.setUTCDate(after.getUTCDate() + 1);
  return { from: londonInstant(fromDay, '00:00'), until: londonInstant(after.toISOString().slice(0, 10), '00:00') };
}
