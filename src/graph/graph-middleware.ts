import { randomUUID } from 'node:crypto';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { readAnswer } from './graph-answer.js';
import { GraphCall } from './graph-call.js';
import { brokenContract, GraphFailure } from './graph-errors.js';
import type { GraphTransport } from './graph-http.js';
import type { GraphLane, GraphLaneName } from './graph-lane.js';
import { decideRetry, type RetryPolicy } from './graph-retry.js';
import { interruptible, type GraphTimings } from './graph-timings.js';
import type { GraphToken } from './graph-token.js';

/** What the chain is made of. */
export interface ChainParts {
  readonly origin: string;
  readonly token: GraphToken;
  readonly transport: GraphTransport;
  readonly lanes: Readonly<Record<GraphLaneName, GraphLane>>;
  readonly timings: GraphTimings;
  readonly policy: RetryPolicy;
  /** Takes one line per repeated attempt: codes and request ids, never personal data. */
  readonly log: (line: string) => void;
}

/**
 * The chain for `Client.initWithMiddleware`, outermost first: retry, lane, token, check, HTTP. It replaces the official
 * one, whose retry stops at 180 s and leaves broken connections alone, and whose authentication trusts host names only.
 */
export function createChain(parts: ChainParts): Middleware[] {
  return [
    new RetryHandler(parts),
    new LaneHandler(parts),
    new TokenHandler(parts),
    new CheckHandler(parts),
    new HttpHandler(parts),
  ];
}

abstract class Handler implements Middleware {
  private following: Middleware | null = null;

  constructor(protected readonly parts: ChainParts) {}

  setNext(middleware: Middleware): void {
    this.following = middleware;
  }

  abstract execute(context: Context): Promise<void>;

  protected async next(context: Context): Promise<void> {
    await this.following?.execute(context);
  }
}

/** Repeats what is worth repeating, and keeps the failure where the official client cannot wrap it. */
class RetryHandler extends Handler {
  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    try {
      await this.attempt(context, call);
    } catch (error) {
      call.failure = error;
      throw error;
    }
  }

  private async attempt(context: Context, call: GraphCall): Promise<void> {
    const { clock, random, sleep } = this.parts.timings;
    const startedAt = clock.now().getTime();
    for (let attempts = 1; ; attempts += 1) {
      call.answer = null;
      try {
        await this.next(context);
        return;
      } catch (failure) {
        if (!(failure instanceof GraphFailure)) throw failure;
        const now = clock.now().getTime();
        const decision = decideRetry(
          {
            failure,
            attempts,
            tokenStale: answerStatus(call) === 401 && call.refusedToken === null,
            transferredMilliseconds: call.transferredMilliseconds,
            startedAt,
            now,
            deadline: call.deadline,
            random: random(),
          },
          this.parts.policy,
        );
        if (decision.kind === 'give-up') throw failure;
        call.meter.retries += 1;
        this.parts.log(
          `${failure.message} Attempt ${attempts}, client request ${call.clientRequestId ?? 'not sent'}: ${decision.kind}.`,
        );
        if (decision.kind === 'refresh-token') {
          call.refusedToken = call.token;
        } else if (decision.throttled) {
          this.parts.lanes[call.options.lane].pause(now + decision.milliseconds);
        } else {
          await sleep(decision.milliseconds, call.signal);
        }
      }
    }
  }
}

/** Keeps to the pace and the pauses of the service that is asked. */
class LaneHandler extends Handler {
  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    await this.parts.lanes[call.options.lane].run(call, () => this.next(context));
  }
}

/** Adds the access token and the request id, and lets nothing out to an address other than the configured one. */
class TokenHandler extends Handler {
  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    if (new URL(call.url).origin !== this.parts.origin) {
      throw brokenContract('A request to another address than that of Microsoft Graph was held back');
    }
    call.token = await interruptible(this.parts.token.value(call.refusedToken), call.signal);
    call.clientRequestId = randomUUID();
    context.request = call.url;
    context.options = {
      ...context.options,
      headers: {
        accept: call.expected === 'text' ? 'text/plain' : 'application/json',
        // Everything read here is background work: let people's own requests go first.
        'x-ms-throttle-priority': 'Low',
        ...lowerCased(call.options.headers ?? {}),
        ...(call.expected === 'batch' ? { 'content-type': 'application/json' } : {}),
        'client-request-id': call.clientRequestId,
        authorization: `Bearer ${call.token}`,
      },
    };
    await this.next(context);
  }
}

/** Turns the complete answer into a checked body or a failure. */
class CheckHandler extends Handler {
  async execute(context: Context): Promise<void> {
    await this.next(context);
    const call = callOf(context);
    if (call.answer === null) throw new TypeError('the chain ended without an answer');
    call.body = readAnswer(call.answer, call.expected, call.options.permission, this.parts.timings.clock.now());
  }
}

/** Sends the request within what is left of the call's time on the wire and of the run. */
class HttpHandler extends Handler {
  async execute(context: Context): Promise<void> {
    const call = callOf(context);
    const { timings, transport, policy } = this.parts;
    const startedAt = timings.clock.now().getTime();
    const controller = new AbortController();
    const stop = (): void => controller.abort(call.signal?.reason);
    const left = policy.transferMilliseconds - call.transferredMilliseconds;
    const untilDeadline = (call.deadline ?? Infinity) - startedAt;
    if (untilDeadline <= 0) throw outOfTime();
    const timer = setTimeout(
      () => {
        call.transferredMilliseconds = policy.transferMilliseconds;
        controller.abort(outOfTime());
      },
      Math.min(left, untilDeadline),
    );
    call.signal?.throwIfAborted();
    call.signal?.addEventListener('abort', stop, { once: true });
    call.meter.requests += 1;
    try {
      const { method, headers, body } = context.options ?? {};
      call.answer = await transport.send({
        url: call.url,
        method: method === 'POST' ? 'POST' : 'GET',
        headers: headers as Record<string, string>,
        body: typeof body === 'string' ? body : undefined,
        signal: controller.signal,
      });
      call.meter.recordAnswer(call.url, call.answer.headers, call.answer.bytes);
      context.response = new Response(null, { status: 200 });
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', stop);
      call.transferredMilliseconds += timings.clock.now().getTime() - startedAt;
    }
  }
}

function outOfTime(): GraphFailure {
  return new GraphFailure('temporary', 'Microsoft Graph did not finish its answer in the time for it.', {
    fix: 'Nothing to do: the next run tries again. If it lasts, check the line and the proxy to Microsoft Graph.',
  });
}

function callOf(context: Context): GraphCall {
  const call = context.middlewareControl?.getMiddlewareOptions(GraphCall);
  if (!(call instanceof GraphCall)) throw new TypeError('a request without its GraphCall');
  return call;
}

function answerStatus(call: GraphCall): number | null {
  return call.answer?.status ?? null;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
