import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { CallBook } from '../tenant/call-book.js';
import type { DaySummary, TenantStore } from '../tenant/tenant-store.js';
import { AccessTokens } from './access-tokens.js';
import { ADMIN_PATH, AdminService, type Stories } from './admin-service.js';
import type { ServerCertificate } from './certificates.js';
import { type EmulatedRequest, jsonReply, type Reply } from './exchange.js';
import { answerOf } from './faults/answers.js';
import type { Fault } from './faults/fault.js';
import { type Effect, effectNamed, FaultSet, firstAtStage } from './faults/fault-set.js';
import { send } from './faults/wire.js';
import { GraphService } from './graph-service.js';
import { identifyRequest } from './graph-failure.js';
import { OpaqueTokens } from './opaque-token.js';
import { PageTokens } from './page-tokens.js';
import { LEAST_PRIVILEGE_ROLES } from './permissions.js';
import { RecordSerialiser } from './projection.js';
import { RequestLog } from './request-log.js';
import type { TenantStep } from './tenant-step.js';
import { TenantView } from './tenant-view.js';
import { type EmulatorCredentials, TokenEndpoint, tokenErrorReply } from './token-endpoint.js';

/** What an emulator serves and how. */
export interface EmulatorOptions {
  readonly tenant: TenantStore;
  /** The tenant's calls; none are served when absent. */
  readonly calls?: CallBook;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly host?: string;
  readonly certificate: Pick<ServerCertificate, 'certificatePem' | 'privateKeyPem'>;
  readonly credentials: EmulatorCredentials;
  /** Application roles in the tokens; the least privilege that reads everything when absent. */
  readonly roles?: readonly string[];
  readonly faults?: readonly Fault[];
  /** Milliseconds since 1970; the computer's clock when absent. */
  readonly clock?: () => number;
  /** Secret from which the tokens in links are made; with the same one they outlive a restart. */
  readonly tokenKey?: Buffer;
  readonly adminKey?: string;
  /** Told of every step that the tenant makes, before it is answered. */
  readonly onStep?: (step: TenantStep) => void | Promise<void>;
  /** What the council has on record beside its tenant, for the administration surface; nothing when absent. */
  readonly stories?: Stories;
  /** Whether the published throttling limits hold; true when absent. */
  readonly enforceLimits?: boolean;
  /** Most rows of a page unless `$top` asks for fewer; Graph's own sizes when absent. */
  readonly pageSizeLimit?: number;
  readonly deltaPageSize?: number;
  /** How long a `$skiptoken` is accepted. */
  readonly pageTokenLifetimeSeconds?: number;
}

/** A running emulator. */
export interface Emulator {
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string;
  readonly adminKey: string;
  readonly faults: FaultSet;
  readonly requests: RequestLog;
  /** Changes the tenant; only changes made here obey the fault `propagation-delay`. */
  write(step: TenantStep): Promise<DaySummary[]>;
  /** Ends all connections and frees the port. */
  stop(): Promise<void>;
}

const KEEP_ALIVE_MS = 65_000;
const MAXIMUM_BODY_BYTES = 8_000_000;
const DEFAULT_DELTA_PAGE_SIZE = 200;
const DEFAULT_PAGE_TOKEN_LIFETIME_SECONDS = 1800;

