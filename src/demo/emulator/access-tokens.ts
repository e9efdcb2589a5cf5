import { randomUUID } from 'node:crypto';

import { errors, jwtVerify, SignJWT } from 'jose';

/** What Microsoft Graph is called in access tokens and scopes. */
export const GRAPH_AUDIENCE = 'https://graph.microsoft.com';

const MAXIMUM_REMEMBERED = 1000;

/** An accepted token: whose it is and what it may do. */
export interface AccessGrant {
  readonly clientId: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
  /** Unix time in seconds. */
  readonly expiresAt: number;
}

/** Why a token is refused; each has its own wording at Graph. */
export type TokenRefusal = 'missing' | 'malformed' | 'expired' | 'wrong-tenant';

/** Issues and checks application access tokens: real JSON Web Tokens, signed with a key of this process. */
export class AccessTokens {
  private readonly accepted = new Map<string, AccessGrant>();

  /** @param clock milliseconds since 1970 */
  constructor(
    private readonly key: Uint8Array,
    private readonly tenantId: string,
    private readonly clock: () => number,
  ) {}

  /** A token for the client with the given roles that lasts the given number of seconds. */
  async issue(clientId: string, roles: readonly string[], lifetimeSeconds: number): Promise<string> {
    const now = Math.floor(this.clock() / 1000);
    return new SignJWT({
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      oid: clientId,
      roles: [...roles],
      sub: clientId,
      tid: this.tenantId,
      ver: '1.0',
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(`https://sts.windows.net/${this.tenantId}/`)
      .setAudience(GRAPH_AUDIENCE)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.key);
  }

  /** Checks the value of an `Authorization` header. */
  async check(authorization: string | undefined): Promise<AccessGrant | TokenRefusal> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'missing';
    const known = this.accepted.get(token);
    if (known) return known.expiresAt * 1000 > this.clock() ? known : 'expired';
    const grant = await this.verify(token);
    if (typeof grant === 'string') return grant;
    if (this.accepted.size >= MAXIMUM_REMEMBERED) this.accepted.clear();
    this.accepted.set(token, grant);
    return grant;
  }

  private async verify(token: string): Promise<AccessGrant | TokenRefusal> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        audience: GRAPH_AUDIENCE,
        algorithms: ['HS256'],
        currentDate: new Date(this.clock()),
        requiredClaims: ['exp', 'tid', 'appid', 'roles'],
      });
      if (payload['tid'] !== this.tenantId) return 'wrong-tenant';
      return {
        clientId: String(payload['appid']),
        tenantId: this.tenantId,
        roles: Array.isArray(payload['roles']) ? payload['roles'].map(String) : [],
        expiresAt: payload.exp ?? 0,
      };
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'malformed';
    }
  }
}
