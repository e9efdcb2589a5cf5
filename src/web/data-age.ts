/** How long an answer counts before the next page asks again. */
const FRESH_MILLISECONDS = 30_000;

/**
 * How old the data on the pages is: asked at most twice a minute per process, beside the pages, so that none of them
 * waits for it or fails with it.
 */
export class DataAge {
  private known: Date | null = null;
  private askedAt = -Infinity;

  constructor(
    private readonly ask: () => Promise<Date | null>,
    private readonly now: () => number = Date.now,
  ) {}

  /** When the stalest source was last read in full, as far as it is known; null before the first answer. */
  current(): Date | null {
    if (this.now() - this.askedAt >= FRESH_MILLISECONDS) void this.refresh();
    return this.known;
  }

  /** Asks now. A database that does not answer leaves what was known. */
  async refresh(): Promise<void> {
    this.askedAt = this.now();
    this.known = await this.ask().catch(() => this.known);
  }
}
