import type { GraphReadOptions } from './graph-call.js';
import { brokenContract, classifyAnswer, GraphFailure } from './graph-errors.js';
import { decideRetry, type RetryPolicy } from './graph-retry.js';
import type { GraphTimings } from './graph-timings.js';

/** One GET inside a batch. */
export interface BatchItem {
  /** Unique within the call. */
  readonly id: string;
  /** Relative to `/v1.0`, such as `/devices/1?$select=id`, its values already encoded. */
  readonly path: string;
  readonly headers?: Record<string, string>;
}

/** What came of one item. `failure` is null for a success, whose `body` is null when it was empty. */
export interface BatchAnswer {
  readonly id: string;
  readonly status: number | null;
  readonly body: unknown;
  readonly failure: GraphFailure | null;
}

/** What a batch needs from the client. */
export interface BatchParts {
  /** Posts the items of one batch and returns the checked envelope. */
  readonly post: (items: readonly BatchItem[]) => Promise<unknown>;
  /** Stops everybody on the same service until then (epoch milliseconds). */
  readonly pause: (until: number) => void;
  readonly timings: GraphTimings;
  readonly policy: RetryPolicy;
}

/** learn.microsoft.com/graph/json-batching. */
const MAXIMUM_ITEMS = 20;

/**
 * Reads many single things, at most 20 per request. Items that were throttled or failed for the moment go into a new
 * batch after the longest wait that any of them asked for; other items keep what they got. One answer per id.
 * @throws GraphFailure when a whole batch fails.
 */
export async function readBatch(
  items: readonly BatchItem[],
  options: GraphReadOptions,
  parts: BatchParts,
): Promise<Map<string, BatchAnswer>> {
  if (new Set(items.map(({ id }) => id)).size !== items.length) throw new RangeError('batch ids must be unique');
  const answers = new Map<string, BatchAnswer>();
  for (let start = 0; start < items.length; start += MAXIMUM_ITEMS) {
    await readTwenty(items.slice(start, start + MAXIMUM_ITEMS), options, parts, answers);
  }
  return answers;
}

async function readTwenty(
  items: readonly BatchItem[],
  options: GraphReadOptions,
  parts: BatchParts,
  answers: Map<string, BatchAnswer>,
): Promise<void> {
  const { clock, random, sleep } = parts.timings;
  const startedAt = clock.now().getTime();
  let open = items;
  for (let attempts = 1; open.length > 0; attempts += 1) {
    const envelope = await parts.post(open);
    const now = clock.now();
    const received = readEnvelope(envelope, open, options.permission, now);
    for (const answer of received) answers.set(answer.id, answer);

    const waits = received.flatMap(({ id, failure }) => {
      if (failure === null) return [];
      const situation = {
        failure,
        attempts,
        tokenStale: false,
        transferredMilliseconds: 0,
        startedAt,
        now: now.getTime(),
        deadline: options.deadline ?? null,
        random: random(),
      };
      const decision = decideRetry(situation, parts.policy);
      return decision.kind === 'wait' ? [{ id, ...decision }] : [];
    });
    const again = new Set(waits.map(({ id }) => id));
    open = open.filter(({ id }) => again.has(id));
    if (open.length === 0) return;
    const milliseconds = Math.max(...waits.map((wait) => wait.milliseconds));
    options.meter.retries += 1;
    if (waits.some(({ throttled }) => throttled)) parts.pause(now.getTime() + milliseconds);
    else await sleep(milliseconds, options.signal ?? null);
  }
}

function readEnvelope(
  envelope: unknown,
  items: readonly BatchItem[],
  permission: string,
  now: Date,
): readonly BatchAnswer[] {
  const { responses } = envelope as { responses?: unknown };
  if (!Array.isArray(responses)) throw brokenContract('The answer to a batch has no list of responses');
  const byId = new Map<string, Record<string, unknown>>();
  for (const response of responses as unknown[]) {
    if (typeof response !== 'object' || response === null) continue;
    const fields = response as Record<string, unknown>;
    if (typeof fields.id === 'string' || typeof fields.id === 'number') byId.set(String(fields.id), fields);
  }
  return items.map(({ id }) => readItem(id, byId.get(id), permission, now));
}

function readItem(
  id: string,
  response: Record<string, unknown> | undefined,
  permission: string,
  now: Date,
): BatchAnswer {
  const status = Number(response?.status ?? Number.NaN);
  if (response === undefined || !Number.isInteger(status)) {
    return { id, status: null, body: null, failure: brokenContract('An item of a batch got no answer') };
  }
  const headers = readHeaders(response.headers);
  const body = readBody(response.body, headers);
  if (status >= 200 && status < 300) return { id, status, body, failure: null };
  const text = body === null ? '' : JSON.stringify(body);
  return { id, status, body: null, failure: classifyAnswer({ status, headers, text, permission, now }) };
}

/** Item headers come in any letter case; `Headers` does not mind. */
function readHeaders(value: unknown): Headers {
  const headers = new Headers();
  if (typeof value !== 'object' || value === null) return headers;
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string' && typeof content !== 'number') continue;
    try {
      headers.set(name, String(content));
    } catch {
      // Not a header name or value: of no use here.
    }
  }
  return headers;
}

function readBody(body: unknown, headers: Headers): unknown {
  if (body === undefined || body === null || body === '') return null;
  if (typeof body !== 'string' || headers.get('content-type')?.includes('json') === false) return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
