import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { UpstreamError } from '../common/errors.js';
import type { SignInSettings } from '../config/config.types.js';
import { ProviderConnection } from './sign-in/provider-connection.js';

/** At the most one look for new keys in this time, however many tokens name a key that is not known. */
const COOL_DOWN_MILLISECONDS = 30_000;
/** How long keys count without being read again; Entra ID asks for a look once a day at the least. */
const MAXIMUM_AGE_MILLISECONDS = 60 * 60 * 1_000;
const PATIENCE_MILLISECONDS = 5_000;
/** After a failure the service is left alone for a moment, so that a flood of tokens does not become one of requests. */
const PAUSE_AFTER_FAILURE_MILLISECONDS = 5_000;

/** The public keys of the one sign-in service, read when they are needed. */
export class AuthorityKeys {
  private readonly connection: ProviderConnection;
  private keys: Promise<JWTVerifyGetKey> | null = null;
  private failedAt = -Infinity;

  constructor(private readonly settings: SignInSettings) {
    this.connection = new ProviderConnection(settings);
  }

  /**
   * The key for a token, as `jwtVerify` asks for it. What a token's header says of where keys are is not looked at.
   * @throws UpstreamError while the sign-in service does not answer.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (performance.now() < this.failedAt + PAUSE_AFTER_FAILURE_MILLISECONDS) throw unreachable();
    this.keys ??= this.discover();
    try {
      return await (
        await this.keys
      )(header, token);
    } catch (error) {
      if (isAboutTheToken(error)) throw error;
      this.keys = null;
      this.failedAt = performance.now();
      throw unreachable(error);
    }
  };

  /** Reads where the keys are (OpenID Connect Discovery 1.0, section 4). */
  private async discover(): Promise<JWTVerifyGetKey> {
    const address = `${this.settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const answer = await this.read(address, signal);
    if (!answer.ok) throw new Error(`The sign-in service answered ${answer.status}.`);
    const { issuer, jwks_uri: keys } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.settings.issuer || typeof keys !== 'string' || !URL.canParse(keys)) {
      throw new Error('The sign-in service describes another issuer, or no keys.');
    }
    return createRemoteJWKSet(new URL(keys), {
      cooldownDuration: COOL_DOWN_MILLISECONDS,
      cacheMaxAge: MAXIMUM_AGE_MILLISECONDS,
      timeoutDuration: PATIENCE_MILLISECONDS,
      [customFetch]: (url, { signal: patience }) => this.read(url, patience),
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private read(url: string, signal: AbortSignal): Promise<Response> {
    const headers = { accept: 'application/json' };
    return this.connection.fetch(url, { method: 'GET', headers, body: null, redirect: 'manual', signal });
  }
}

/** Whether the keys were there and the token names none of them. */
function isAboutTheToken(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS';
}

function unreachable(cause?: unknown): UpstreamError {
  return new UpstreamError(
    'The sign-in service does not answer, so tokens cannot be checked. Try again in a minute.',
    503,
    {
      cause,
    },
  );
}