/**
 * Starts an emulator of Microsoft Graph and of its sign-in service on one HTTPS port.
 * @throws the listening error, such as EADDRINUSE
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { tenant, host = '127.0.0.1', credentials } = options;
  const clock = options.clock ?? Date.now;
  const adminKey = options.adminKey ?? randomBytes(24).toString('base64url');
  const faults = new FaultSet(tenant.seed);
  for (const fault of options.faults ?? []) faults.add(fault);
  const requests = new RequestLog();
  const view = new TenantView(tenant, clock);
  const accessTokens = new AccessTokens(randomBytes(32), credentials.tenantId, clock);
  const pageTokenLifetimeMs = (options.pageTokenLifetimeSeconds ?? DEFAULT_PAGE_TOKEN_LIFETIME_SECONDS) * 1000;
  const graph = new GraphService(
    {
      view,
      calls: options.calls,
      serialiser: new RecordSerialiser(),
      tokens: new PageTokens(new OpaqueTokens(options.tokenKey ?? randomBytes(32)), pageTokenLifetimeMs, clock),
      clock,
      tenantId: credentials.tenantId,
      deltaPageSize: options.deltaPageSize ?? DEFAULT_DELTA_PAGE_SIZE,
      pageSizeLimit: options.pageSizeLimit,
    },
    accessTokens,
    faults,
    options.enforceLimits ?? true,
    credentials.clientId,
    tenant.seed,
  );
  const signIn = new TokenEndpoint(credentials, options.roles ?? LEAST_PRIVILEGE_ROLES, accessTokens, clock);
  const write = async (step: TenantStep): Promise<DaySummary[]> => {
    const summaries = view.write(step, faults.has('propagation-delay'));
    await options.onStep?.(step);
    return summaries;
  };
  const admin = new AdminService(view, faults, requests, adminKey, write, options.stories);

  const connections = new Map<number, Socket>();
  const server = createServer({ cert: options.certificate.certificatePem, key: options.certificate.privateKeyPem });
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    connections.set(remotePort, socket);
    socket.on('close', () => connections.delete(remotePort));
  });
  // A client may pause for long between pages; a connection closed meanwhile would look like a fault.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('tlsClientError', () => undefined);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void handle(request, response);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const time = new Date(clock()).toISOString();
    const target = request.url ?? '/';
    let reply: Reply;
    let effects: readonly Effect[] = [];
    try {
      const emulated = toEmulatedRequest(request, await readBody(request));
      if (emulated.path === ADMIN_PATH || emulated.path.startsWith(`${ADMIN_PATH}/`)) {
        reply = await admin.answer(emulated, request.socket.remoteAddress);
      } else {
        effects = graph.effectsOn(emulated);
        reply = (await answerSignIn(emulated, effects)) ?? (await graph.answer(emulated, effects));
      }
    } catch (error) {
      reply =
        error instanceof BodyTooLarge
          ? failureReply(413, 'RequestEntityTooLarge', error.message)
          : emulatorFailed(error);
    }
    const connection = connections.get(request.socket.remotePort ?? -1);
    const status = await send({ request, response, connection, clock }, reply, effects).catch(() => 0);
    requests.add({
      time,
      method: request.method ?? '',
      path: target,
      status,
      durationMs: Math.round((performance.now() - started) * 1000) / 1000,
      resourceUnits: reply.resourceUnits ?? 0,
      faults: effects.map(({ fault }) => fault.name),
    });
  }

  async function answerSignIn(request: EmulatedRequest, effects: readonly Effect[]): Promise<Reply | undefined> {
    if (/^\/(v1\.0|beta)(\/|$)/i.test(request.path)) return undefined;
    const fault = firstAtStage(effects, 'answer');
    if (fault !== undefined) {
      const { tenantId, clientId } = credentials;
      const identity = identifyRequest(request.headers['client-request-id']);
      const answer = answerOf(fault, { identity, now: new Date(clock()), tenantId, clientId, restartUrl: '' });
      return { ...answer, headers: { 'Content-Type': 'application/json; charset=utf-8', ...answer.headers } };
    }
    if (effectNamed(effects, 'token-refused') !== undefined) {
      return tokenErrorReply(401, 'invalid_client', 7000222, 'The provided client secret keys are expired.', clock());
    }
    return signIn.answer(request, effectNamed(effects, 'token-lifetime')?.fault.seconds);
  }

  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    adminKey,
    faults,
    requests,
    write,
    stop: () => close(server, connections),
  };
}

class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAXIMUM_BODY_BYTES) throw new BodyTooLarge('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toEmulatedRequest(request: IncomingMessage, body: string): EmulatedRequest {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const origin = `https://${request.headers.host ?? 'localhost'}`;
  return { method: request.method ?? 'GET', path, query: query.join('?'), headers, origin, body };
}

function failureReply(status: number, code: string, message: string): Reply {
  return jsonReply(status, { error: { code, message } });
}

// The emulator's own mistake, told apart from everything that Graph would say.
function emulatorFailed(error: unknown): Reply {
  return failureReply(
    500,
    'EmulatorFailed',
    `The emulator itself failed: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server, connections: ReadonlyMap<number, Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of connections.values()) socket.destroy();
  await closed;
}
