import { randomUUID } from 'node:crypto';

/**
 * A refusal in Microsoft Graph's terms. Whoever notices that a request cannot be answered throws it; the emulator turns it
 * into the documented error body.
 */
export class GraphFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GraphFailure';
  }
}

/** Says honestly that Graph would answer here and the emulator does not. */
export function notEmulated(what: string): GraphFailure {
  return new GraphFailure(501, 'EmulatorNotSupported', `The emulator of Microsoft Graph does not support ${what}.`);
}

/** The identifiers that Graph puts into the headers and the error body of one answer. */
export interface RequestIdentity {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** A fresh request id, and the caller's own id or, when it sent none, the same one. */
export function identifyRequest(clientRequestId: string | undefined): RequestIdentity {
  const requestId = randomUUID();
  return { requestId, clientRequestId: clientRequestId ?? requestId };
}

/**
 * The documented error body. Dates carry no zone, as Graph writes them
 * (microsoft-graph-docs-contrib concepts/errors.md, json-batching sample of 2025).
 */
export function errorBody(
  code: string,
  message: string,
  identity: RequestIdentity,
  now: Date,
  extra: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    error: {
      code,
      message,
      ...extra,
      innerError: {
        date: now.toISOString().slice(0, 19),
        'request-id': identity.requestId,
        'client-request-id': identity.clientRequestId,
      },
    },
  });
}
