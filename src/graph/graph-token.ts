import { X509Certificate } from 'node:crypto';
import type { Clock } from '../common/clock.js';
import { GraphFailure } from './graph-errors.js';
import type { GraphTransport } from './graph-http.js';
import { createTokenRequest, type TokenRequest } from './graph-token-request.js';
import type { GraphSettings } from '../config/config.types.js';

/** What the access token says of this application. Decoded, not verified: only Graph can and does check it. */
export interface TokenFacts {
  /** Application permissions that were granted, such as `User.Read.All`. */
  readonly roles: readonly string[];
  readonly expiresAt: Date;
}

interface HeldToken {
  readonly value: string;
  /** Epoch milliseconds by our clock. */
  readonly expiresAt: number;
  readonly renewAt: number;
}

/** A token is renewed this long before it ends, so that no request sets out with one that ends on the way. */
const RENEW_BEFORE_MILLISECONDS = 300_000;

/** Holds this application's access token for Microsoft Graph. Callers at the same time share one request for it. */
export class GraphToken {
  private held: HeldToken | null = null;
  private underWay: Promise<HeldToken> | null = null;
  private request: TokenRequest | null = null;

  constructor(
    private readonly settings: GraphSettings,
    private readonly transport: GraphTransport,
    private readonly clock: Clock,
    /** How long the sign-in service may take, in milliseconds. */
    private readonly timeoutMilliseconds = 30_000,
  ) {}

  /**
   * The access token. `refused` is the one that Graph has just answered with 401: a new one is fetched unless another
   * caller has already done so.
   * @throws GraphFailure `unauthorised` with the fix in words, `temporary` or `throttled`.
   */
  async value(refused: string | null = null): Promise<string> {
    return (await this.current(refused)).value;
  }

  /** The permissions in the token and when it ends; none for a token that cannot be read. */
  async facts(): Promise<TokenFacts> {
    const { value, expiresAt } = await this.current(null);
    return { roles: decodeRoles(value), expiresAt: new Date(expiresAt) };
  }

  /**
   * When the certificate that this application signs in with ends; null for other credentials, whose end is known to
   * Entra ID alone.
   */
  credentialExpiresAt(): Date | null {
    const { credential } = this.settings;
    if (credential.kind !== 'certificate') return null;
    try {
      return new Date(new X509Certificate(credential.pem).validTo);
    } catch {
      return null;
    }
  }

  private async current(refused: string | null): Promise<HeldToken> {
    const { held } = this;
    if (held !== null && held.value !== refused && this.clock.now().getTime() < held.renewAt) return held;
    this.underWay ??= this.renew().finally(() => (this.underWay = null));
    return this.underWay;
  }

  private async renew(): Promise<HeldToken> {
    this.request ??= createTokenRequest(this.settings, this.transport, this.clock);
    const startedAt = this.clock.now().getTime();
    const tooSlow = new GraphFailure('temporary', 'The sign-in service did not answer in time.', {
      fix: 'Check that this machine reaches the sign-in service, directly or through the configured proxy. The next run tries again.',
    });
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(tooSlow), this.timeoutMilliseconds);
    try {
      const { value, lifetimeMilliseconds } = await this.request(controller.signal);
      const renewBefore = Math.min(RENEW_BEFORE_MILLISECONDS, lifetimeMilliseconds / 2);
      const expiresAt = startedAt + lifetimeMilliseconds;
      this.held = { value, expiresAt, renewAt: expiresAt - renewBefore };
      return this.held;
    } finally {
      clearTimeout(timer);
    }
  }
}

function decodeRoles(token: string): readonly string[] {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const roles = (payload as { roles?: unknown } | null)?.roles;
    return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [];
  } catch {
    return [];
  }
}
