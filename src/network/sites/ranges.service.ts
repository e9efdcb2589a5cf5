import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { appendToAudit } from '../../audit/audit-trail.js';
import { ConflictError, InputError } from '../../common/errors.js';
import { SQLSTATE, sqlstateOf } from '../../database/sqlstate.js';
import { onceForKey } from '../../database/command-receipts.js';
import { Transactor } from '../../database/transactor.js';
import { readAddressRange } from '../address-range.js';
import type { RangeKind } from '../domain/network-words.js';
import { lockVersion } from './record-version.service.js';

/** Addresses and what they stand for. */
export interface RangeInput {
  readonly kind: RangeKind;
  /** As typed: an address, or one with the length of its prefix. */
  readonly network: string;
  /** Needed for a subnet of a site, possible for an address on the internet, else null. */
  readonly siteId: number | null;
  /** Needed for the addresses of a gateway for remote access, else null. */
  readonly remoteAccessId: number | null;
  readonly note: string | null;
}

/**
 * Enters ranges of addresses. They tell where what is measured from now on was measured; the places of what was measured
 * before stay, as its addresses are not kept.
 */
@Injectable()
export class RangesService {
  constructor(private readonly transactor: Transactor) {}

  /**
   * Enters a range.
   * @param key the same key is done once
   * @throws InputError for what is no range or has no owner; ConflictError when the range is entered, naming whose it is
   */
  add(input: RangeInput, key: string | null, actor: Actor): Promise<{ readonly id: number }> {
    return this.#unlessEntered(input, () =>
      this.transactor.run((tx) =>
        onceForKey(tx, { actor, key, request: { add: 'range', ...input } }, async () => {
          const network = await checked(tx, input);
          const [row] = await tx.query<{ id: number }[]>(
            `insert into network_range (kind, network, site_id, remote_access_id, note, changed_by)
             values ($1, $2::cidr, $3, $4, $5, $6) returning id`,
            [input.kind, network, input.siteId, input.remoteAccessId, input.note, actor],
          );
          const id = row?.id ?? 0;
          await appendToAudit(tx, {
            event: 'network-range.added',
            actor,
            subject: { kind: 'network-range', id },
            details: ownerOf(input),
          });
          return { id };
        }),
      ),
    );
  }

  /** Says anew what a range is. @param version of the range that was looked at. @throws as `add`; ChangedMeanwhileError */
  change(id: number, input: RangeInput, version: string, actor: Actor): Promise<void> {
    return this.#unlessEntered(input, () =>
      this.transactor.run(async (tx) => {
        await lockVersion(tx, 'network_range', id, version);
        const network = await checked(tx, input);
        await tx.query(
          `update network_range set kind = $2, network = $3::cidr, site_id = $4, remote_access_id = $5, note = $6,
             changed_by = $7, changed_at = now(), version = nextval('network_version_sequence')
           where id = $1`,
          [id, input.kind, network, input.siteId, input.remoteAccessId, input.note, actor],
        );
        await appendToAudit(tx, {
          event: 'network-range.changed',
          actor,
          subject: { kind: 'network-range', id },
          details: ownerOf(input),
        });
      }),
    );
  }

  /** Removes a range; what it was stays with the reason. @throws NotFoundError; ChangedMeanwhileError */
  remove(id: number, reason: string, version: string, actor: Actor): Promise<void> {
    return this.transactor.run(async (tx) => {
      await lockVersion(tx, 'network_range', id, version);
      await tx.query(
        `with removed as (delete from network_range where id = $1 returning *)
         insert into network_removal (kind, record, reason, actor) select 'range', to_jsonb(removed), $2, $3 from removed`,
        [id, reason, actor],
      );
      await appendToAudit(tx, { event: 'network-range.removed', actor, subject: { kind: 'network-range', id } });
    });
  }

  /** After the transaction, which the refused statement has ended, looks up whose the range is. */
  async #unlessEntered<T>({ kind, network }: RangeInput, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (sqlstateOf(error) !== SQLSTATE.uniqueViolation) throw error;
      const [owner] = await this.transactor.run((tx) =>
        tx.query<{ name: string | null }[]>(
          `select coalesce(site.name, gateway.name) as name from network_range as range
           left join network_site as site on site.id = range.site_id
           left join remote_access as gateway on gateway.id = range.remote_access_id
           where range.network = $1::cidr and range.kind = $2`,
          [rangeText(network), kind],
        ),
      );
      const whose = owner?.name ? `: it belongs to ${owner.name}` : '';
      throw new ConflictError(`This range is entered already${whose}. Change or remove that one.`);
    }
  }
}

/** The network in the form that is stored. @throws InputError for what is no network, or has not the owner that it needs */
async function checked(tx: EntityManager, input: RangeInput): Promise<string> {
  const problem = ownerProblem(input);
  if (problem !== null) throw new InputError(`${problem.message}.`, [problem]);
  const [network] = await tx.query<{ text: string; plain: boolean }[]>(
    'select network($1::inet)::text as text, network($1::inet) = $1::inet as plain',
    [rangeText(input.network)],
  );
  if (!network?.plain)
    throw onField('network', `This address lies within the network ${network?.text}. Enter that, if you mean it`);
  const [owners] = await tx.query<{ site: boolean; gateway: boolean }[]>(
    `select $1::integer is null or exists (select from network_site where id = $1) as site,
            $2::integer is null or exists (select from remote_access where id = $2 for key share) as gateway`,
    [input.siteId, input.remoteAccessId],
  );
  if (!owners?.site) throw onField('siteId', 'Choose a site that is entered');
  if (!owners.gateway) throw onField('remoteAccessId', 'Choose a gateway that is entered');
  return network.text;
}

/** A range as somebody typed it, in the form that Postgres reads. @throws InputError on the field `network` */
function rangeText(typed: string): string {
  const range = readAddressRange(typed.trim());
  if (!range.ok) throw onField('network', `${range.message} ${range.fix}`.replace(/\.$/, ''));
  return range.network;
}

function ownerProblem({ kind, siteId, remoteAccessId }: RangeInput): { field: string; message: string } | null {
  switch (kind) {
    case 'site_subnet':
      if (siteId === null) return { field: 'siteId', message: 'Choose the site of this subnet' };
      break;
    case 'egress':
      break;
    case 'remote_access':
      if (remoteAccessId === null) return { field: 'remoteAccessId', message: 'Choose the gateway of these addresses' };
      if (siteId !== null) return { field: 'siteId', message: 'Leave the site open for a gateway' };
      return null;
  }
  return remoteAccessId === null
    ? null
    : { field: 'remoteAccessId', message: 'Leave the gateway open for what is not remote access' };
}

function ownerOf({ kind, siteId, remoteAccessId }: RangeInput): Readonly<Record<string, string | number | null>> {
  return { kind, site: siteId, gateway: remoteAccessId };
}

function onField(field: string, message: string): InputError {
  return new InputError(`${message}.`, [{ field, message }]);
}
