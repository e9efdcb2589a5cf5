import { permissionsOf, type Permission, type Role } from './permissions.js';

/** How the directory stands to whoever asks; a `service` is no person and is not looked for there. */
export type Standing = 'enabled' | 'disabled' | 'unknown' | 'service';

/** Somebody's rights as they are at this moment. */
export interface Rights {
  readonly accountId: number;
  readonly personEntraId: string | null;
  readonly displayName: string;
  readonly standing: Standing;
  readonly roles: readonly Role[];
  readonly isManager: boolean;
}

/** What a person of this standing may do: nothing at all unless the directory has them with an enabled account. */
export function permissionsOfRights(rights: Rights): ReadonlySet<Permission> {
  return rights.standing === 'enabled' ? permissionsOf(rights.roles) : new Set();
}

/**
 * What a token may do: its scopes, and of a person's token only those that the person has now. A service has no rights
 * but its token's.
 */
export function permissionsOfToken(rights: Rights, scopes: readonly Permission[]): ReadonlySet<Permission> {
  if (rights.standing === 'service') return new Set(scopes);
  const own = permissionsOfRights(rights);
  return new Set(scopes.filter((scope) => own.has(scope)));
}
