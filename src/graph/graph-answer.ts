import type { ExpectedAnswer } from './graph-call.js';
import { brokenContract, classifyAnswer, describeContentType, GraphFailure, sanitise } from './graph-errors.js';
import type { TransportAnswer } from './graph-http.js';

/**
 * Checks one complete answer and returns its body: parsed JSON, or the text itself where text was expected.
 *
 * JSON.parse rounds whole numbers beyond 2^53 to the nearest double and keeps the last of two equal keys. Neither can be
 * told afterwards. Graph's Int64 fields that we read are byte counts, shown in gigabytes, where the rounding is far below
 * one part in a million; ids are strings. A page whose second `value` hides the first is caught by whoever compares the
 * number of rows with an independent count.
 * @throws GraphFailure for every answer that is not what was expected.
 */
export function readAnswer(
  answer: TransportAnswer,
  expected: ExpectedAnswer,
  permission: string | null,
  now: Date,
): unknown {
  const { status, headers, text } = answer;
  // A batch may come as 200 or, when an item was throttled, as 424; both carry `responses`.
  const envelope = expected === 'batch' && status === 424;
  if ((status < 200 || status >= 300) && !envelope) throw classifyAnswer({ status, headers, text, permission, now });

  const requestId = sanitise(headers.get('request-id'));
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const wanted = expected === 'text' ? 'text/plain' : 'application/json';
  if (type !== wanted || status === 204) {
    throw brokenContract(`Instead of ${wanted} came ${describeContentType(headers)} (status ${status})`, {
      status,
      requestId,
    });
  }
  if (expected === 'text') return text;

  const body = parseWhole(text, status, requestId);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw brokenContract(`The answer is not a JSON object (status ${status})`, { status, requestId });
  }
  if ('error' in body) {
    const { graphCode } = classifyAnswer({ status: 400, headers, text, permission, now });
    throw brokenContract(`An error came with status ${status} (code ${graphCode ?? 'none'})`, {
      status,
      requestId,
      graphCode,
    });
  }
  return body;
}

function parseWhole(text: string, status: number, requestId: string | null): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new GraphFailure('temporary', `The answer was cut off or is not valid JSON (${text.length} characters).`, {
      status,
      requestId,
      fix: 'The next run tries again. If it lasts, a proxy on the way cuts answers off.',
    });
  }
}
