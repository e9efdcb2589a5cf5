/** A request as the emulator's services see it: from the wire, or one item of a `$batch`. */
export interface EmulatedRequest {
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  /** Query without the question mark, as sent; empty when there is none. */
  readonly query: string;
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Scheme and authority the client called, for links in the answer. */
  readonly origin: string;
  readonly body: string;
}

/** An answer before it goes onto the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for an answer without a body. */
  readonly body: string;
  /** Resource units that the answer cost, for the log. */
  readonly resourceUnits?: number;
}

/** A JSON answer of the emulator's own surfaces (token endpoint, administration), outside Graph's conventions. */
export function jsonReply(status: number, content: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      ...headers,
    },
    body: JSON.stringify(content),
  };
}
