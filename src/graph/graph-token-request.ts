import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  ConfidentialClientApplication,
  ManagedIdentityApplication,
  type AuthenticationResult,
  type Configuration,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from '@azure/msal-node';
import type { Clock } from '../common/clock.js';
import type { GraphSettings } from '../config/config.types.js';
import { brokenContract, GraphFailure } from './graph-errors.js';
import type { GraphTransport } from './graph-http.js';
import { classifyTokenAnswer } from './graph-token-errors.js';

/** Fetches a new token from the service, never from a cache; the lifetime counts from now. */
export type TokenRequest = (signal: AbortSignal) => Promise<{ value: string; lifetimeMilliseconds: number }>;

/** learn.microsoft.com/graph/deployments: each cloud issues tokens for its own Graph only. */
const CLOUDS = new Set([
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://microsoftgraph.chinacloudapi.cn',
]);
const GLOBAL_CLOUD = 'https://graph.microsoft.com';

/**
 * The resource that tokens are asked for. Any address that is not a Microsoft cloud stands in for the global one (an
 * emulator, a recording proxy): Entra ID knows no resource by such an address, and a stand-in checks the real audience.
 */
export function graphResource(baseUrl: string): string {
  return CLOUDS.has(baseUrl) ? baseUrl : GLOBAL_CLOUD;
}

/** Builds the way to a token that the credential allows. MSAL speaks the protocol; connections and errors are ours. */
export function createTokenRequest(settings: GraphSettings, transport: GraphTransport, clock: Clock): TokenRequest {
  const { credential } = settings;
  const resource = graphResource(settings.baseUrl);
  const network = new TokenNetwork(transport, clock, credential.kind === 'managed-identity');
  let acquire: () => Promise<AuthenticationResult | null>;
  if (credential.kind === 'managed-identity') {
    const application = new ManagedIdentityApplication({
      managedIdentityIdParams: credential.clientId === null ? undefined : { userAssignedClientId: credential.clientId },
      system: { networkClient: network, disableInternalRetries: true },
    });
    acquire = () => application.acquireToken({ resource, forceRefresh: true });
  } else {
    acquire = async () => {
      // A new application each time: MSAL keeps every token it ever got, and one token an hour does not need a cache.
      const application = new ConfidentialClientApplication({
        auth: { ...staticAuthority(settings), ...describeCredential(settings) },
        system: { networkClient: network, disableInternalRetries: true },
      });
      return application.acquireTokenByClientCredential({ scopes: [`${resource}/.default`], skipCache: true });
    };
  }
  return (signal) => network.during(signal, acquire);
}

/** Everything MSAL would otherwise look up over the network before its first token. */
function staticAuthority(settings: GraphSettings): Configuration['auth'] {
  const authority = `${settings.authority}/${settings.tenantId}`;
  return {
    clientId: settings.clientId,
    authority,
    knownAuthorities: [new URL(settings.authority).host],
    authorityMetadata: JSON.stringify({
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    }),
  };
}

function describeCredential(settings: GraphSettings): Partial<Configuration['auth']> {
  const { credential } = settings;
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'federated-token':
      // Platforms replace the file every hour or so: read it for every request.
      return { clientAssertion: async () => (await readFile(credential.tokenFile, 'utf8')).trim() };
    case 'certificate':
      return { clientCertificate: readCertificate(credential.pem) };
    case 'managed-identity':
      return {};
  }
}

function readCertificate(pem: string): NonNullable<Configuration['auth']['clientCertificate']> {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  const [privateKey] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(pem) ?? [];
  const [first] = certificates;
  try {
    if (first === undefined || privateKey === undefined) throw new TypeError('incomplete');
    return {
      thumbprintSha256: new X509Certificate(first).fingerprint256.replaceAll(':', ''),
      privateKey,
      x5c: certificates.join('\n'),
    };
  } catch {
    throw unusableCredential();
  }
}

function unusableCredential(): GraphFailure {
  return new GraphFailure('unauthorised', 'The credential in the Graph settings cannot be used to sign in.', {
    fix: 'A certificate must be a PEM with an RSA private key without a passphrase and its certificate; a federated token must be a file that this process may read.',
  });
}

/** MSAL's network, kept to one request at a time, so that its outcome survives MSAL's own wrapping of errors. */
class TokenNetwork implements INetworkModule {
  private signal: AbortSignal | null = null;
  private failure: unknown = null;
  private answered = false;

  constructor(
    private readonly transport: GraphTransport,
    private readonly clock: Clock,
    private readonly local: boolean,
  ) {}

  async during(
    signal: AbortSignal,
    acquire: () => Promise<AuthenticationResult | null>,
  ): Promise<{ value: string; lifetimeMilliseconds: number }> {
    this.signal = signal;
    this.failure = null;
    this.answered = false;
    try {
      const result = await acquire();
      if (result?.accessToken === undefined || result.expiresOn === null) throw new TypeError('no token');
      // MSAL counts from the machine's clock; only the distance is of use, whatever clock this process was given.
      return {
        value: result.accessToken,
        lifetimeMilliseconds: Math.max(0, result.expiresOn.getTime() - Date.now()),
      };
    } catch (error) {
      if (this.failure instanceof Error) throw this.failure;
      if (error instanceof GraphFailure) throw error;
      if (this.answered) throw brokenContract('The sign-in service sent a token in a form that is not documented');
      // Only preparing the request is left: a key that cannot sign, a token file that is gone.
      throw unusableCredential();
    }
  }

  async sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.exchange<T>('GET', url, options);
  }

  async sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.exchange<T>('POST', url, options);
  }

  private async exchange<T>(
    method: 'GET' | 'POST',
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    try {
      const answer = await this.transport.send({
        url,
        method,
        headers: options.headers ?? {},
        body: options.body,
        signal: this.signal ?? AbortSignal.timeout(30_000),
        direct: this.local,
      });
      // Azure Arc answers 401 with a challenge first, and MSAL knows how to meet it.
      const challenged = this.local && answer.status === 401 && answer.headers.has('www-authenticate');
      const failure = challenged ? null : classifyTokenAnswer(answer, this.clock.now());
      if (failure !== null) throw failure;
      this.answered = true;
      return {
        headers: Object.fromEntries(answer.headers),
        body: (challenged ? {} : JSON.parse(answer.text)) as T,
        status: answer.status,
      };
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
