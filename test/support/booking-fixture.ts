import type { DataSource } from 'typeorm';
import type { Permission } from '../../src/auth/permissions.js';
import { Transactor } from '../../src/database/transactor.js';
import type { MoveFact } from '../../src/rollout/domain/move-fact.js';
import { MoveCircleQueries } from '../../src/rollout/move-circle.queries.js';
import { MoveDerivationService } from '../../src/rollout/move-derivation.service.js';
import { recordFacts } from '../../src/rollout/move-facts.service.js';
import { AppointmentCorrections } from '../../src/rollout/waves/appointment-corrections.service.js';
import { AppointmentsService } from '../../src/rollout/waves/appointments.service.js';
import type { BookingActor } from '../../src/rollout/waves/booking-actor.js';
import { BookingRights } from '../../src/rollout/waves/booking-rights.queries.js';
import { BookingChanges } from '../../src/rollout/waves/booking-changes.service.js';
import { BookingsService } from '../../src/rollout/waves/bookings.service.js';
import { WaitingList } from '../../src/rollout/waves/waiting-list.service.js';
import { personId } from './custody-fixture.js';

/** The time of the specs about bookings: a Monday morning in winter. */
export const NOW = new Date('2026-11-23T09:00:00Z');

/** Somebody who books: a person of the fixture, with permissions if any. */
export function booker(person: number, permissions: readonly Permission[] = ['own:read']): BookingActor {
  return {
    actor: `person:${personId(person)}`,
    personEntraId: personId(person),
    permissions: new Set<string>(permissions),
  };
}

/** The services that book, over one database. */
export function bookingServices(dataSource: DataSource): {
  readonly bookings: BookingsService;
  readonly appointments: AppointmentsService;
  readonly corrections: AppointmentCorrections;
} {
  const transactor = new Transactor(dataSource);
  const changes = new BookingChanges(new MoveDerivationService());
  const rights = new BookingRights(dataSource, new MoveCircleQueries(dataSource));
  return {
    bookings: new BookingsService(transactor, changes, new WaitingList(changes), rights),
    appointments: new AppointmentsService(transactor, changes),
    corrections: new AppointmentCorrections(transactor, changes),
  };
}

/** What the rules of readiness say of these moves, as if they had been asked. */
export async function sayReadiness(
  dataSource: DataSource,
  programmeId: number,
  moves: readonly number[],
  outcome: 'ready' | 'not_ready',
  at = new Date(NOW.getTime() - 60_000),
): Promise<void> {
  const about = { deviceId: null, at };
  const facts = moves.flatMap((moveId): MoveFact[] => [
    { ...about, kind: 'assessed', moveId, details: {}, key: `test:assessed:${moveId}` },
    {
      ...about,
      kind: 'readiness-changed',
      moveId,
      details: { outcome, rules: [] },
      key: `test:readiness:${moveId}:${outcome}:${at.getTime()}`,
    },
  ]);
  // What stock has runs what the rules ask for.
  await dataSource.query(`update device set upgrade_eligibility = 'upgraded' where form_factor = 'laptop'`);
  await dataSource.transaction(async (tx) => {
    await recordFacts(tx, programmeId, facts, 'system:schedule', at);
    await new MoveDerivationService().derive(tx, programmeId, moves, NOW);
  });
}

/** Empties everything that a rollout writes, what is only ever added to as well. */
export async function emptyRollout(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (tx) => {
    // Triggers that refuse it sleep meanwhile.
    await tx.query(`set local session_replication_role = 'replica'`);
    await tx.query(
      `truncate rollout_programme, move, move_fact, wave, slot, slot_closure, booking, move_delegate, calendar_feed, device,
         person, device_custody, command_receipt restart identity cascade`,
    );
  });
}

/** A slot of an hour at "Civic Centre", so many days after `NOW` and after the slots there are; its number. */
export async function insertSlot(
  dataSource: DataSource,
  programmeId: number,
  { days = 7, capacity = 3, engineer = 9, site = 'Civic Centre' } = {},
): Promise<number> {
  const rows = await dataSource.query<{ id: number }[]>(
    `insert into slot (programme_id, site, engineer_entra_id, starts_at, ends_at, cut_off_at, capacity, created_by)
     select $1, $2, $3, starts_at, starts_at + interval '1 hour', starts_at - interval '16 hours', $4, 'system:schedule'
     from (select $5::timestamptz + $6 * interval '1 day' + (select count(*) from slot) * interval '1 hour' as starts_at) as time
     returning id`,
    [programmeId, site, personId(engineer), capacity, NOW, days],
  );
  return rows[0]?.id ?? 0;
}

/** What must never be, counted by SQL that shares nothing with the services; all zero. */
export async function broken(dataSource: DataSource): Promise<Record<string, number>> {
  const [row] = await dataSource.query<Record<string, number>[]>(`
    with taken as (
      select slot.id, slot.capacity, count(booking.id) filter (where booking.state in ('booked', 'attended')) as places,
             count(booking.place) as numbered
      from slot left join booking on booking.slot_id = slot.id group by slot.id)
    select
      (select count(*) from taken where places > capacity)::integer as "overbooked",
      (select count(*) from taken where places <> numbered)::integer as "placesWithoutBooking",
      (select count(*) from (select from booking where state in ('booked', 'waiting') group by move_id having count(*) > 1) as twice)::integer
        as "twoLiveBookings",
      (select count(*) from booking join slot on slot.id = booking.slot_id
       where booking.state in ('booked', 'waiting') and slot.state <> 'open')::integer as "liveInClosedSlot",
      (select count(*) from device_custody custody where custody.state = 'allocated' and custody.set_aside_at is null
         and not exists (select from booking join move on move.id = booking.move_id
                         where booking.laptop_id = custody.device_id and booking.state in ('booked', 'attended', 'delivered')
                           and move.person_entra_id = custody.holder_entra_id))::integer as "laptopHeldForNobody",
      (select count(*) from booking join move on move.id = booking.move_id
       where booking.state = 'booked' and booking.laptop_id is not null
         and not exists (select from device_custody custody where custody.device_id = booking.laptop_id
                         and custody.state = 'allocated' and custody.holder_entra_id = move.person_entra_id))::integer
        as "bookingWithoutItsLaptop",
      (select count(*) from (select from booking where state = 'booked' and laptop_id is not null
         group by laptop_id having count(*) > 1) as twice)::integer as "laptopPromisedTwice",
      (select count(*) from slot join slot as other on other.engineer_entra_id = slot.engineer_entra_id and other.id > slot.id
         and other.starts_at < slot.ends_at and other.ends_at > slot.starts_at
       where slot.state = 'open' and other.state = 'open')::integer as "engineerInTwoPlaces"`);
  return row ?? {};
}

/** The answer of `broken` when all is well. */
export const WHOLE = {
  overbooked: 0,
  placesWithoutBooking: 0,
  twoLiveBookings: 0,
  liveInClosedSlot: 0,
  laptopHeldForNobody: 0,
  bookingWithoutItsLaptop: 0,
  laptopPromisedTwice: 0,
  engineerInTwoPlaces: 0,
};
