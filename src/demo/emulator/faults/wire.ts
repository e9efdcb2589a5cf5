import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

import type { Reply } from '../exchange.js';
import type { FaultNameAt } from './catalogue.js';
import { type Effect, effectNamed, firstAtStage } from './fault-set.js';

const compress = promisify(gzip);
const SMALLEST_COMPRESSED = 1024;
const DRIP_INTERVAL_MS = 100;
const RESET_DELAY_MS = 20;

/** Where an answer goes. */
export interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The TCP connection underneath the encryption, which can be reset. */
  readonly connection: Socket | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Sends a reply, damaged on the way if a fault says so; says with which status the client was left, 0 for none. */
export async function send(wire: Wire, reply: Reply, effects: readonly Effect[]): Promise<number> {
  const latency = effectNamed(effects, 'latency');
  if (latency !== undefined) await delay((latency.fault.seconds ?? 0) * 1000);
  const skew = (effectNamed(effects, 'clock-skew')?.fault.seconds ?? 0) * 1000;
  const { response } = wire;
  response.sendDate = false;
  response.setHeader('Date', new Date(wire.clock() + skew).toUTCString());
  const headers =
    effectNamed(effects, 'wrong-content-type') === undefined
      ? reply.headers
      : { ...reply.headers, 'Content-Type': 'text/plain' };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = reply.status;

  const damage = firstAtStage(effects, 'damage');
  const body = Buffer.from(reply.body, 'utf8');
  if (damage !== undefined)
    return DAMAGES[damage.fault.name as FaultNameAt<'damage'>](wire, body, reply.status, damage);
  if (body.length >= SMALLEST_COMPRESSED && acceptsGzip(wire.request)) {
    const compressed = await compress(body, { level: constants.Z_BEST_SPEED });
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Length', compressed.length);
    response.end(compressed);
  } else {
    if (reply.status !== 204 && wire.request.method !== 'HEAD') response.setHeader('Content-Length', body.length);
    response.end(body);
  }
  return reply.status;
}

type Damage = (wire: Wire, body: Buffer, status: number, effect: Effect) => number;

const DAMAGES: Readonly<Record<FaultNameAt<'damage'>, Damage>> = {
  'no-answer': () => 0,
  'connection-reset': ({ response, connection }, body) => {
    response.setHeader('Content-Length', body.length);
    // A reset while the encryption layer is still writing reaches the client as an orderly end.
    response.write(firstHalf(body), () => setTimeout(() => connection?.resetAndDestroy(), RESET_DELAY_MS));
    return 0;
  },
  'truncated-json': ({ response }, body, status) => {
    response.setHeader('Connection', 'close');
    response.setHeader('Content-Length', firstHalf(body).length);
    response.end(firstHalf(body));
    return status;
  },
  'short-body': ({ response }, body) => {
    response.setHeader('Content-Length', body.length);
    response.write(firstHalf(body), () => response.destroy());
    return 0;
  },
  'missing-last-chunk': ({ response }, body) => {
    response.write(body, () => response.destroy());
    return 0;
  },
  'slow-body': ({ response }, body, status, { fault }) => {
    response.setHeader('Content-Length', body.length);
    drip(response, body, fault.count ?? 1);
    return status;
  },
};

function firstHalf(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

function drip(response: ServerResponse, body: Buffer, bytes: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, DRIP_INTERVAL_MS);
  response.on('close', () => clearInterval(timer));
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',');
  return accepted.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding));
}

async function delay(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
