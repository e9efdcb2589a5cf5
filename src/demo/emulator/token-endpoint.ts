import { createHash, createPublicKey, randomInt, randomUUID, timingSafeEqual, X509Certificate } from 'node:crypto';

import { decodeProtectedHeader, jwtVerify } from 'jose';

import { type AccessTokens, GRAPH_AUDIENCE } from './access-tokens.js';
import { type EmulatedRequest, jsonReply, type Reply } from './exchange.js';

/** The one application that is registered in the demonstration tenant. */
export interface EmulatorCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of a certificate or public key with which the application may sign assertions instead of sending its secret. */
  readonly certificate?: string;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GRAPH_APPLICATION_ID = '00000003-0000-0000-c000-000000000000';
// Access tokens of the Microsoft identity platform live for a random 60 to 90 minutes.
const SHORTEST_LIFETIME_SECONDS = 3600;
const LONGEST_LIFETIME_SECONDS = 5400;
const CLOCK_TOLERANCE_SECONDS = 300;

class TokenFailure extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The sign-in service of the demonstration tenant: discovery documents and the client-credentials grant. */
export class TokenEndpoint {
  constructor(
    private readonly credentials: EmulatorCredentials,
    private readonly roles: readonly string[],
    private readonly tokens: AccessTokens,
    private readonly clock: () => number,
  ) {}

  /** Answers a path of the sign-in service, or undefined for a path that is not one. */
  async answer(request: EmulatedRequest, lifetimeSeconds?: number): Promise<Reply | undefined> {
    if (request.path === '/common/discovery/instance') return jsonReply(200, instanceDocument(request));
    const [, tenant, rest] = /^\/([^/]+)\/(.*)$/.exec(request.path) ?? [];
    if (tenant === undefined) return undefined;
    if (rest === 'v2.0/.well-known/openid-configuration') {
      return this.guard(() => {
        this.requireTenant(tenant);
        return jsonReply(200, configurationDocument(request.origin, tenant));
      });
    }
    if (rest !== 'oauth2/v2.0/token') return undefined;
    return this.guard(async () => {
      if (request.method !== 'POST')
        throw new TokenFailure(405, 'invalid_request', 900561, 'The endpoint only accepts POST requests.');
      this.requireTenant(tenant);
      await this.requireClient(new URLSearchParams(request.body), request.origin, tenant);
      const lifetime = lifetimeSeconds ?? randomInt(SHORTEST_LIFETIME_SECONDS, LONGEST_LIFETIME_SECONDS + 1);
      return jsonReply(200, {
        token_type: 'Bearer',
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: await this.tokens.issue(this.credentials.clientId, this.roles, lifetime),
      });
    });
  }

  private requireTenant(tenant: string): void {
    if (tenant.toLowerCase() === this.credentials.tenantId.toLowerCase()) return;
    const hint = 'Check to make sure you have the correct tenant ID and are signing into the correct cloud.';
    throw new TokenFailure(400, 'invalid_request', 90002, `Tenant '${tenant}' not found. ${hint}`);
  }

  private async requireClient(form: URLSearchParams, origin: string, tenant: string): Promise<void> {
    for (const name of ['grant_type', 'client_id', 'scope']) {
      if (form.get(name)) continue;
      const code = name === 'client_id' || name === 'grant_type' ? 900144 : 90014;
      throw new TokenFailure(
        400,
        'invalid_request',
        code,
        `The request body must contain the following parameter: '${name}'.`,
      );
    }
    if (form.get('grant_type') !== 'client_credentials') {
      throw new TokenFailure(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
    }
    const clientId = form.get('client_id') ?? '';
    if (clientId.toLowerCase() !== this.credentials.clientId.toLowerCase()) {
      const message = `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`;
      throw new TokenFailure(400, 'unauthorized_client', 700016, message);
    }
    const scopes = [GRAPH_AUDIENCE, origin, GRAPH_APPLICATION_ID].map((resource) => `${resource}/.default`);
    const asked = (form.get('scope') ?? '')
      .split(' ')
      .filter((scope) => !['openid', 'profile', 'offline_access'].includes(scope));
    if (asked.length !== 1 || !scopes.includes(asked[0] ?? '')) {
      throw new TokenFailure(
        400,
        'invalid_scope',
        1002012,
        `The provided value for scope ${asked.join(' ')} is not valid.`,
      );
    }
    if (form.has('client_assertion')) return this.requireAssertion(form, origin, tenant);
    this.requireSecret(form.get('client_secret'));
  }

  private requireSecret(secret: string | null): void {
    if (secret === null) {
      const message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
      throw new TokenFailure(401, 'invalid_client', 7000218, message);
    }
    const digests = [secret, this.credentials.clientSecret].map((text) => createHash('sha256').update(text).digest());
    if (digests[0] && digests[1] && timingSafeEqual(digests[0], digests[1])) return;
    const message =
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value.';
    throw new TokenFailure(401, 'invalid_client', 7000215, message);
  }

  private async requireAssertion(form: URLSearchParams, origin: string, tenant: string): Promise<void> {
    const assertion = form.get('client_assertion') ?? '';
    const registered = this.credentials.certificate;
    const refusal = new TokenFailure(401, 'invalid_client', 700027, 'Client assertion failed signature validation.');
    if (form.get('client_assertion_type') !== ASSERTION_TYPE || registered === undefined) throw refusal;
    try {
      const header = decodeProtectedHeader(assertion) as Readonly<Record<string, unknown>>;
      if (registered.includes('BEGIN CERTIFICATE') && !namesCertificate(header, registered)) throw refusal;
      await jwtVerify(assertion, createPublicKey(registered), {
        algorithms: ['RS256', 'PS256', 'ES256'],
        audience: [`${origin}/${tenant}/oauth2/v2.0/token`, `${origin}/${tenant}/v2.0`],
        issuer: this.credentials.clientId,
        subject: this.credentials.clientId,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.clock()),
      });
    } catch {
      throw refusal;
    }
  }

  private async guard(answer: () => Reply | Promise<Reply>): Promise<Reply> {
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof TokenFailure)) throw error;
      return tokenErrorReply(error.status, error.error, error.code, error.message, this.clock());
    }
  }
}

/** An error answer in the shape of the Microsoft identity platform; its message starts with `AADSTS` and the code. */
export function tokenErrorReply(status: number, error: string, code: number, message: string, now: number): Reply {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  return jsonReply(status, {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

// An assertion names its certificate by thumbprint: SHA-1 as `x5t`, or SHA-256 as `x5t#S256` (RFC 7515 section 4.1.7, 4.1.8).
function namesCertificate(header: Readonly<Record<string, unknown>>, pem: string): boolean {
  const certificate = new X509Certificate(pem);
  const thumbprint = (hexadecimal: string): string =>
    Buffer.from(hexadecimal.replaceAll(':', ''), 'hex').toString('base64url');
  return (
    header['x5t#S256'] === thumbprint(certificate.fingerprint256) ||
    header['x5t'] === thumbprint(certificate.fingerprint)
  );
}

function configurationDocument(origin: string, tenant: string): object {
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    issuer: `${origin}/${tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(origin).host,
    msgraph_host: new URL(origin).host,
  };
}

function instanceDocument(request: EmulatedRequest): object {
  const { host } = new URL(request.origin);
  const endpoint = new URLSearchParams(request.query).get('authorization_endpoint') ?? '';
  const tenant = /^https:\/\/[^/]+\/([^/]+)\//.exec(endpoint)?.[1] ?? 'common';
  return {
    tenant_discovery_endpoint: `${request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
