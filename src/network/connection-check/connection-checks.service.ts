import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SCHEDULE } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import type { CurrentAccess } from '../../auth/current-access.js';
import { ConflictError, ForbiddenError, InputError, NotFoundError } from '../../common/errors.js';
import { once } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { placeOf } from '../address-places.queries.js';
import type { CheckFigures } from '../domain/check-assessment.js';
import type { StatedConnection } from '../domain/network-words.js';
import { noteNetworkChange } from '../network-changes.service.js';
import type { CheckTicket } from './check-ticket.js';

/** Days for which a result is kept at the longest. */
export const KEPT_DAYS = 180;
/** Results that one person may keep at a time. */
export const MOST_KEPT = 200;
/** Minutes after the beginning of a check in which its result can be kept: time enough to read it. */
export const KEEP_WITHIN_MINUTES = 60;
/** Results that one statement of the job deletes. */
const DELETED_AT_ONCE = 1_000;

/** A check whose person wants to keep its result. */
export interface CheckToKeep {
  readonly ticket: CheckTicket;
  readonly connection: StatedConnection;
  readonly figures: CheckFigures;
  /** Address of the request, which tells the place and is then forgotten. */
  readonly address: string;
}

type Person = Pick<CurrentAccess, 'actor' | 'personEntraId'>;

/** Commands about results of connection checks. A result belongs to its person, and nobody else ever changes one. */
@Injectable()
export class ConnectionChecks {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Keeps a result that its person agreed to. The same check is kept once, however often it is sent.
   * @param key the form's submission
   * @throws InputError when the check is too long ago, ConflictError when the person keeps too many.
   */
  async keep(person: Person, check: CheckToKeep, key: string, now = new Date()): Promise<void> {
    const { ticket, connection, figures, address } = check;
    const entraId = idOf(person);
    if (now.getTime() - ticket.begunAt.getTime() > KEEP_WITHIN_MINUTES * 60_000) {
      throw new InputError(`This result is more than ${KEEP_WITHIN_MINUTES} minutes old. Check your connection again.`);
    }
    const request = { keepConnectionCheck: { id: ticket.id, connection, figures } };
    await this.transactor.run((tx) =>
      once(tx, { actor: person.actor, key, request }, async () => {
        await refuseTooMany(tx, entraId);
        const { place, siteId } = await placeOf(tx, address);
        const [kept] = await tx.query<{ id: number }[]>(
          `insert into connection_check (person_entra_id, checked_at, place, site_id, connection, method, samples,
             round_trip_ms, jitter_ms, late_ratio, download_kbps, upload_kbps, loaded_round_trip_ms, submission)
           values ($1, $2, $3, $4, $5, 'browser', $6, $7, $8, $9, $10, $11, $12, $13)
           on conflict on constraint connection_check_submission_key do nothing returning id`,
          [
            ...[entraId, ticket.begunAt, place, siteId, connection, figures.samples, figures.roundTripMs],
            ...[figures.jitterMs, figures.lateRatio, figures.downloadKbps, figures.uploadKbps],
            ...[figures.loadedRoundTripMs, ticket.id],
          ],
        );
        if (kept === undefined) return;
        await noteNetworkChange(tx, { kind: 'home', subjects: [entraId] });
        await appendToAudit(tx, {
          event: 'connection-check.kept',
          actor: person.actor,
          subject: { kind: 'connection-check', id: kept.id },
        });
      }),
    );
  }

  /** Deletes a result of one's own. @throws NotFoundError for one that is not there, and just so for somebody else's. */
  async remove(person: Person, id: number): Promise<void> {
    const entraId = idOf(person);
    await this.transactor.run(async (tx) => {
      const removed = await removedBy(tx, 'id = $1 and person_entra_id = $2', [id, entraId]);
      if (removed.length === 0) throw new NotFoundError('There is no such result among yours. It may be deleted.');
      await noteNetworkChange(tx, { kind: 'home', subjects: [entraId] });
      await appendToAudit(tx, {
        event: 'connection-check.deleted',
        actor: person.actor,
        subject: { kind: 'connection-check', id },
      });
    });
  }

  /** Deletes all results of one's own. @returns how many there were */
  async removeAll(person: Person): Promise<number> {
    const entraId = idOf(person);
    return this.transactor.run(async (tx) => {
      const { length: count } = await removedBy(tx, 'person_entra_id = $1', [entraId]);
      if (count === 0) return 0;
      await noteNetworkChange(tx, { kind: 'home', subjects: [entraId] });
      await appendToAudit(tx, {
        event: 'connection-check.deleted',
        actor: person.actor,
        subject: null,
        details: { count },
      });
      return count;
    });
  }

  /** Deletes results that have been kept for as long as was promised. @returns how many */
  async removeOld(now = new Date()): Promise<number> {
    const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
    for (let total = 0; ;) {
      const count = await this.transactor.run(async (tx) => {
        const removed = await removedBy(
          tx,
          `id in (select id from connection_check where checked_at < $1 order by checked_at limit $2)`,
          [before, DELETED_AT_ONCE],
        );
        if (removed.length === 0) return 0;
        await noteNetworkChange(tx, { kind: 'home', subjects: removed });
        await appendToAudit(tx, {
          event: 'connection-check.expired',
          actor: SCHEDULE,
          subject: null,
          details: { count: removed.length },
        });
        return removed.length;
      });
      total += count;
      if (count < DELETED_AT_ONCE) return total;
    }
  }
}

function idOf({ personEntraId }: Person): string {
  if (personEntraId === null) throw new ForbiddenError('Only a person has a connection to check.');
  return personEntraId;
}

/** The persons of the results that were deleted, one for each result. */
async function removedBy(tx: EntityManager, condition: string, parameters: unknown[]): Promise<string[]> {
  const rows = await tx.query<{ person: string }[]>(
    `with removed as (delete from connection_check where ${condition} returning person_entra_id)
     select person_entra_id as person from removed`,
    parameters,
  );
  return rows.map(({ person }) => person);
}

async function refuseTooMany(tx: EntityManager, entraId: string): Promise<void> {
  const [{ kept } = { kept: 0 }] = await tx.query<{ kept: number }[]>(
    'select count(*)::integer as kept from connection_check where person_entra_id = $1',
    [entraId],
  );
  if (kept >= MOST_KEPT) throw new ConflictError(`You keep ${kept} results already. Delete some of them first.`);
}
