/** A Teams call of the demonstration: what the service knows of it at any time follows from this. */
export interface Call {
  /** A GUID in lower case. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** JSON of Microsoft Graph's call records. */
export type CallJson = Readonly<Record<string, unknown>>;

/** The calls of a tenant. Whoever keeps one may make the calls as they are asked for. */
export interface CallBook<C extends Call = Call> {
  /**
   * Calls that began from `from` to before `until`, in the order of their beginnings, behind the call `after` if given.
   */
  between(from: number, until: number, after: string | null): Iterable<C>;
  find(id: string): C | undefined;
  /** The version in which a call is known at a time, or 0 before the service knows of it. */
  versionAt(call: C, now: number): number;
  /** Whether the record behind a listed call can be had at a time. */
  isReadable(call: C, now: number): boolean;
  /** The record without its sessions. */
  record(call: C, version: number): CallJson;
  /** The sessions with their segments. */
  sessions(call: C, version: number): readonly CallJson[];
}
