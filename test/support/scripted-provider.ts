import { createHash, createHmac, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { makeSelfSigned } from './self-signed.js';

export const TENANT_ID = 'aaaaaaaa-1111-4222-8333-444444444444';
export const CLIENT_ID = 'bbbbbbbb-1111-4222-8333-444444444444';
export const CLIENT_SECRET = 'the secret of the application';

/** What is wrong with the next answers; nothing unless it is said. */
export interface Script {
  /** Claims that replace the right ones; null leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Parts of the token's header besides `alg` and `kid`, or instead of them. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** `none` and `HS256` (with the public key as the secret) are what broken libraries take. */
  readonly signature?: 'ours' | 'stranger' | 'none' | 'HS256';
  /** The `iss` parameter of the callback; null leaves it out. */
  readonly callbackIssuer?: string | null;
  /** The answer to the browser instead of a code. */
  readonly error?: { readonly error: string; readonly error_description?: string };
  /** The answer of the token endpoint instead of tokens. */
  readonly tokenError?: { readonly status: number; readonly body: unknown };
  /** The issuer and other addresses in the service's description. */
  readonly description?: Readonly<Record<string, string>>;
}

interface Code {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

/** A sign-in service on https that speaks as Entra ID does and can get everything wrong. */
export class ScriptedProvider {
  script: Script = {};
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** What the token endpoint was sent. */
  readonly redemptions: URLSearchParams[] = [];
  /** What the browser was sent with. */
  readonly authorizations: URLSearchParams[] = [];
  private readonly codes = new Map<string, Code>();
  private privateKey!: CryptoKey;
  private publicKey!: JWK;
  private publicPem!: string;
  private strangerKey!: CryptoKey;
  private server!: Server;
  private folder!: string;
  origin!: string;
  caFile!: string;

  async start(): Promise<this> {
    const ours = await generateKeyPair('RS256', { extractable: true });
    this.privateKey = ours.privateKey;
    this.publicKey = { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig', alg: 'RS256' };
    this.publicPem = await exportSPKI(ours.publicKey);
    this.strangerKey = (await generateKeyPair('RS256')).privateKey;
    const pair = await makeSelfSigned('ec');
    this.folder = await mkdtemp(path.join(tmpdir(), 'untether-provider-'));
    this.caFile = path.join(this.folder, 'authority.pem');
    await writeFile(this.caFile, pair.certificate);
    this.server = createServer({ cert: pair.certificate, key: pair.privateKey });
    this.server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void this.answer(request, response),
    );
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    await rm(this.folder, { recursive: true });
  }

  get issuer(): string {
    return `${this.origin}/${TENANT_ID}/v2.0`;
  }

  /** Settings of a web process whose people sign in here. */
  settings(): Record<string, string> {
    return {
      GRAPH_TENANT_ID: TENANT_ID,
      GRAPH_CLIENT_ID: CLIENT_ID,
      GRAPH_CLIENT_SECRET: CLIENT_SECRET,
      GRAPH_AUTHORITY: this.origin,
      GRAPH_CA_FILE: this.caFile,
    };
  }

  /** How often the keys were fetched. */
  get keysFetched(): number {
    return this.asked.filter((address) => address.endsWith('/keys')).length;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    this.asked.push(url.pathname);
    const at = `/${TENANT_ID}`;
    if (url.pathname === `${at}/v2.0/.well-known/openid-configuration`) return this.describe(response);
    if (url.pathname === `${at}/discovery/v2.0/keys`) return json(response, 200, { keys: [this.publicKey] });
    if (url.pathname === `${at}/oauth2/v2.0/authorize`) return this.authorize(url.searchParams, response);
    if (url.pathname === `${at}/oauth2/v2.0/token`) return this.redeem(await readForm(request), response);
    json(response, 404, {});
  }

  private describe(response: ServerResponse): void {
    const base = `${this.origin}/${TENANT_ID}`;
    json(response, 200, {
      issuer: this.issuer,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      // Naming more than RS256 must not make anybody accept it.
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      ...this.script.description,
    });
  }

  private authorize(asked: URLSearchParams, response: ServerResponse): void {
    this.authorizations.push(asked);
    const { callbackIssuer = null, error } = this.script;
    const code = randomUUID();
    const text = (name: string): string => asked.get(name) ?? '';
    this.codes.set(code, {
      nonce: text('nonce'),
      challenge: text('code_challenge'),
      redirectUri: text('redirect_uri'),
    });
    const answer = new URLSearchParams({ state: text('state'), ...(error ?? { code }) });
    if (callbackIssuer !== null) answer.set('iss', callbackIssuer);
    response.writeHead(302, { location: `${text('redirect_uri')}?${answer.toString()}` }).end();
  }

  private async redeem(form: URLSearchParams, response: ServerResponse): Promise<void> {
    this.redemptions.push(form);
    const { tokenError } = this.script;
    if (tokenError) return json(response, tokenError.status, tokenError.body);
    const code = this.codes.get(form.get('code') ?? '');
    this.codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code?.challenge !== challenge || code.redirectUri !== form.get('redirect_uri')) {
      return json(response, 400, {
        error: 'invalid_grant',
        error_description: 'AADSTS54005: OAuth2 Authorization code was already redeemed.',
      });
    }
    const idToken = await this.idToken({ nonce: code.nonce });
    json(response, 200, { token_type: 'Bearer', access_token: 'opaque', expires_in: 3600, id_token: idToken });
  }

  /** An ID token as the script wants it. */
  async idToken(about: Readonly<Record<string, unknown>>): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      iss: this.issuer,
      aud: CLIENT_ID,
      sub: 'pairwise-subject',
      iat: now,
      nbf: now,
      exp: now + 3600,
      tid: TENANT_ID,
      oid: 'cccccccc-1111-4222-8333-444444444444',
      ver: '2.0',
      name: 'Pat Example',
      preferred_username: 'pat@council.example',
      ...about,
      ...this.script.claims,
    };
    for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
    return this.sign(claims);
  }

  private async sign(claims: Record<string, unknown>): Promise<string> {
    const { signature = 'ours', header } = this.script;
    if (signature === 'none' || signature === 'HS256') {
      const input = `${part({ alg: signature, typ: 'JWT', ...header })}.${part(claims)}`;
      const proof = signature === 'none' ? '' : createHmac('sha256', this.publicPem).update(input).digest('base64url');
      return `${input}.${proof}`;
    }
    const key: CryptoKey | KeyObject = signature === 'ours' ? this.privateKey : this.strangerKey;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'ours', ...header }).sign(key);
  }
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return new URLSearchParams(Buffer.concat(pieces).toString());
}
