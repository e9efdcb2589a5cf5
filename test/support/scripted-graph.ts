import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GraphSettings } from '../../src/config/config.types.js';
import { makeSelfSigned, type KeyPair } from './self-signed.js';

/** One request as it arrived. `at` is the time of the clock that the server was given. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Plays one answer. */
export type Answer = (request: RecordedRequest, response: ServerResponse) => void;

let sharedKeys: Promise<KeyPair> | null = null;

/** An HTTPS server on 127.0.0.1 that answers as it is told and remembers everything it was asked. */
export class ScriptedGraph {
  readonly requests: RecordedRequest[] = [];
  private readonly scripts = new Map<string, Answer[]>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    readonly caFile: string,
    private readonly now: () => number,
  ) {}

  static async start(now: () => number = Date.now): Promise<ScriptedGraph> {
    sharedKeys ??= makeSelfSigned('ec');
    const { certificate, privateKey } = await sharedKeys;
    const folder = mkdtempSync(path.join(tmpdir(), 'scripted-graph-'));
    const caFile = path.join(folder, 'ca.pem');
    writeFileSync(caFile, certificate);
    const server = createServer({ cert: certificate, key: privateKey });
    const scripted = new ScriptedGraph(server, folder, caFile, now);
    server.on('request', (request, response) => scripted.receive(request, response));
    server.on('connection', (socket: Socket) => {
      scripted.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => scripted.sockets.delete(socket));
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scripted.on('/tenant/oauth2/v2.0/token', token());
    return scripted;
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings for a client of this server. */
  settings(overrides: Partial<GraphSettings> = {}): GraphSettings {
    return {
      kind: 'tenant',
      tenantId: 'tenant',
      clientId: '11111111-2222-3333-4444-555555555555',
      credential: { kind: 'secret', secret: 'not-a-real-credential' },
      baseUrl: this.origin,
      authority: this.origin,
      caFile: this.caFile,
      httpsProxy: null,
      ...overrides,
    };
  }

  /** Answers for one path (without `/v1.0`, with its query), one after the other; the last one goes on for ever. */
  on(requestPath: string, ...answers: Answer[]): this {
    this.scripts.set(requestPath, answers);
    return this;
  }

  /** What was asked of Graph, token requests left out. */
  get reads(): RecordedRequest[] {
    return this.requests.filter((request) => !request.path.includes('/oauth2/'));
  }

  get tokenRequests(): RecordedRequest[] {
    return this.requests.filter((request) => request.path.includes('/oauth2/'));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const at = this.now();
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const recorded = {
        at,
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(pieces).toString('utf8'),
      };
      this.requests.push(recorded);
      const answers = this.scripts.get(scriptName(recorded.path)) ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      (answer ?? failed(404, 'UnknownPath'))(recorded, response);
    });
  }
}

/** MSAL adds a query of its own to the token address; everywhere else the query counts. */
function scriptName(requestPath: string): string {
  return requestPath.replace(/^\/v1\.0/, '').replace(/(\/oauth2\/v2\.0\/token)\?.*$/, '$1');
}

/** A JSON answer. */
export function json(body: unknown, headers: Record<string, string> = {}, status = 200): Answer {
  return send(status, JSON.stringify(body), { 'content-type': 'application/json;odata.metadata=minimal', ...headers });
}

/** A page of a collection. */
export function page(items: unknown[], links: Record<string, unknown> = {}): Answer {
  return json({ value: items, ...links });
}

/** An error as Graph words it. */
export function failed(
  status: number,
  code: string,
  headers: Record<string, string> = {},
  message = 'Alex Example may not',
): Answer {
  const innerError = { date: '2026-11-23T09:00:00', 'request-id': 'aaaaaaaa-0000-0000-0000-000000000001' };
  return json({ error: { code, message, innerError } }, headers, status);
}

/** Any answer at all. */
export function send(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (_request, response) =>
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

/** Bytes written to the socket as they are, then an orderly end, a reset, or nothing more. */
export function raw(bytes: string, then: 'end' | 'reset' | 'hold'): Answer {
  return (_request, response) => {
    const { socket } = response;
    socket?.write(bytes, () => {
      if (then === 'end') socket.end();
      // Destroying the TLS socket would send a closing alert; the peer has to see a broken connection.
      if (then === 'reset') (socket as Socket & { _parent: Socket })._parent.resetAndDestroy();
    });
  };
}

/** Takes the request and never says a word. */
export function silence(): Answer {
  return () => undefined;
}

/** One byte at a time, for ever. */
export function drip(everyMilliseconds: number): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), everyMilliseconds);
    response.on('close', () => clearInterval(timer));
  };
}

/** As many bytes as the reader will take. */
export function endless(): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      if (response.destroyed) return;
      if (response.write(Buffer.alloc(65_536, 0x20))) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  };
}

/** A token of the sign-in service. `name` makes it distinct. */
export function token(name = 'first', expiresIn = 3600, roles: string[] = ['User.Read.All']): Answer {
  return json({ token_type: 'Bearer', expires_in: expiresIn, access_token: makeToken(name, roles) });
}

/** The value of the token that `token(name)` hands out. */
export function makeToken(name = 'first', roles: string[] = ['User.Read.All']): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ aud: 'https://graph.microsoft.com', roles })}.${name}-signature`;
}

/** A refusal of the sign-in service. */
export function refusedToken(status: number, error: string, code: number): Answer {
  return json(
    { error, error_description: `AADSTS${code}: Words about Contoso. Trace ID: 1`, error_codes: [code] },
    {},
    status,
  );
}
