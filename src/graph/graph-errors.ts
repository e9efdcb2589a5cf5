/**
 * Everything that can go wrong between this application and Microsoft Graph. The set is closed: whoever reads Graph
 * decides what each code means for the work at hand, in one place.
 *
 * - `throttled`: told to slow down for longer than the caller has time.
 * - `temporary`: the network, a proxy or the service failed, and went on failing for as long as it was worth trying.
 * - `unauthorised`: this application could not prove who it is.
 * - `forbidden`: a permission (consent) is missing; `permission` names it.
 * - `unlicensed`: the tenant does not own the licence that this data needs.
 * - `cursor_lost`: the stored delta link or page token is no longer known; read everything again.
 * - `contract_broken`: the answer is not what Graph documents, or the request was refused as wrong. Never retried.
 */
export type GraphFailureCode =
  'throttled' | 'temporary' | 'unauthorised' | 'forbidden' | 'unlicensed' | 'cursor_lost' | 'contract_broken';

/** What is known of a failure besides its code and its message. */
export interface GraphFailureDetails {
  readonly status?: number | null;
  readonly graphCode?: string | null;
  readonly requestId?: string | null;
  readonly permission?: string | null;
  readonly retryAfterSeconds?: number | null;
  readonly fix: string;
}

/**
 * A failed call. Neither the message nor any field holds a token, a URL, Microsoft's free text (which quotes names) or
 * personal data, so all of it may be logged and shown.
 */
export class GraphFailure extends Error {
  override readonly name = 'GraphFailure';
  readonly code: GraphFailureCode;
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** Microsoft's own error code such as `Authorization_RequestDenied` or `AADSTS7000222`, at most 80 characters. */
  readonly graphCode: string | null;
  /** Microsoft's `request-id`, to be quoted to their support. */
  readonly requestId: string | null;
  /** For `forbidden`: the application permission that the caller said this read needs. */
  readonly permission: string | null;
  /** How long the service asked us to wait, in seconds, when it did so usably. */
  readonly retryAfterSeconds: number | null;
  /** What an administrator does next, in words. */
  readonly fix: string;

  constructor(code: GraphFailureCode, message: string, details: GraphFailureDetails) {
    super(message);
    this.code = code;
    this.status = details.status ?? null;
    this.graphCode = details.graphCode ?? null;
    this.requestId = details.requestId ?? null;
    this.permission = details.permission ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.fix = details.fix;
  }

  /**
   * For `cursor_lost`: true when only the token of the next page ran out in the middle of a read. Starting the same read
   * again is then enough; a lost delta link needs a full read instead.
   */
  get pageTokenExpired(): boolean {
    return this.code === 'cursor_lost' && this.graphCode?.toLowerCase() === EXPIRED_PAGE_TOKEN;
  }
}

/** One answer of the service, as far as classifying it needs. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The permission that the caller says the request needs. */
  readonly permission: string | null;
  /** The local time, used only where an answer carries no `Date`. */
  readonly now: Date;
}

const EXPIRED_PAGE_TOKEN = 'directory_expiredpagetoken';
/** learn.microsoft.com/graph/delta-query-overview, "Synchronization reset", and the expiry of page tokens. */
const CURSOR_LOST = new Set([
  'syncstatenotfound',
  'syncstateinvalid',
  'resyncrequired',
  'resyncchangesapplydifferences',
  'resyncchangesuploaddifferences',
  EXPIRED_PAGE_TOKEN,
]);
const NO_PREMIUM = 'authentication_requestfromnonpremiumtenantorb2ctenant';
const NOT_FOR_TENANT = /request not applicable to target tenant/i;
const THROTTLED = new Set(['toomanyrequests', 'request_throttledtemporarily']);
const TEMPORARY_STATUSES = new Set([408, 500, 502, 503, 504]);

/**
 * Turns an answer that is not a success into a failure. Tolerates what the service really sends: `innerError` or
 * `innererror` (at any depth), Intune's JSON text inside `message`, HTML from a gateway, and nothing at all.
 */
