import { DisjointSets } from './disjoint-sets.js';
import type { MachineClusters } from './machine-clusters.js';

/** Clusters with one serial number and manufacturer that may be one machine or several: a person has to say. */
export interface SerialTie {
  readonly kind: 'same_serial' | 're_enrolled';
  readonly serial: string;
  /** The manufacturers concerned, in order, without those that are unknown. */
  readonly makers: readonly string[];
  /** A record of each cluster. */
  readonly clusters: readonly number[];
}

interface Bearer {
  readonly members: readonly number[];
  readonly makers: ReadonlySet<string>;
}

/**
 * Joins clusters that share a real serial number and whose manufacturers do not differ, so that a machine known only
 * from its box joins its enrolment and a re-enrolled one keeps its past. Where two of them are enrolled at the same
 * time, or a person keeps them apart, none is joined and the tie is returned.
 */
export function linkBySerialNumbers(clusters: MachineClusters): SerialTie[] {
  const ties: SerialTie[] = [];
  for (const [serial, carriers] of sharedSerials(clusters)) {
    const bearers = bearersOf(clusters, serial, carriers);
    if (bearers.length < 2) continue;
    const known = bearers.filter((bearer) => bearer.makers.size > 0);
    const unknown = bearers.filter((bearer) => bearer.makers.size === 0);
    const families = groupByMaker(known);
    const groups = families.length > 1 ? families : [bearers];
    for (const group of groups) ties.push(...joinOrTie(clusters, serial, group));
    // The number alone does not say whose a record without a manufacturer is.
    if (families.length > 1 && unknown.length > 0) ties.push(tie(clusters, serial, bearers));
  }
  return ties;
}

/** Serial numbers that more than one cluster carries, in order, with the positions of the records that do. */
function sharedSerials(clusters: MachineClusters): [string, number[]][] {
  const carriers = new Map<string, number[]>();
  for (const [position, { serial }] of clusters.keys.entries()) {
    if (serial === null) continue;
    const known = carriers.get(serial);
    if (known) known.push(position);
    else carriers.set(serial, [position]);
  }
  return [...carriers]
    .filter(([, positions]) => {
      const first = clusters.find(positions[0] ?? 0);
      return positions.some((position) => clusters.find(position) !== first);
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The clusters whose own serial number this is, with their makers. */
function bearersOf(clusters: MachineClusters, serial: string, carriers: readonly number[]): Bearer[] {
  const members = [...new Set(carriers.map((position) => clusters.find(position)))].map((cluster) =>
    clusters.members(cluster),
  );
  return members
    .filter((list) => clusters.serials(list).has(serial))
    .map((list) => ({ members: list, makers: clusters.makers(list, serial) }));
}

function groupByMaker(bearers: readonly Bearer[]): Bearer[][] {
  const sets = new DisjointSets(bearers.length);
  const first = new Map<string, number>();
  for (const [index, bearer] of bearers.entries()) {
    for (const maker of bearer.makers) {
      const known = first.get(maker);
      if (known === undefined) first.set(maker, index);
      else sets.join(known, index);
    }
  }
  return sets.groups().map((group) => group.flatMap((index) => bearers[index] ?? []));
}

function joinOrTie(clusters: MachineClusters, serial: string, group: readonly Bearer[]): SerialTie[] {
  const isTied = group.some((bearer, index) =>
    group
      .slice(index + 1)
      .some(
        (other) =>
          clusters.isForbidden(bearer.members, other.members) ||
          clusters.rivalry(bearer.members, other.members) !== null,
      ),
  );
  if (isTied) return [tie(clusters, serial, group)];
  clusters.joinAll(group.flatMap((bearer) => bearer.members));
  return [];
}

function tie(clusters: MachineClusters, serial: string, group: readonly Bearer[]): SerialTie {
  const aliveTogether = group.some((bearer, index) =>
    group.slice(index + 1).some((other) => clusters.rivalry(bearer.members, other.members) === 'alive-together'),
  );
  return {
    kind: aliveTogether ? 'same_serial' : 're_enrolled',
    serial,
    makers: [...new Set(group.flatMap((bearer) => [...bearer.makers]))].sort(),
    clusters: group.map((bearer) => bearer.members[0] ?? 0),
  };
}
