import { randomUUID } from 'node:crypto';

import { errorBody, type RequestIdentity } from '../graph-failure.js';
import type { FaultNameAt } from './catalogue.js';
import type { Fault } from './fault.js';
import type { Effect } from './fault-set.js';

/** What an answer fault needs to know of the request it answers. */
export interface AnswerContext {
  readonly identity: RequestIdentity;
  readonly now: Date;
  readonly tenantId: string;
  readonly clientId: string;
  /** Where a client restarts the read after its delta token is gone. */
  readonly restartUrl: string;
}

/** An answer instead of the true one; the standard headers are added later. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answerer = (fault: Fault, context: AnswerContext) => FaultAnswer;

/** The answer of a fault of the stage `answer`. */
export function answerOf({ fault }: Effect, context: AnswerContext): FaultAnswer {
  return ANSWERS[fault.name as FaultNameAt<'answer'>](fault, context);
}

const ANSWERS: Readonly<Record<FaultNameAt<'answer'>, Answerer>> = {
  throttled: (fault, context) => directoryThrottled(fault.value ?? String(fault.seconds), context),
  'throttled-documented': (fault, context) => documentedThrottled(fault.value ?? String(fault.seconds), context),
  'throttled-intune': (_, context) => intuneThrottled(context),
  'throttled-date': (fault, context) =>
    directoryThrottled(new Date(context.now.getTime() + (fault.seconds ?? 0) * 1000).toUTCString(), context),
  unavailable: (fault, context) =>
    error(context, 503, 'ServiceUnavailable', 'The service is temporarily unavailable.', {
      'Retry-After': fault.value ?? String(fault.seconds),
    }),
  'gateway-timeout': (_, context) =>
    error(context, 504, 'UnknownError', 'The gateway did not receive a response in time.'),
  'gateway-timeout-html': () =>
    html(504, '<html><head><title>504 Gateway Time-out</title></head><body>504</body></html>'),
  'bad-gateway': () => ({ status: 502, headers: {}, body: '' }),
  'server-error': (_, context) => error(context, 500, 'UnknownError', ''),
  'html-page': () =>
    html(200, '<!doctype html><html><title>Sign in</title><body>Please sign in to the network.</body></html>'),
  'no-content': () => ({ status: 204, headers: {}, body: '' }),
  status: (fault, context) =>
    error(context, fault.status ?? 400, fault.value ?? 'BadRequest', 'The request was refused.'),
  unauthorised: (_, context) =>
    error(context, 401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.', {
      'WWW-Authenticate': 'Bearer realm="", error="invalid_token"',
    }),
  forbidden: (_, context) =>
    error(context, 403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  'forbidden-intune': (_, context) =>
    error(context, 403, 'Forbidden', intuneMessage('Application is not authorized to perform this operation.')),
  'unlicensed-premium': (_, context) =>
    error(
      context,
      403,
      'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
      "Neither tenant is B2C or tenant doesn't have premium license",
    ),
  'unlicensed-intune': (_, context) =>
    error(context, 400, 'BadRequest', intuneMessage('Request not applicable to target tenant.')),
  'expired-page-token': (_, context) =>
    error(
      context,
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
    ),
  gone: (_, context) =>
    error(
      context,
      410,
      'syncStateNotFound',
      'The delta token is no longer valid; read the collection from the start.',
      {
        Location: context.restartUrl,
      },
    ),
  'sync-state-not-found': (fault, context) =>
    error(
      context,
      fault.status ?? 400,
      'syncStateNotFound',
      'The sync state generation is not found; continue with a full synchronisation.',
    ),
};

function error(
  context: AnswerContext,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FaultAnswer {
  return { status, headers, body: errorBody(code, message, context.identity, context.now) };
}

function html(status: number, body: string): FaultAnswer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** Status 429 of the directory services, with its scope and reason. */
export function directoryThrottled(retryAfter: string, context: AnswerContext): FaultAnswer {
  return {
    status: 429,
    headers: {
      'Retry-After': retryAfter,
      'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${context.clientId}/${context.tenantId}`,
      'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
    },
    body: errorBody('TooManyRequests', 'Too many requests.', context.identity, context.now),
  };
}

/** Status 429 of Intune, which says neither when to come back nor why (recorded: microsoft learn questions 5784629). */
export function intuneThrottled(context: AnswerContext): FaultAnswer {
  const body = errorBody('TooManyRequests', 'An error has occurred.', context.identity, context.now, { details: [] });
  return { status: 429, headers: {}, body };
}

function documentedThrottled(retryAfter: string, context: AnswerContext): FaultAnswer {
  const innerError = {
    code: '429',
    date: context.now.toISOString().slice(0, 19),
    message: 'Please retry after',
    'request-id': context.identity.requestId,
    status: '429',
  };
  const body = JSON.stringify({ error: { code: 'TooManyRequests', innerError, message: 'Please retry again later.' } });
  return { status: 429, headers: { 'Retry-After': retryAfter }, body };
}

/** Intune's habit of putting JSON text into an error's message. */
export function intuneMessage(text: string): string {
  return JSON.stringify({
    _version: 3,
    Message: `${text} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: ${randomUUID()}`,
    CustomApiErrorPhrase: '',
    RetryAfter: null,
    ErrorSourceService: '',
    HttpHeaders: '{}',
  });
}
