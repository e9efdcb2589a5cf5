import { Injectable } from '@nestjs/common';
import { appendToAudit } from '../../audit/audit-trail.js';
import { hashOf, newSecret } from '../../auth/secret.js';
import { ForbiddenError, NotFoundError } from '../../common/errors.js';
import { Transactor } from '../../database/transactor.js';
import type { BookingActor } from './booking-actor.js';

/** What a feed shows: an engineer's days with the people who come, or one's own appointment. */
export type FeedPurpose = 'engineer' | 'own';

/** Days after which an address stops working and a new one is to be issued; the longest that a programme usually lasts. */
const FEED_DAYS = 366;

/** Issues and revokes the secret addresses of calendars. */
@Injectable()
export class CalendarFeedsService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Issues an address for the caller's own calendar; the one before stops working.
   * @returns the secret, which is shown this once and not stored
   */
  issue(
    purpose: FeedPurpose,
    by: BookingActor,
    now = new Date(),
  ): Promise<{ readonly feedId: number; readonly secret: string }> {
    const person = personOfCaller(by);
    if (purpose === 'engineer' && !by.permissions.has('rollout:work')) {
      return Promise.reject(new ForbiddenError('The calendar of an engineer is for engineers.'));
    }
    const secret = newSecret();
    return this.transactor.run(async (tx) => {
      await tx.query(
        'update calendar_feed set revoked_at = $3 where person_entra_id = $1 and purpose = $2 and revoked_at is null',
        [person, purpose, now],
      );
      const [row] = await tx.query<{ id: number }[]>(
        `insert into calendar_feed (person_entra_id, purpose, secret_hash, issued_at, expires_at)
         values ($1, $2, $3, $4::timestamptz, $4::timestamptz + make_interval(days => $5)) returning id`,
        [person, purpose, hashOf(secret), now, FEED_DAYS],
      );
      const feedId = row?.id ?? 0;
      await appendToAudit(tx, {
        event: 'calendar-feed.issued',
        actor: by.actor,
        subject: { kind: 'calendar-feed', id: feedId },
        details: { purpose },
      });
      return { feedId, secret };
    });
  }

  /** Revokes the caller's own address. */
  revoke(feedId: number, by: BookingActor, now = new Date()): Promise<void> {
    const person = personOfCaller(by);
    return this.transactor.run(async (tx) => {
      const [rows] = await tx.query<[unknown[], number]>(
        `update calendar_feed set revoked_at = $3 where id = $1 and person_entra_id = $2 and revoked_at is null returning id`,
        [feedId, person, now],
      );
      if (rows.length === 0) throw new NotFoundError('There is no such calendar address of yours.');
      await appendToAudit(tx, {
        event: 'calendar-feed.revoked',
        actor: by.actor,
        subject: { kind: 'calendar-feed', id: feedId },
        details: {},
      });
    });
  }
}

function personOfCaller({ personEntraId }: BookingActor): string {
  if (personEntraId === null) throw new ForbiddenError('A calendar belongs to a person, not to a service.');
  return personEntraId;
}
