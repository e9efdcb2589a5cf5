import type { MoveFact } from './move-fact.js';

/**
 * The facts that count, in the order in which they were so (`at`, then `key`): each key once, and without what was
 * retracted. Of two retractions that concern each other the later one decides. The order of the input plays no part.
 */
export function factsThatCount<Fact extends MoveFact>(facts: readonly Fact[]): readonly Fact[] {
  const ordered = isOrdered(facts) ? facts : withoutRepetition([...facts].sort(byTime));
  const retracted = retractedKeys(ordered);
  return ordered.filter(({ kind, key }) => kind !== 'retracted' && !retracted.has(key));
}

function byTime(one: MoveFact, other: MoveFact): number {
  return one.at.getTime() - other.at.getTime() || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);
}

function isOrdered(facts: readonly MoveFact[]): boolean {
  return facts.every((fact, index) => index === 0 || byTime(facts[index - 1]!, fact) < 0);
}

function withoutRepetition<Fact extends MoveFact>(ordered: readonly Fact[]): readonly Fact[] {
  const keys = new Set<string>();
  return ordered.filter(({ key }) => !keys.has(key) && keys.add(key));
}

function retractedKeys(ordered: readonly MoveFact[]): ReadonlySet<string> {
  const retracted = new Set<string>();
  for (let index = ordered.length - 1; index >= 0; index--) {
    const fact = ordered[index]!;
    if (fact.kind === 'retracted' && !retracted.has(fact.key)) retracted.add(fact.details.key);
  }
  return retracted;
}
