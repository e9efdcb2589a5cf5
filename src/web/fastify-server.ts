import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { REQUEST_FIELD } from '../database/request-id.js';
import { withLogFields } from '../config/logger.js';
import { refuseConnection } from './connection-errors.js';
import { addEntityTag } from './entity-tag.js';
import { acceptEvidence } from './evidence-uploads.js';
import { acceptForms } from './form-body.js';
import { acceptSheets } from './file-uploads.js';
import { acceptFileForms } from './form-file.js';
import type { Lifecycle } from './lifecycle.js';
import { ownHostCheck } from './own-host.js';
import type { ProblemReplies } from './problem-replies.js';
import type { RequestMetrics } from './request-metrics.js';
import { securityHeaders } from './security-headers.js';
import { acceptStreams } from './streamed-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Largest body of the route, where that is not the usual one. */
    bodyBytes?: number;
  }
}

/** What the server needs besides the routes. */
export interface ServerParts {
  readonly logger: Logger;
  readonly replies: ProblemReplies;
  readonly metrics: RequestMetrics;
  readonly lifecycle: Lifecycle;
  /** Where people open the site, such as `https://untether.example`; null while it is this machine only. */
  readonly publicUrl: string | null;
  /** Whether names of this machine are good besides. */
  readonly alsoThisMachine: boolean;
  /** Proxies whose forwarding headers are believed: how many stand in front, or their addresses. */
  readonly trustedProxies: number | readonly string[] | null;
}

/** A form or a command never needs more than this; files have a limit of their own. */
const BODY_LIMIT_BYTES = 64 * 1024;
/**
 * Room for all headers of a request: three times what a browser sends here with a sign-in and the cookies of a parent
 * domain. Node answers what is larger with 431 before anything of it is looked at.
 */
const HEADER_LIMIT_BYTES = 12 * 1024;
/** Longest that a request may take to arrive completely. */
const REQUEST_TIMEOUT_MILLISECONDS = 15_000;
/** Longer than the usual 60 s of a proxy in front, so that the proxy and not we close an idle connection. */
const KEEP_ALIVE_MILLISECONDS = 65_000;
/** A GUID has 36 characters; longer parameters belong to nothing that is stored. */
const LONGEST_PARAMETER = 100;

/**
 * The HTTP server: limits, request ids, security headers, host check, access log. Trailing and doubled slashes are
 * addresses of their own, which nothing has.
 */
export function createFastifyAdapter(parts: ServerParts): FastifyAdapter {
  const { logger, replies, metrics, lifecycle } = parts;
  const headers = securityHeaders(parts.publicUrl?.startsWith('https:') === true);
  const isMeantForUs = ownHostCheck(parts.publicUrl, parts.alsoThisMachine);
  const adapter = new FastifyAdapter({
    logger: false,
    trustProxy: trustOf(parts.trustedProxies),
    bodyLimit: BODY_LIMIT_BYTES,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES },
    requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    connectionTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    // A request that arrives on an open connection while the server closes is still answered.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, headers),
    requestIdHeader: false,
    genReqId: requestId,
    routerOptions: {
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      maxParamLength: LONGEST_PARAMETER,
    },
    // Addresses that the router cannot read never reach a hook.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ ...headers, 'x-request-id': request.id });
      replies.send(error, request, reply);
      logRequest(logger, request.method, 'unreadable', reply.statusCode, 0, request.id);
    },
  });

  const server = adapter.getInstance();
  server.addHook('onRoute', (route) => {
    replies.routes.add(route.method, route.url);
    if (route.config?.bodyBytes !== undefined) route.bodyLimit = route.config.bodyBytes;
  });
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ ...headers, 'x-request-id': request.id });
    if (lifecycle.stopping) void reply.header('connection', 'close');
    if (isMeantForUs(request.raw)) {
      withLogFields({ [REQUEST_FIELD]: request.id }, done);
    } else done(new HttpException('Wrong host', 421));
  });
  acceptForms(server);
  acceptFileForms(server);
  acceptSheets(server);
  acceptStreams(server);
  acceptEvidence(server);
  server.addHook('onSend', addEntityTag);
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    metrics.observe(request.method, route, reply.statusCode, milliseconds);
    logRequest(logger, request.method, route, reply.statusCode, milliseconds, request.id);
    done();
  });
  return adapter;
}

/** Fastify takes no number of proxies, because whoever connects could be the first of them; here only ours connect. */
function trustOf(
  proxies: number | readonly string[] | null,
): ((address: string, hop: number) => boolean) | string[] | false {
  if (proxies === null) return false;
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}

/** The caller's own id when it is harmless in a log, else a new one. */
function requestId(request: IncomingMessage | { headers: IncomingMessage['headers'] }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(given) ? given : randomUUID();
}

function logRequest(
  logger: Logger,
  method: string,
  route: string,
  status: number,
  milliseconds: number,
  request: string,
): void {
  logger.info({ method, route, status, milliseconds, request }, 'request');
}
