import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { onceForKey } from '../../database/command-receipts.js';
import { orConflict } from '../../database/constraint-conflicts.js';
import { Transactor } from '../../database/transactor.js';
import { noteNetworkChange } from '../network-changes.service.js';
import { lockSite, lockVersion } from './record-version.service.js';

/** What is known of a site itself; null is not known. */
export interface SiteInput {
  /** As the directory spells the office, so that its people belong to it. */
  readonly name: string;
  readonly desks: number | null;
  readonly docks: number | null;
  readonly wiredPorts: number | null;
}

const NAME_TAKEN = 'There is a site of this name already. Change that one, or choose another name.';

/** Enters sites of which the network is known. */
@Injectable()
export class SitesService {
  constructor(private readonly transactor: Transactor) {}

  /** Enters a site. @param key the same key is done once. @throws ConflictError when there is one of this name */
  add(input: SiteInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.transactor.run((tx) =>
      onceForKey(tx, { actor, key, request: { add: 'site', ...input } }, async () => {
        const [row] = await tx
          .query<{ id: number }[]>(
            `insert into network_site (name, desks, docks, wired_ports, changed_by) values ($1, $2, $3, $4, $5) returning id`,
            [input.name, input.desks, input.docks, input.wiredPorts, actor],
          )
          .catch(orConflict(NAME_TAKEN));
        const id = row?.id ?? 0;
        await noteNetworkChange(tx, { kind: 'site', subjects: [input.name] });
        await appendToAudit(tx, { event: 'network-site.added', actor, subject: { kind: 'network-site', id } });
        return { id };
      }),
    );
  }

  /**
   * Says anew what is known of a site.
   * @param version of the site that was looked at
   * @throws NotFoundError; ChangedMeanwhileError; ConflictError when another site has the name
   */
  change(id: number, input: SiteInput, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockVersion(tx, 'network_site', id, version);
      const before = await lockSite(tx, id);
      await tx
        .query(
          `update network_site set name = $2, desks = $3, docks = $4, wired_ports = $5, changed_by = $6, changed_at = now(),
             version = nextval('network_version_sequence')
           where id = $1`,
          [id, input.name, input.desks, input.docks, input.wiredPorts, actor],
        )
        .catch(orConflict(NAME_TAKEN));
      await noteNetworkChange(tx, { kind: 'site', subjects: [before, input.name] });
      await appendToAudit(tx, { event: 'network-site.changed', actor, subject: { kind: 'network-site', id } });
    });
  }
}
