import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError } from '../../common/errors.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflict } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import { noteNetworkChange } from '../network-changes.service.js';
import { lockVersion } from './record-version.service.js';

/** What a gateway for remote access (VPN) carries. */
export interface RemoteAccessInput {
  readonly name: string;
  /** Sessions at the same time. */
  readonly sessions: number;
  /** kbit/s towards people. */
  readonly downloadKbps: number;
  /** kbit/s from people. */
  readonly uploadKbps: number;
  /** Whether calls go through it too, rather than straight to the internet (no split tunnel). */
  readonly allTraffic: boolean;
}

const NAME_TAKEN = 'There is a gateway of this name already. Change that one, or choose another name.';

/** Enters gateways for remote access. Everybody who works from home may use any of them. */
@Injectable()
export class RemoteAccessService {
  constructor(private readonly transactor: Transactor) {}

  /** Enters a gateway. @param key the same key is done once. @throws ConflictError for a name that is taken */
  add(input: RemoteAccessInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'remote-access', ...input } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into remote_access (name, sessions, download_kbps, upload_kbps, all_traffic, changed_by)
             values ($1, $2, $3, $4, $5, $6) returning id`,
            [input.name, input.sessions, input.downloadKbps, input.uploadKbps, input.allTraffic, actor],
          )
          .catch(orConflict(NAME_TAKEN));
        const id = row?.id ?? 0;
        await noteNetworkChange(tx, { kind: 'everything' });
        await appendToAudit(tx, { event: 'remote-access.added', actor, subject: { kind: 'remote-access', id } });
        return { id };
      }),
    );
  }

  /**
   * Says anew what a gateway carries.
   * @param version of the gateway that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError for a name that is taken
   */
  change(id: number, input: RemoteAccessInput, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockVersion(tx, 'remote_access', id, version);
      await tx
        .query(
          `update remote_access set name = $2, sessions = $3, download_kbps = $4, upload_kbps = $5, all_traffic = $6,
             changed_by = $7, changed_at = now(), version = nextval('network_version_sequence')
           where id = $1`,
          [id, input.name, input.sessions, input.downloadKbps, input.uploadKbps, input.allTraffic, actor],
        )
        .catch(orConflict(NAME_TAKEN));
      await noteNetworkChange(tx, { kind: 'everything' });
      await appendToAudit(tx, { event: 'remote-access.changed', actor, subject: { kind: 'remote-access', id } });
    });
  }

  /**
   * Removes a gateway; what it was stays with the reason.
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError while ranges of addresses belong to it
   */
  remove(id: number, reason: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockVersion(tx, 'remote_access', id, version);
      await tx
        .query(
          `with removed as (delete from remote_access where id = $1 returning *)
           insert into network_removal (kind, record, reason, actor)
           select 'remote_access', to_jsonb(removed), $2, $3 from removed`,
          [id, reason, actor],
        )
        .catch((error: unknown) => {
          if (sqlstateOf(error) !== SQLSTATE.foreignKeyViolation) throw error;
          throw new ConflictError(
            'Ranges of addresses belong to this gateway. Remove them, or give them to another first.',
          );
        });
      await noteNetworkChange(tx, { kind: 'everything' });
      await appendToAudit(tx, { event: 'remote-access.removed', actor, subject: { kind: 'remote-access', id } });
    });
  }
}