export function classifyAnswer(answer: FailedAnswer): GraphFailure {
  const { codes, messages, requestId } = readErrorBody(answer.text);
  const lowered = codes.map((code) => code.toLowerCase());
  const lostCode = codes.find((code) => CURSOR_LOST.has(code.toLowerCase()));
  const { status } = answer;
  const details = {
    status,
    graphCode: lostCode ?? codes[0] ?? null,
    requestId: sanitise(answer.headers.get('request-id')) ?? requestId,
    retryAfterSeconds: readRetryAfter(answer.headers, answer.now),
  };
  const facts = describe(details);

  if (status === 429 || lowered.some((code) => THROTTLED.has(code))) {
    return new GraphFailure('throttled', `Microsoft Graph asked for a pause (${facts}).`, {
      ...details,
      fix: 'Nothing to do: the next run tries again. If it happens every day, run less often or at night.',
    });
  }
  if (status === 410 || (status >= 400 && status < 500 && lostCode !== undefined)) {
    return new GraphFailure('cursor_lost', `Microsoft Graph no longer knows where the last read ended (${facts}).`, {
      ...details,
      fix: 'Nothing to do: the next read starts from the beginning.',
    });
  }
  if (status === 401) {
    return new GraphFailure('unauthorised', `Microsoft Graph did not accept the access token (${facts}).`, {
      ...details,
      fix: 'Check that the app registration still exists, is enabled and belongs to this tenant.',
    });
  }
  if (
    lowered.includes(NO_PREMIUM) ||
    (status >= 400 && status < 500 && messages.some((message) => NOT_FOR_TENANT.test(message)))
  ) {
    return new GraphFailure('unlicensed', `The tenant has no licence for this data (${facts}).`, {
      ...details,
      fix: 'Buy or assign the licence that this data needs (Entra ID P1 or Intune), or switch this source off.',
    });
  }
  if (status === 403) {
    const needed = answer.permission ?? 'that this read needs';
    return new GraphFailure('forbidden', `Microsoft Graph refused the read: no permission ${needed} (${facts}).`, {
      ...details,
      permission: answer.permission,
      fix: `In Entra ID, App registrations, API permissions: add the application permission ${needed} for Microsoft Graph and grant admin consent. It can take minutes to take effect.`,
    });
  }
  if (TEMPORARY_STATUSES.has(status) || (status > 505 && status < 600)) {
    return new GraphFailure('temporary', `Microsoft Graph is not working properly at the moment (${facts}).`, {
      ...details,
      fix: 'Nothing to do: the next run tries again. If it lasts, see the Microsoft 365 service health page.',
    });
  }
  return brokenContract(`Microsoft Graph refused the request as wrong (${facts})`, details);
}

/** A `contract_broken` failure: `what` is a sentence without its full stop. */
export function brokenContract(what: string, details: Omit<GraphFailureDetails, 'fix'> = {}): GraphFailure {
  return new GraphFailure('contract_broken', `${what}.`, {
    ...details,
    fix: 'Check that no proxy or portal answers in place of Microsoft Graph and that its address is right. If both are, report this with the request id.',
  });
}

/**
 * `Retry-After` in seconds: a whole number, a decimal ("2.128"), or an HTTP date counted from the answer's own `Date` so
 * that a wrong local clock does no harm. Null when absent or unusable: zero, negative, past, empty or garbage.
 */
export function readRetryAfter(headers: Headers, now: Date): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  // "1e9" is no valid header but its meaning is plain, and reading it as garbage would mean coming back too early.
  if (/^\d+(\.\d+)?(e\d+)?$/i.test(value)) return Number(value) > 0 ? Number(value) : null;
  const until = readHttpDate(value);
  if (until === null) return null;
  const seconds = (until - (readHttpDate(headers.get('date') ?? '') ?? now.getTime())) / 1000;
  return seconds > 0 ? seconds : null;
}

/** Microsoft's identifiers reduced to what may safely be stored and shown, or null when nothing is left. */
export function sanitise(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return value.replace(/[^A-Za-z0-9_.-]/g, '').slice(0, 80) || null;
}

/** An answer's media type, in a form for messages. */
export function describeContentType(headers: Headers): string {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' ? 'no content type' : `content type ${type.replace(/[^a-z0-9/.+-]/g, '').slice(0, 80)}`;
}

/** The status, error code and request id of a failure in a form for messages. */
function describe(details: { status: number; graphCode: string | null; requestId: string | null }): string {
  return [
    `status ${details.status}`,
    ...(details.graphCode === null ? [] : [`code ${details.graphCode}`]),
    ...(details.requestId === null ? [] : [`request ${details.requestId}`]),
  ].join(', ');
}

function readHttpDate(value: string): number | null {
  // Date.parse reads nearly anything ("-1" is the year 2001 to it), so only what starts like an HTTP date gets there.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

interface ErrorBody {
  readonly codes: string[];
  readonly messages: string[];
  readonly requestId: string | null;
}

/** Collects the codes and messages of an error body, outermost first. Anything that is not such a body gives none. */
function readErrorBody(text: string): ErrorBody {
  const codes: string[] = [];
  const messages: string[] = [];
  let requestId: string | null = null;
  let layer = property(parse(text), 'error');
  for (let depth = 0; depth < 5 && layer !== undefined && layer !== null; depth += 1) {
    const code = sanitise(property(layer, 'code'));
    if (code !== null) codes.push(code);
    const message = property(layer, 'message');
    if (typeof message === 'string') {
      messages.push(message);
      const nested = message.startsWith('{') ? parse(message) : null;
      for (const name of ['ErrorCode', 'errorCode', 'code']) {
        const nestedCode = sanitise(property(nested, name));
        if (nestedCode !== null) codes.push(nestedCode);
      }
    }
    requestId ??= sanitise(property(layer, 'request-id'));
    layer = property(layer, 'innerError') ?? property(layer, 'innererror');
  }
  return { codes, messages, requestId };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
