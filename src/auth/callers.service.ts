import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.types.js';
import { UnauthenticatedError } from './access.errors.js';
import { ApiTokens, TOKEN_MARK } from './api-tokens.service.js';
import { BearerTokens } from './bearer-tokens.service.js';
import type { CurrentAccess, Surface } from './current-access.js';
import { permissionsOfRights, permissionsOfToken, type Rights, type Standing } from './rights.js';
import { sessionCookie, sessionCookieOf, type SessionCookie } from './session-cookie.js';
import { sessionSecretOf, SessionsService } from './sessions.service.js';

/** Who sent a request, and how the directory stands to them. */
export interface Caller {
  readonly access: CurrentAccess;
  readonly standing: Standing;
}

/** Finds out who sends a request, by the one thing that it brings: a cookie, or on the API a token. */
@Injectable()
export class Callers {
  private readonly cookie: SessionCookie;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly sessions: SessionsService,
    private readonly apiTokens: ApiTokens,
    private readonly bearerTokens: BearerTokens,
  ) {
    this.cookie = sessionCookie(config.publicUrl);
  }

  /**
   * The caller of this request. A token that is not good is refused even beside a good cookie, since it says who its
   * sender means to be.
   * @throws UnauthenticatedError when it brings nothing, or nothing that counts.
   */
  async of(request: Pick<FastifyRequest, 'headers'>, surface: Surface): Promise<Caller> {
    const { authorization } = request.headers;
    if (surface === 'api' && authorization !== undefined) return this.ofToken(authorization);
    const cookie = sessionCookieOf(request, this.cookie);
    const session = cookie === null ? null : await this.sessions.find(cookie);
    if (cookie === null || session === null) {
      throw new UnauthenticatedError(
        surface === 'api'
          ? 'Send an access token as "Authorization: Bearer …".'
          : 'You are not signed in, or your sign-in has run out.',
      );
    }
    const actor = `person:${session.personEntraId ?? ''}` as const;
    const permissions = permissionsOfRights(session);
    const sessionId = sessionSecretOf(cookie);
    return callerOf(session, { actor, permissions, surface, sessionId });
  }

  private async ofToken(authorization: string): Promise<Caller> {
    const [, token] = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new UnauthenticatedError('Send the token as "Authorization: Bearer …".');
    const rest = { surface: 'api', sessionId: null } as const;
    if (token.startsWith(TOKEN_MARK)) {
      const found = await this.apiTokens.find(token);
      if (found === null) throw new UnauthenticatedError('The token is not known, has run out or was revoked.');
      const permissions = permissionsOfToken(found, found.scopes);
      return callerOf(found, { actor: `token:${found.id}`, permissions, ...rest });
    }
    const rights = await this.bearerTokens.find(token);
    const permissions = permissionsOfRights(rights);
    return callerOf(rights, { actor: `person:${rights.personEntraId ?? ''}`, permissions, ...rest });
  }
}

function callerOf(rights: Rights, how: Pick<CurrentAccess, 'actor' | 'permissions' | 'surface' | 'sessionId'>): Caller {
  const { personEntraId, displayName, roles, isManager, standing } = rights;
  return { access: { ...how, personEntraId, displayName, roles, isManager }, standing };
}
