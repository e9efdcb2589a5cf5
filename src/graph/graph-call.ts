import type { MiddlewareOptions } from '@microsoft/microsoft-graph-client';
import type { TransportAnswer } from './graph-http.js';
import type { GraphLaneName } from './graph-lane.js';
import type { GraphMeter } from './graph-meter.js';

/** What a caller says about any read. */
export interface GraphReadOptions {
  readonly headers?: Record<string, string>;
  /** The application permission that the read needs, named in a `forbidden` failure. */
  readonly permission: string;
  readonly lane: GraphLaneName;
  readonly meter: GraphMeter;
  /** Ends the read; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Epoch milliseconds at which the whole run has to be over. */
  readonly deadline?: number;
}

/** What kind of answer is acceptable. */
export type ExpectedAnswer = 'json' | 'text' | 'batch';

/**
 * One call on its way through the middleware. The official client re-orders and re-parses query strings, and wraps or
 * drops errors thrown below it; so the exact URL travels here, and the outcome travels back here.
 */
export class GraphCall implements MiddlewareOptions {
  readonly signal: AbortSignal | null;
  readonly deadline: number | null;
  readonly meter: GraphMeter;
  answer: TransportAnswer | null = null;
  /** The checked body: parsed JSON, or text where that was expected. */
  body: unknown = undefined;
  failure: unknown = undefined;
  /** The token that the last attempt carried. */
  token: string | null = null;
  /** The token that Graph answered with 401. */
  refusedToken: string | null = null;
  /** Our own id of the last attempt, which Microsoft keeps with theirs. */
  clientRequestId: string | null = null;
  transferredMilliseconds = 0;

  constructor(
    readonly url: string,
    readonly options: GraphReadOptions,
    readonly expected: ExpectedAnswer,
    /** What the call costs in the pace of its lane. */
    readonly cost = 1,
  ) {
    this.signal = options.signal ?? null;
    this.deadline = options.deadline ?? null;
    this.meter = options.meter;
  }
}
