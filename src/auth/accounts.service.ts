import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { displayNameOf } from './display-name.js';
import type { Role } from './permissions.js';

/** A person as a token of Entra ID states them. */
export interface StatedPerson {
  /** Ids of the tenant and of the person there, as GUIDs. */
  readonly tenantId: string;
  readonly objectId: string;
  /** As stated; it is cleaned here. */
  readonly displayName: unknown;
  readonly roles: readonly Role[];
  /** When Entra ID stated it: the token's `iat`. */
  readonly statedAt: Date;
}

/** Keeps accounts in step with what Entra ID states. */
@Injectable()
export class AccountsService {
  /**
   * The account of a person, made when there is none. The latest statement of roles holds: a token that is older than
   * what is known changes nothing.
   */
  async keep(tx: EntityManager, person: StatedPerson): Promise<number> {
    const rows = await tx.query<{ id: number }[]>(
      `insert into account as known (tenant_id, object_id, display_name, roles, roles_stated_at)
       values ($1, $2, $3, $4, $5)
       on conflict on constraint account_object_key do update set
         display_name = excluded.display_name,
         roles = case when known.roles_stated_at > excluded.roles_stated_at then known.roles else excluded.roles end,
         roles_stated_at = greatest(known.roles_stated_at, excluded.roles_stated_at)
       returning id`,
      [
        person.tenantId,
        person.objectId,
        displayNameOf(person.displayName),
        [...new Set(person.roles)],
        person.statedAt,
      ],
    );
    return (rows[0] as { id: number }).id;
  }
}
