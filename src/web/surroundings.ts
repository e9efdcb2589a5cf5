import type { FastifyRequest } from 'fastify';
import { accessOf } from '../auth/current-access.js';
import type { Permission } from '../auth/permissions.js';
import { type ShownTime, shownTime } from '../common/uk-time.js';
import type { DataAge } from './data-age.js';
import { navigationFor, type NavigationItem } from './navigation.js';

/** What the frame of a page shows besides the page itself. */
export interface Surroundings {
  /** Who is signed in; null on pages for everybody. */
  readonly signedIn: { readonly name: string; readonly hasSession: boolean } | null;
  readonly navigation: readonly NavigationItem[];
  /** When the stalest source was last read; null where nobody may know or nothing has been read. */
  readonly dataAge: ShownTime | null;
  /** Whether the person has a permission, for links and buttons; the routes check again. */
  may(permission: Permission): boolean;
}

/** The frame as the caller of this request sees it. */
export function surroundingsOf(request: FastifyRequest, dataAge: DataAge): Surroundings {
  const access = accessOf(request);
  const permissions: ReadonlySet<Permission> = access?.permissions ?? new Set();
  return {
    signedIn: access && { name: access.displayName, hasSession: access.sessionId !== null },
    navigation: access === null ? [] : navigationFor(access, request.url),
    dataAge: access && shownTime(dataAge.current(), new Date()),
    may: (permission) => permissions.has(permission),
  };
}
