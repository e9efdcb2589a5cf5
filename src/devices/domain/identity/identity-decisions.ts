import type { MachineClusters } from './machine-clusters.js';

/** A person's word: records with one `machine` number are one machine, with different numbers different machines. */
export interface IdentityDecision {
  readonly id: number;
  readonly records: readonly { readonly recordId: number; readonly machine: number }[];
}

/**
 * Applies what people decided, before anything is matched. Where two decisions contradict each other the later one
 * holds. Records that are not there are passed over.
 */
export function applyDecisions(clusters: MachineClusters, decisions: readonly IdentityDecision[]): void {
  if (decisions.length === 0) return;
  const positions = new Map(clusters.records.map((record, position) => [record.id, position]));
  for (const decision of [...decisions].sort((a, b) => b.id - a.id)) {
    const machines = new Map<number, number[]>();
    for (const { recordId, machine } of decision.records) {
      const position = positions.get(recordId);
      if (position === undefined) continue;
      const members = machines.get(machine);
      if (members) members.push(position);
      else machines.set(machine, [position]);
    }
    const sides = [...machines.values()].map((members) => members.sort((a, b) => a - b));
    for (const side of sides) joinUnlessForbidden(clusters, side);
    for (const [index, side] of sides.entries()) {
      for (const other of sides.slice(index + 1)) forbidUnlessJoined(clusters, side, other);
    }
  }
}

function joinUnlessForbidden(clusters: MachineClusters, side: readonly number[]): void {
  const [first, ...rest] = side;
  if (first === undefined) return;
  for (const position of rest) {
    if (!clusters.isForbidden(clusters.members(first), clusters.members(position))) {
      clusters.join(first, position);
    }
  }
}

function forbidUnlessJoined(clusters: MachineClusters, side: readonly number[], other: readonly number[]): void {
  for (const a of side) {
    for (const b of other) {
      if (clusters.find(a) !== clusters.find(b)) clusters.forbid(a, b);
    }
  }
}
