/** Each once, whatever its case, in an order that does not depend on how they were named. */
export function inOrder(names: readonly string[]): readonly string[] {
  const byKey = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) ?? key);
}
