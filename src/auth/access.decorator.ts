import { SetMetadata } from '@nestjs/common';
import type { AuditEventName } from '../audit/audit-events.js';
import type { Permission } from './permissions.js';

/** What the `:id` of a path is, where a route opens it to the person whom it concerns, and to those above them. */
export type OwnObject = 'device' | 'person' | 'move';

/** What a route that changes something writes into the audit trail. */
interface WriteDeclaration {
  /** The event, or the events, that its command appends. A route that takes anything but GET must name one. */
  readonly audit?: AuditEventName | readonly AuditEventName[];
  /** For a POST that only computes an answer: nothing is stored, so there is nothing to append. */
  readonly storesNothing?: true;
}

/** Who may call a route; every route declares exactly one. */
export type AccessPolicy = WriteDeclaration &
  (
    | { readonly kind: 'permission'; readonly permission: Permission; readonly own: OwnObject | null }
    | { readonly kind: 'signed-in' }
    | { readonly kind: 'open' }
  );

/** Where Nest keeps the policy of a route. */
export const ACCESS_POLICY = 'untether:access-policy';

type RouteDecorator = ClassDecorator & MethodDecorator;

/**
 * Only for whoever has the permission. With `own` also for the person whom the object at the path's `:id` concerns, and
 * for their line manager.
 */
export function Access(
  permission: Permission,
  options: WriteDeclaration & { readonly own?: OwnObject } = {},
): RouteDecorator {
  const { own = null, ...write } = options;
  return declare({ kind: 'permission', permission, own, ...write });
}

/** For every person of the directory who has signed in, whatever their roles. */
export function SignedIn(write: WriteDeclaration = {}): RouteDecorator {
  return declare({ kind: 'signed-in', ...write });
}

/** For everybody, signed in or not: files of the pages, health checks, the sign-in itself. */
export function OpenToAll(write: WriteDeclaration = {}): RouteDecorator {
  return declare({ kind: 'open', ...write });
}

function declare(policy: AccessPolicy): RouteDecorator {
  return SetMetadata<string, AccessPolicy>(ACCESS_POLICY, policy);
}
