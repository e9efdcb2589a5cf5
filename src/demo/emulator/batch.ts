import type { EmulatedRequest, Reply } from './exchange.js';
import { shuffled } from './faults/records.js';
import { draw } from './faults/fault.js';
import { GraphFailure } from './graph-failure.js';

// json-batching, learn.microsoft.com/graph/json-batching
const MAXIMUM_ITEMS = 20;

interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
}

interface ItemResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Answers `POST /$batch`: every item on its own, in the order of its dependencies, the responses in any order.
 * @param answer answers one item as if it had come alone
 * @param failEnvelope whether the whole answers 424 when an item was throttled, as the service did at times
 */
export async function answerBatch(
  request: EmulatedRequest,
  answer: (item: EmulatedRequest) => Promise<Reply>,
  seed: number,
  failEnvelope: boolean,
): Promise<{ readonly status: number; readonly body: string }> {
  const items = readItems(request.body);
  const responses = new Map<string, ItemResponse>();
  // One pass settles at least one item, or the dependencies form a circle.
  while (responses.size < items.length) {
    const ready = items.filter((item) => !responses.has(item.id) && item.dependsOn.every((id) => responses.has(id)));
    if (ready.length === 0) throw badBatch('The dependsOn values form a circle.');
    for (const item of ready) {
      const failed = item.dependsOn.some((id) => (responses.get(id)?.status ?? 424) >= 400);
      responses.set(
        item.id,
        failed ? failedDependency(item.id) : toResponse(item.id, await answer(toRequest(item, request))),
      );
    }
  }
  const shown = shuffled([...responses.values()], ({ id }) => draw(seed, 'batch', id));
  const throttled = shown.some(({ status }) => status === 429);
  return { status: failEnvelope && throttled ? 424 : 200, body: JSON.stringify({ responses: shown }) };
}

function readItems(body: string): readonly BatchItem[] {
  const { requests } = parseBody(body);
  if (!Array.isArray(requests) || requests.length === 0) throw badBatch('The batch has no requests.');
  if (requests.length > MAXIMUM_ITEMS)
    throw badBatch(`Number of batch request steps exceeds the maximum value of ${MAXIMUM_ITEMS}.`);
  const items = requests.map(readItem);
  const ids = new Set(items.map(({ id }) => id.toLowerCase()));
  if (ids.size < items.length) throw badBatch('Request ids in a batch must be unique.');
  for (const { dependsOn } of items) {
    for (const id of dependsOn)
      if (!ids.has(id.toLowerCase())) throw badBatch(`dependsOn names '${id}', which is not in the batch.`);
  }
  return items;
}

function readItem(item: unknown): BatchItem {
  const given = (typeof item === 'object' && item !== null ? item : {}) as Readonly<Record<string, unknown>>;
  const { id, method, url, headers, dependsOn } = given;
  if (typeof id !== 'string' || id === '') throw badBatch('Every request in a batch has an id.');
  if (typeof method !== 'string' || typeof url !== 'string') throw badBatch(`Request '${id}' has no method or no url.`);
  if (/^https?:/i.test(url)) throw badBatch(`The url of request '${id}' must be relative.`);
  const pairs = Object.entries(typeof headers === 'object' && headers !== null ? headers : {});
  return {
    id,
    method: method.toUpperCase(),
    url: url.startsWith('/') ? url : `/${url}`,
    headers: Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), String(value)])),
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}

function parseBody(body: string): { readonly requests?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as { readonly requests?: unknown };
  } catch {
    throw badBatch('The body is not JSON.');
  }
}

function toRequest(item: BatchItem, outer: EmulatedRequest): EmulatedRequest {
  const [path, ...query] = item.url.split('?');
  const { authorization } = outer.headers;
  return {
    method: item.method,
    path: `/v1.0${path}`,
    query: query.join('?'),
    headers: { ...item.headers, authorization },
    origin: outer.origin,
    body: '',
  };
}

function toResponse(id: string, reply: Reply): ItemResponse {
  const kept = [
    'Content-Type',
    'Cache-Control',
    'OData-Version',
    'Retry-After',
    'Location',
    'x-ms-resource-unit',
    'Preference-Applied',
  ];
  const headers = Object.fromEntries(Object.entries(reply.headers).filter(([name]) => kept.includes(name)));
  if (reply.body === '') return { id, status: reply.status, headers };
  const json = headers['Content-Type']?.startsWith('application/json') === true;
  // A body that is not JSON travels as base64 (json-batching).
  return {
    id,
    status: reply.status,
    headers,
    body: json ? (JSON.parse(reply.body) as unknown) : Buffer.from(reply.body).toString('base64'),
  };
}

function failedDependency(id: string): ItemResponse {
  const error = { code: 'FailedDependency', message: 'A request on which this one depends failed.' };
  return { id, status: 424, headers: { 'Content-Type': 'application/json' }, body: { error } };
}

function badBatch(message: string): GraphFailure {
  return new GraphFailure(400, 'BadRequest', message);
}
