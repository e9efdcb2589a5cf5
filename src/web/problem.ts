import { HttpException } from '@nestjs/common';
import { InputError, UntetherError, type FieldError, type LogLevel } from '../common/errors.js';
import { SQLSTATE, isDatabaseDown, sqlstateOf } from '../database/sqlstate.js';

/** An error as the outside may know it. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What happened and what to do next, in plain words. */
  readonly detail: string;
  readonly fields: readonly FieldError[];
  readonly logLevel: LogLevel;
}

/** Titles of the refusals that come from HTTP itself. */
const REFUSALS: Readonly<Record<number, readonly [title: string, detail: string]>> = {
  400: ['The request is not valid', 'Check the address and try again.'],
  401: ['Sign in first', 'Sign in and try again.'],
  403: ['Not allowed', 'You may not do this. If you need to, ask the service desk for the role.'],
  404: ['Not found', 'There is nothing at this address. Check that it is typed or copied completely.'],
  405: ['Method not allowed', 'Use one of the methods that the Allow header of this answer names.'],
  408: ['The request took too long to arrive', 'Send it again.'],
  413: ['The request is too large', 'Send less in one request.'],
  414: ['The address is too long', 'Shorten the address and try again.'],
  415: ['The format of the request is not supported', 'This address takes no such body.'],
  421: ['Wrong host', 'Untether only answers at localhost, 127.0.0.1 and [::1] until it has a sign-in.'],
  429: ['Too many requests', 'Wait a minute and try again.'],
  431: ['The headers are too large', 'Send fewer or shorter headers.'],
};

/** Decides once what every error means for who asked: its status, its words and how loudly it is logged. */
export function describeProblem(error: unknown): Problem {
  if (error instanceof UntetherError) {
    const { status, title, message, logLevel } = error;
    return { status, title, detail: message, fields: error instanceof InputError ? error.fields : [], logLevel };
  }
  if (isDatabaseDown(error)) {
    return unavailable('The database does not answer. Nothing is lost; try again in a minute.');
  }
  if (sqlstateOf(error) === SQLSTATE.queryCanceled) {
    return unavailable('The database took too long to answer. Ask for less, or try again in a minute.');
  }
  const status = statusOf(error);
  const refusal = REFUSALS[status] ?? (status >= 400 && status < 500 ? REFUSALS[400] : undefined);
  if (refusal) return { status, title: refusal[0], detail: refusal[1], fields: [], logLevel: 'info' };
  return {
    status: 500,
    title: 'Something went wrong',
    detail: 'This is a fault in Untether. Try again; if it stays, report it with the request id below.',
    fields: [],
    logLevel: 'error',
  };
}

function unavailable(detail: string): Problem {
  return { status: 503, title: 'Not available at the moment', detail, fields: [], logLevel: 'warn' };
}

/** The status that Nest or Fastify gave to an error of their own. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' ? statusCode : 500;
}
