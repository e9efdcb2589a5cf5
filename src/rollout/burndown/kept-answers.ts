/** Answers that a process keeps in mind, the latest ones. */
const MOST_KEPT = 40;

/** Keeps what takes a while to work out from what never changes. Another process works it out once more. */
export class KeptAnswers<Answer> {
  private readonly answers = new Map<string, Promise<Answer>>();

  /** The answer that is kept under a key, else that of `work`; one that fails is not kept. */
  async of(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const found = this.answers.get(key);
    if (found !== undefined) return found;
    const answer = work();
    this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key));
    const [oldest] = this.answers.keys();
    if (this.answers.size > MOST_KEPT && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }
}
