import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { AuditEventName } from '../../audit/audit-events.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { InputError } from '../../common/errors.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflict } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import { noteSitesChange } from '../network-changes.service.js';
import { lockSite, lockVersion } from './record-version.service.js';

/** What is known of a line; days such as `2026-11-23`, null for not known or without end. */
export interface LinkInput {
  readonly name: string;
  readonly provider: string | null;
  /** kbit/s towards the site. */
  readonly downloadKbps: number;
  /** kbit/s from the site. */
  readonly uploadKbps: number;
  readonly contract: string | null;
  readonly contractEndsOn: string | null;
  /** First day on which it carries traffic; null has always carried it. */
  readonly liveFrom: string | null;
}

/** The last day on which a line carries traffic, and why it ends. */
export interface LinkEnd {
  readonly lastDay: string;
  readonly reason: string;
}

const NAME_TAKEN = 'The site has a link of this name already. Change that one, or choose another name.';

/** Enters the lines that connect sites. */
@Injectable()
export class LinksService {
  constructor(private readonly transactor: Transactor) {}

  /** Enters a line. @param key the same key is done once. @throws NotFoundError; ConflictError for a name that is taken */
  add(siteId: number, input: LinkInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'link', siteId, ...input } }, async () => {
        await lockSite(tx, siteId);
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into network_link (site_id, name, provider, download_kbps, upload_kbps, contract, contract_ends_on,
               live_from, changed_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
            [siteId, ...valuesOf(input), actor],
          )
          .catch(orConflict(NAME_TAKEN));
        const id = row?.id ?? 0;
        await noted(tx, 'network-link.added', id, siteId, actor);
        return { id };
      }),
    );
  }

  /**
   * Says anew what is known of a line.
   * @param version of the line that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for a name that is taken; InputError for impossible days
   */
  change(id: number, input: LinkInput, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const { siteId, liveUntil } = await this.#locked(tx, id, version);
      if (liveUntil !== null && input.liveFrom !== null && input.liveFrom > liveUntil) {
        throw onField('liveFrom', 'Enter a first day that is not after the last');
      }
      await tx
        .query(
          `update network_link set name = $2, provider = $3, download_kbps = $4, upload_kbps = $5, contract = $6,
             contract_ends_on = $7, live_from = $8, changed_by = $9, changed_at = now(),
             version = nextval('network_version_sequence')
           where id = $1`,
          [id, ...valuesOf(input), actor],
        )
        .catch(orConflict(NAME_TAKEN));
      await noted(tx, 'network-link.changed', id, siteId, actor);
    });
  }

  /**
   * Ends a line, or says another last day of one that ends.
   * @param version of the line that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; InputError when it ends before it begins
   */
  end(id: number, { lastDay, reason }: LinkEnd, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      const { siteId, liveFrom } = await this.#locked(tx, id, version);
      if (liveFrom !== null && lastDay < liveFrom) {
        throw onField('lastDay', 'Enter a last day that is not before the first');
      }
      await tx.query(
        `update network_link set live_until = $2, end_reason = $3, changed_by = $4, changed_at = now(),
           version = nextval('network_version_sequence')
         where id = $1`,
        [id, lastDay, reason, actor],
      );
      await noted(tx, 'network-link.ended', id, siteId, actor, { until: lastDay });
    });
  }

  async #locked(
    tx: EntityManager,
    id: number,
    version: string,
  ): Promise<{ readonly siteId: number; readonly liveFrom: string | null; readonly liveUntil: string | null }> {
    await lockVersion(tx, 'network_link', id, version);
    const [link] = await tx.query<{ siteId: number; liveFrom: string | null; liveUntil: string | null }[]>(
      `select site_id as "siteId", live_from::text as "liveFrom", live_until::text as "liveUntil"
       from network_link where id = $1`,
      [id],
    );
    return link ?? { siteId: 0, liveFrom: null, liveUntil: null };
  }
}

function valuesOf(input: LinkInput): readonly (string | number | null)[] {
  const { name, provider, downloadKbps, uploadKbps, contract, contractEndsOn, liveFrom } = input;
  return [name, provider, downloadKbps, uploadKbps, contract, contractEndsOn, liveFrom];
}

async function noted(
  tx: EntityManager,
  event: AuditEventName,
  id: number,
  siteId: number,
  actor: Actor,
  details: Readonly<Record<string, string>> = {},
): Promise<void> {
  await noteSitesChange(tx, [siteId]);
  await appendToAudit(tx, {
    event,
    actor,
    subject: { kind: 'network-link', id },
    details: { site: siteId, ...details },
  });
}

function onField(field: string, message: string): InputError {
  return new InputError(`${message}.`, [{ field, message }]);
}
