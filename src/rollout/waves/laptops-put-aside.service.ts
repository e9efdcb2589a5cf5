import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../audit/audit-entry.js';
import type { Actor } from '../../audit/actor.js';
import { stepWithin, type StepWithin } from '../../devices/lifecycle/custody.service.js';
import { PromisedMachineError } from '../../devices/lifecycle/promised-stock.queries.js';
import { readinessSettingsOf } from '../domain/readiness/settings.js';
import { FREE_LAPTOPS, approvedNames } from '../readiness/free-laptops.queries.js';
import { LAPTOP_CLASSES } from '../readiness/readiness-facts.queries.js';
import type { FoundBooking, LockedMove } from './booking-rows.queries.js';

/** Bookings put laptops aside by themselves: whoever books need not be allowed to touch stock. */
const BOOKING_ACTOR = {
  actor: 'system:rollout-bookings' satisfies Actor as Actor,
  personEntraId: null,
  permissions: new Set(['stock:write']),
};

/** The laptop of a booking. */
export interface PutAside {
  readonly laptopId: number | null;
  /** Whether it was put aside for this booking, and so goes back when the booking ends. */
  readonly putAside: boolean;
  readonly entries: readonly AuditEntry[];
}

/** A laptop that is allocated to the person already, by somebody else than a booking. */
const ALLOCATED = `
  select custody.device_id as id from device_custody custody
  join device on device.id = custody.device_id
  where custody.state = 'allocated' and custody.holder_entra_id = $1 and custody.set_aside_at is null
    and device.form_factor in ${LAPTOP_CLASSES}
  order by custody.device_id limit 1`;

/**
 * The one that is wished for, else one from the stock that is nearest; one that somebody else is about to take is passed
 * over and not waited for.
 */
const FROM_STOCK = `
  select custody.device_id as id from device_custody custody
  join device on device.id = custody.device_id
  where custody.device_id in (select free.id from (${FREE_LAPTOPS('$2', '$3')}) as free where free.suitable)
    and custody.state = 'in_stock' and custody.substate = 'available' and custody.set_aside_at is null
  order by custody.device_id is not distinct from $4 desc, custody.place is not distinct from $1 desc, custody.since, custody.device_id limit 1
  for share of device skip locked for update of custody skip locked`;

/** Somebody who may move although there is no laptop for them yet: the rule does not gate, or was waived. */
const MAY_GO_WITHOUT = `
  select from readiness_result where move_id = $1 and rule = 'laptop' and outcome <> 'ready' and not blocks limit 1`;

/** Shelves that are looked at in vain; each is one from which a request was promised the last laptop this very moment. */
const ATTEMPTS = 5;

/** Whether stock has a laptop that can be given to anybody. */
export async function stockIsThere(tx: EntityManager, programmeId: number): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select from (${FREE_LAPTOPS('$1', '$2')}) as free where free.suitable limit 1`,
    await approved(tx, programmeId),
  );
  return rows.length > 0;
}

async function approved(tx: EntityManager, programmeId: number): Promise<[string[], string[]]> {
  const [row] = await tx.query<{ settings: Readonly<Record<string, unknown>> }[]>(
    'select settings from rollout_settings where programme_id = $1 order by version desc limit 1',
    [programmeId],
  );
  return approvedNames(readinessSettingsOf(row?.settings ?? {}).approvedModels);
}

/**
 * Puts a laptop aside for somebody: none when they have one, the one that is allocated to them, else one from stock.
 * @param site where it is to be handed over; stock of that place comes first
 * @param wished the laptop that is taken if it still is in stock
 * @returns null when none that can be given is in stock, and the person cannot be booked without
 */
export async function putLaptopAside(
  tx: EntityManager,
  move: LockedMove,
  site: string | null,
  wished: number | null = null,
): Promise<PutAside | null> {
  if (move.laptopId !== null) return { laptopId: null, putAside: false, entries: [] };
  const [allocated] = await tx.query<{ id: number }[]>(ALLOCATED, [move.personEntraId]);
  if (allocated) return { laptopId: allocated.id, putAside: false, entries: [] };
  const models = await approved(tx, move.programmeId);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const [found] = await tx.query<{ id: number }[]>(FROM_STOCK, [site, ...models, wished]);
    if (!found) break;
    const step = await allocateTo(tx, found.id, move.personEntraId);
    if (step) return { laptopId: found.id, putAside: true, entries: [step.entry] };
  }
  const without = await tx.query<unknown[]>(MAY_GO_WITHOUT, [move.id]);
  return without.length > 0 ? { laptopId: null, putAside: false, entries: [] } : null;
}

/** @returns null when a request was promised it since it was seen to be free; nothing is written then */
async function allocateTo(tx: EntityManager, deviceId: number, holder: string): Promise<StepWithin | null> {
  try {
    return await stepWithin(tx, {
      command: 'allocate',
      input: { ...NOTHING_SAID, holder },
      targets: [{ deviceId }],
      by: BOOKING_ACTOR,
    });
  } catch (error) {
    if (error instanceof PromisedMachineError) return null;
    throw error;
  }
}

/** The machine that a device is now, while custody says one of some states with this holder. */
const STILL_THEIRS = `
  with recursive step as (
    select id, merged_into_id from device where id = $1
    union all select device.id, device.merged_into_id from step join device on device.id = step.merged_into_id
  )
  select custody.device_id as id from step join device_custody custody on custody.device_id = step.id
  where step.merged_into_id is null and custody.set_aside_at is null and custody.state = any($3::text[])
    and custody.holder_entra_id = $2`;

/** Whether the laptop of a booking is in the person's hands. */
export async function isHandedOver(tx: EntityManager, booking: FoundBooking, personEntraId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(STILL_THEIRS, [booking.laptopId, personEntraId, ['in_use', 'return_due']]);
  return rows.length > 0;
}

/** Puts the laptop of a booking back into stock, unless it went elsewhere meanwhile. */
export async function putLaptopBack(
  tx: EntityManager,
  booking: FoundBooking,
  personEntraId: string,
): Promise<readonly AuditEntry[]> {
  if (booking.laptopId === null || !booking.laptopPutAside) return [];
  const [found] = await tx.query<{ id: number }[]>(STILL_THEIRS, [booking.laptopId, personEntraId, ['allocated']]);
  if (!found) return [];
  const { entry } = await stepWithin(tx, {
    command: 'release',
    input: { ...NOTHING_SAID, reason: `Booking ${booking.id} ended without a hand-over` },
    targets: [{ deviceId: found.id }],
    by: BOOKING_ACTOR,
  });
  return [entry];
}

const NOTHING_SAID = {
  holder: null,
  place: null,
  reason: null,
  reference: null,
  evidenceId: null,
  details: {},
};
