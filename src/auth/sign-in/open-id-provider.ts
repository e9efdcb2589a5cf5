import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
  type Configuration,
} from 'openid-client';
import { CONFIG } from '../../config/config.module.js';
import type { Config, SignInSettings } from '../../config/config.types.js';
import { signInSettings } from '../../config/sign-in-settings.js';
import { clientProof } from './client-proof.js';
import { ProviderConnection } from './provider-connection.js';
import { refusalFromProvider } from './provider-errors.js';
import type { SignInAttempt } from './sign-in-attempts.service.js';
import { SignInRefusal } from './sign-in-refusal.js';
import { CLOCK_TOLERANCE_SECONDS, readPerson, type ProvenPerson } from './stated-person.js';

/** After a day the service's description is read anew. */
const DESCRIPTION_MILLISECONDS = 86_400_000;
const TIMEOUT_SECONDS = 20;

interface Prepared {
  readonly settings: SignInSettings;
  readonly connection: ProviderConnection;
  readonly configuration: Promise<Configuration>;
  readonly at: number;
}

/** The organisation's sign-in service, spoken to in OpenID Connect: code flow with PKCE, RS256, one pinned issuer. */
@Injectable()
export class OpenIdProvider implements OnApplicationShutdown {
  private prepared: Prepared | null = null;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * Where the browser is sent to sign in.
   * @param chooseAccount asks the person who they are even when the browser is still signed in there.
   */
  async authorizationUrl(attempt: SignInAttempt, redirectUri: string, chooseAccount: boolean): Promise<string> {
    const { configuration } = await this.provider();
    return buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid profile',
      response_mode: 'query',
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
      ...(chooseAccount ? { prompt: 'select_account' } : {}),
    }).href;
  }

  /**
   * Redeems the code in the answer and reads who signed in.
   * @param answer our own callback address with the answer's parameters
   * @throws SignInRefusal whatever is wrong with the answer, the token or the service
   */
  async redeem(answer: URL, attempt: SignInAttempt): Promise<ProvenPerson> {
    const { configuration, settings } = await this.provider();
    const issuers = answer.searchParams.getAll('iss');
    if (issuers.length > 1 || issuers.some((issuer) => issuer !== settings.issuer)) {
      throw new SignInRefusal('wrong-issuer');
    }
    try {
      const tokens = await authorizationCodeGrant(configuration, answer, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new SignInRefusal('unproven');
      return readPerson(claims, settings, new Date());
    } catch (error) {
      throw refusalFrom(error);
    }
  }

  /** Where the browser can be signed out of the service as well; null when it has no such address. */
  async endSessionUrl(returnUrl: string): Promise<string | null> {
    const { configuration } = await this.provider();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnUrl }).href;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prepared?.connection.close();
  }

  /** The demonstration, which has its own, may have ended. */
  private settings(): SignInSettings {
    try {
      return signInSettings(this.config);
    } catch (error) {
      throw new SignInRefusal('provider-unavailable', null, { cause: error });
    }
  }

  private async provider(): Promise<{ configuration: Configuration; settings: SignInSettings }> {
    const settings = this.settings();
    let prepared = this.prepared;
    if (
      prepared === null ||
      !isSame(prepared.settings, settings) ||
      Date.now() - prepared.at > DESCRIPTION_MILLISECONDS
    ) {
      const connection = new ProviderConnection(settings);
      prepared = { settings, connection, configuration: describe(settings, connection), at: Date.now() };
      const { connection: outdated } = this.prepared ?? {};
      this.prepared = prepared;
      void outdated?.close();
    }
    const mine = prepared;
    try {
      return { configuration: await mine.configuration, settings };
    } catch (error) {
      // The next sign-in asks again.
      if (this.prepared === mine) this.prepared = null;
      void mine.connection.close();
      throw refusalFrom(error);
    }
  }
}

async function describe(settings: SignInSettings, connection: ProviderConnection): Promise<Configuration> {
  const configuration = await discovery(
    new URL(settings.issuer),
    settings.clientId,
    { id_token_signed_response_alg: 'RS256', [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    await clientProof(settings.credential),
    {
      [customFetch]: connection.fetch,
      timeout: TIMEOUT_SECONDS,
      execute: [
        enableNonRepudiationChecks,
        // The demonstration's provider is on this machine's own address and nowhere else.
        ...(settings.kind === 'demonstration' ? [allowInsecureRequests] : []),
      ],
    },
  );
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, end_session_endpoint } =
    configuration.serverMetadata();
  // For Entra ID the library would take a template (`…/{tenantid}/v2.0`) and fill it in from the token.
  if (issuer !== settings.issuer) throw new TypeError('The sign-in service states another issuer.');
  const { origin } = new URL(settings.issuer);
  for (const address of [authorization_endpoint, token_endpoint, jwks_uri, end_session_endpoint ?? origin]) {
    if (address === undefined || !URL.canParse(address) || new URL(address).origin !== origin) {
      throw new TypeError('The sign-in service points to another address.');
    }
  }
  return configuration;
}

function refusalFrom(error: unknown): SignInRefusal {
  if (error instanceof SignInRefusal) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return refusalFromProvider(error.error, error.error_description);
  }
  const { code } = error as { readonly code?: unknown };
  const silent = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];
  const reason = isNetworkError(error) || silent.includes(String(code)) ? 'provider-unavailable' : 'unproven';
  return new SignInRefusal(reason, null, { cause: error });
}

/** Codes of Node and undici for connections that failed; those of certificates are among them. */
const NETWORK_CODE =
  /^(E[A-Z]+|UND_ERR_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO\w+)$/;

/** The library wraps what the connection throws. */
function isNetworkError(error: unknown): boolean {
  let layer = error;
  for (let depth = 0; depth < 5 && typeof layer === 'object' && layer !== null; depth++) {
    const { code, cause }: { code?: unknown; cause?: unknown } = layer;
    if (typeof code === 'string' && NETWORK_CODE.test(code)) return true;
    layer = cause;
  }
  return false;
}

function isSame(one: SignInSettings, other: SignInSettings): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
