import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import type { Permission } from './permissions.js';
import { permissionsOfRights } from './rights.js';
import { RightsQueries } from './rights.queries.js';
import { hashOf } from './secret.js';
import { sessionCookie, sessionCookieOf, type SessionCookie } from './session-cookie.js';

/** Looks after answers that stay open: whoever loses a right loses them too. */
@Injectable()
export class OpenConnections {
  private readonly cookie: SessionCookie;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly rights: RightsQueries,
  ) {
    this.cookie = sessionCookie(config.publicUrl);
  }

  /**
   * Whether the session that opened a connection still gives a permission. Looking is no use of the session, so that a
   * page left open does not keep it alive. Questions that are asked together cost one query.
   */
  async mayStill(request: Pick<FastifyRequest, 'headers'>, permission: Permission): Promise<boolean> {
    const cookie = sessionCookieOf(request, this.cookie);
    const session = cookie === null ? null : await this.rights.ofSession(hashOf(cookie));
    return session !== null && permissionsOfRights(session).has(permission);
  }
}
