import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { onDay, utc } from '../../database/sql-conditions.js';
import type { DesktopState } from '../domain/move-words.js';
import type { BookingState } from '../domain/waves/booking-words.js';
import type { MachineOfMove, PersonOfMove } from '../moves.queries.js';

/** A desktop that is to come back at an appointment. */
export interface DesktopToRecover extends MachineOfMove {
  readonly state: DesktopState;
  /** People who still use it; it stays where it is while there are others. */
  readonly userCount: number;
}

/** Somebody's appointment, or a delivery to their home, with what changes hands. */
export interface Appointment {
  readonly bookingId: number;
  readonly moveId: number;
  readonly state: BookingState;
  readonly version: string;
  /** When it ended or was said to (ISO 8601), and why it was cancelled or corrected. */
  readonly endedAt: string | null;
  readonly reason: string | null;
  readonly person: PersonOfMove;
  readonly team: string | null;
  /** Null for a delivery, like the two that follow. */
  readonly site: string | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly engineer: PersonOfMove | null;
  /** Day of a delivery (ISO 8601); null for a slot. */
  readonly deliverOn: string | null;
  readonly tracking: string | null;
  /** The laptop that they are to get, or have. */
  readonly laptop: MachineOfMove | null;
  /** Whether custody says that they have it. */
  readonly handedOver: boolean;
  readonly desktops: readonly DesktopToRecover[];
}

const MACHINE = (machine: string): string => `'id', ${machine}.id, 'name', ${machine}.name,
  'serialNumber', ${machine}.serial_number, 'model', ${machine}.model`;

const DESKTOPS = `(
  select coalesce(json_agg(json_build_object(${MACHINE('device')}, 'state', desktop.state, 'userCount', desktop.user_count)
                           order by device.id), '[]')
  from rollout_desktop as desktop join device on device.id = desktop.device_id
  where desktop.programme_id = move.programme_id and desktop.state not in ('left_estate', 'out_of_scope')
    and desktop.device_id in (select fact.device_id from move_fact as fact
                              where fact.move_id = move.id and fact.kind = 'desktop-assigned'))`;

const APPOINTMENT = `json_build_object(
  'bookingId', booking.id, 'moveId', move.id, 'state', booking.state, 'version', booking.version::text,
  'endedAt', ${utc('booking.ended_at')}, 'reason', booking.end_reason,
  'person', json_build_object('id', coalesce(person.id, 0), 'displayName', person.display_name),
  'team', move.team, 'site', slot.site, 'startsAt', ${utc('slot.starts_at')}, 'endsAt', ${utc('slot.ends_at')},
  'engineer', case when slot.id is not null
                   then json_build_object('id', coalesce(engineer.id, 0), 'displayName', engineer.display_name) end,
  'deliverOn', booking.deliver_on, 'tracking', booking.tracking,
  'laptop', case when laptop.id is not null then json_build_object(${MACHINE('laptop')}) end,
  'handedOver', coalesce(custody.state in ('in_use', 'return_due') and custody.holder_entra_id = move.person_entra_id, false),
  'desktops', ${DESKTOPS})`;

const FROM = `
  from booking
  join move on move.id = booking.move_id
  left join slot on slot.id = booking.slot_id
  left join person on person.entra_id = move.person_entra_id
  left join person as engineer on engineer.entra_id = slot.engineer_entra_id
  left join device as laptop on laptop.id = coalesce(booking.laptop_id, move.laptop_id)
  left join device_custody as custody on custody.device_id = laptop.id and custody.set_aside_at is null`;

/** Reads who comes when, and what changes hands. */
@Injectable()
export class AppointmentsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The appointments of a day in the order of their times, those that were cancelled left out.
   * @param day in the UK (ISO 8601)
   * @param engineerEntraId only this engineer's; null for everybody's, with the deliveries of the day
   */
  async ofDay(day: string, engineerEntraId: string | null): Promise<readonly Appointment[]> {
    const rows = await this.dataSource.query<{ item: Appointment }[]>(
      `select ${APPOINTMENT} as item ${FROM}
       where booking.state not in ('cancelled', 'waiting')
         and ((${onDay.orLater('slot.starts_at', '$1')} and ${onDay.orEarlier('slot.starts_at', '$1')}
               and ($2::text is null or slot.engineer_entra_id = $2))
              or ($2::text is null and booking.deliver_on = $1::date))
       order by slot.starts_at nulls last, slot.site, lower(person.display_name), booking.id`,
      [day, engineerEntraId],
    );
    return rows.map(({ item }) => item);
  }

  /** One appointment; null when there is none. */
  async one(bookingId: number): Promise<Appointment | null> {
    const rows = await this.dataSource.query<{ item: Appointment }[]>(
      `select ${APPOINTMENT} as item ${FROM} where booking.id = $1`,
      [bookingId],
    );
    return rows[0]?.item ?? null;
  }
}
