/** Who manages whom: each person has at most one manager. */
export class ManagerLinks {
  readonly #managers = new Map<string, string>();
  readonly #reports = new Map<string, Set<string>>();

  managerOf(userId: string): string | null {
    return this.#managers.get(userId) ?? null;
  }

  /** The people whose manager this is, in the order in which they came to be. */
  reportsOf(userId: string): readonly string[] {
    return [...(this.#reports.get(userId) ?? [])];
  }

  /** True when the link is another one than before. */
  set(userId: string, managerId: string | null): boolean {
    const before = this.managerOf(userId);
    if (before === managerId) return false;
    if (before !== null) this.#reports.get(before)?.delete(userId);
    if (managerId === null) {
      this.#managers.delete(userId);
      return true;
    }
    this.#managers.set(userId, managerId);
    const reports = this.#reports.get(managerId);
    if (reports === undefined) this.#reports.set(managerId, new Set([userId]));
    else reports.add(userId);
    return true;
  }
}
