/** One answered request. */
export interface LoggedRequest {
  /** When it arrived, ISO 8601 in UTC. */
  readonly time: string;
  readonly method: string;
  /** Path with its query; tokens and all, as sent. */
  readonly path: string;
  /** 0 when the connection was cut without an answer. */
  readonly status: number;
  readonly durationMs: number;
  readonly resourceUnits: number;
  /** Names of the faults that shaped the answer. */
  readonly faults: readonly string[];
}

/** Totals since the emulator started. */
export interface RequestCounters {
  readonly requests: number;
  readonly resourceUnits: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** The latest requests, oldest first, in bounded memory, with totals over all of them. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private requests = 0;
  private resourceUnits = 0;
  private readonly byStatus = new Map<string, number>();

  constructor(private readonly capacity = 5000) {}

  add(entry: LoggedRequest): void {
    this.requests += 1;
    this.resourceUnits += entry.resourceUnits;
    const status = String(entry.status);
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1);
    this.entries.push(entry);
    // Trimmed in halves: shifting one entry per request would move the whole array each time.
    if (this.entries.length >= this.capacity * 2) this.entries = this.entries.slice(-this.capacity);
  }

  /** The latest entries, at most the log's capacity, oldest first. */
  latest(): readonly LoggedRequest[] {
    return this.entries.slice(-this.capacity);
  }

  counters(): RequestCounters {
    return { requests: this.requests, resourceUnits: this.resourceUnits, byStatus: Object.fromEntries(this.byStatus) };
  }
}
