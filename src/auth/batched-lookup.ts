/**
 * Answers many questions that arrive together with one query. While a query is under way new questions wait for the
 * next one, so an answer is never older than its question: nothing is kept from one request to another, and a busy
 * process still asks the database far less than once a request.
 */
export class BatchedLookup<Answer> {
  private waiting = new Map<string, Promise<Answer | null>>();
  private underWay: Promise<unknown> = Promise.resolve();

  /** @param read answers all of these keys at once; a key that is left out has no answer. */
  constructor(private readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>) {}

  /** The answer for a key as it is now, or null. */
  find(key: string): Promise<Answer | null> {
    const asked = this.waiting.get(key);
    if (asked) return asked;
    if (this.waiting.size === 0) this.schedule();
    const answer = this.next.then((answers) => answers.get(key) ?? null);
    this.waiting.set(key, answer);
    return answer;
  }

  private next: Promise<ReadonlyMap<string, Answer>> = Promise.resolve(new Map());

  private schedule(): void {
    this.next = this.underWay.then(() => {
      const keys = [...this.waiting.keys()];
      this.waiting = new Map();
      return this.read(keys);
    });
    // A query that fails is the trouble of those who wait for it, and of nobody after them.
    this.underWay = this.next.catch(() => undefined);
  }
}
