/** Members 0 to `size - 1` in sets that can only grow together; the name of a set is its lowest member. */
export class DisjointSets {
  readonly #parent: Int32Array;

  constructor(readonly size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, member) => member);
  }

  /** The lowest member of the set that `member` is in. */
  find(member: number): number {
    let root = member;
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root;
    for (let next = member; next !== root;) {
      const above = this.#parent[next] ?? root;
      this.#parent[next] = root;
      next = above;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first < second) this.#parent[second] = first;
    else this.#parent[first] = second;
  }

  joinAll(members: readonly number[]): void {
    for (const member of members) this.join(members[0] ?? member, member);
  }

  /** The sets as lists of members, both in ascending order. */
  groups(members: Iterable<number> = this.#parent.keys()): number[][] {
    const groups = new Map<number, number[]>();
    for (const member of members) {
      const root = this.find(member);
      const group = groups.get(root);
      if (group) group.push(member);
      else groups.set(root, [member]);
    }
    return [...groups.values()];
  }
}
