import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { MessageFacts } from '../domain/messages/message-facts.js';
import { TEMPLATE_DESCRIPTIONS, type RolloutTemplate } from '../domain/messages/templates.js';
import type { MoveState } from '../domain/move-words.js';
import { STARTS_AT } from './due-messages.queries.js';
import { MessageSettingsQueries } from './message-settings.queries.js';

interface FactsRow {
  readonly programmeState: string;
  readonly moveState: MoveState;
  readonly person: string;
  readonly manager: string | null;
  readonly desktopsToReturn: number;
  readonly missedThreeTimes: boolean;
  readonly bookedAgain: boolean;
  readonly bookingState: string | null;
  readonly startsAt: Date | null;
  readonly site: string | null;
}

/** Reads what a message of the rollout is made of, as it is at this moment. */
@Injectable()
export class MessageFactsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: MessageSettingsQueries,
  ) {}

  /**
   * @param bookingId the booking that it is about; null takes the last one of the move
   * @param recipient object id of whoever gets it; null takes the one who would get it now
   * @returns null when there is no such move
   */
  async of(
    template: RolloutTemplate,
    { moveId, bookingId }: { readonly moveId: number; readonly bookingId: number | null },
    recipient: string | null,
  ): Promise<MessageFacts | null> {
    const [row] = await this.dataSource.query<FactsRow[]>(
      `select programme.state as "programmeState", move.state as "moveState", move.person_entra_id as person,
              move.manager_entra_id as manager, move.desktop_count - move.recovered_count as "desktopsToReturn",
              move.doubts @> '[{"kind": "missed-three-times"}]' as "missedThreeTimes",
              exists (select from booking as live where live.move_id = move.id and live.state in ('booked', 'waiting')
                      and live.id is distinct from booking.id) as "bookedAgain",
              booking.state as "bookingState", case when booking.id is not null then ${STARTS_AT} end as "startsAt",
              slot.site
       from move join rollout_programme as programme on programme.id = move.programme_id
       left join lateral (select * from booking where booking.move_id = move.id and booking.id = coalesce($2, booking.id)
                          order by id desc limit 1) as booking on true
       left join slot on slot.id = booking.slot_id
       where move.id = $1`,
      [moveId, bookingId],
    );
    if (row === undefined) return null;
    const wanted = TEMPLATE_DESCRIPTIONS[template].to === 'manager' ? row.manager : row.person;
    const [settings, firstName] = await Promise.all([this.settings.all(), this.#firstName(recipient ?? wanted)]);
    return {
      firstName,
      programmeRuns: row.programmeState === 'running',
      enabled: settings[template].enabled,
      moveState: row.moveState,
      recipientFits: wanted !== null && (recipient ?? wanted) === wanted,
      appointment:
        row.bookingState === null || row.startsAt === null
          ? null
          : { state: row.bookingState, startsAt: row.startsAt, site: row.site },
      bookedAgain: row.bookedAgain,
      missedThreeTimes: row.missedThreeTimes,
      desktopsToReturn: row.desktopsToReturn,
    };
  }

  async #firstName(entraId: string | null): Promise<string | null> {
    const [person] = await this.dataSource.query<{ name: string | null }[]>(
      'select coalesce(given_name, display_name) as name from person where entra_id = $1',
      [entraId],
    );
    return person?.name ?? null;
  }
}
