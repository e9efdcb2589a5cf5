import { DisjointSets } from './disjoint-sets.js';
import { IDENTIFIER_KINDS, type IdentifierKind } from './identity-record.js';
import type { MachineClusters } from './machine-clusters.js';

/** A cluster while one kind of id is being looked at. */
interface Node {
  readonly members: readonly number[];
  readonly keys: ReadonlySet<string>;
  readonly serials: ReadonlySet<string>;
}

/**
 * Joins records that share an id, the most trusted kind first. What an id ties together stays apart when it holds
 * different real serial numbers, enrolments that were alive together, or machines that a person keeps apart; then
 * only the parts that nothing contests are joined.
 */
export function linkByIdentifiers(clusters: MachineClusters): void {
  joinReportsToTheirEnrolment(clusters);
  for (const kind of IDENTIFIER_KINDS) {
    for (const component of componentsOf(clusters, kind)) {
      const nodes = component.map((members) => toNode(clusters, members, kind));
      if (isContested(clusters, nodes)) joinUncontestedParts(clusters, nodes);
      else clusters.joinAll(component.flat());
    }
  }
}

/** The records that ids tie together directly or through others, however contested; a list of positions each. */
export function identifierComponents(clusters: MachineClusters): number[][] {
  const sets = new DisjointSets(clusters.records.length);
  for (const kind of IDENTIFIER_KINDS) {
    const first = new Map<string, number>();
    for (const [position, keys] of clusters.keys.entries()) {
      const value = keys[kind];
      if (value === null) continue;
      const known = first.get(value);
      if (known === undefined) first.set(value, position);
      else sets.join(known, position);
    }
  }
  return sets.groups().filter((group) => group.length > 1);
}

/** A readiness report is Intune's own and names the enrolment it is about, so nothing it repeats can contest that. */
function joinReportsToTheirEnrolment(clusters: MachineClusters): void {
  const enrolments = new Map<string, number>();
  for (const [position, record] of clusters.records.entries()) {
    const managed = clusters.keys[position]?.managed;
    if (managed && record.source === 'managed-devices') enrolments.set(managed, position);
  }
  for (const [position, record] of clusters.records.entries()) {
    const managed = clusters.keys[position]?.managed;
    const enrolment = managed && record.source === 'windows-readiness' ? enrolments.get(managed) : undefined;
    if (enrolment === undefined) continue;
    if (!clusters.isForbidden(clusters.members(position), clusters.members(enrolment))) {
      clusters.join(position, enrolment);
    }
  }
}

/** Groups of two or more clusters that share ids of one kind; a list of records for each cluster. */
function componentsOf(clusters: MachineClusters, kind: IdentifierKind): (readonly number[])[][] {
  const sets = new DisjointSets(clusters.records.length);
  const first = new Map<string, number>();
  const tied = new Set<number>();
  for (const [position, keys] of clusters.keys.entries()) {
    const value = keys[kind];
    if (value === null) continue;
    const cluster = clusters.find(position);
    const known = first.get(value);
    if (known === undefined) first.set(value, cluster);
    else if (known !== cluster) {
      sets.join(known, cluster);
      tied.add(known).add(cluster);
    }
  }
  return sets.groups(tied).map((group) => group.map((cluster) => clusters.members(cluster)));
}

function toNode(clusters: MachineClusters, members: readonly number[], kind: IdentifierKind): Node {
  const keys = new Set<string>();
  for (const position of members) {
    const value = clusters.keys[position]?.[kind];
    if (value) keys.add(value);
  }
  return { members, keys, serials: clusters.serials(members) };
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const value of a) if (b.has(value)) return true;
  return false;
}

function areInConflict(clusters: MachineClusters, a: Node, b: Node): boolean {
  if (clusters.isForbidden(a.members, b.members)) return true;
  if (intersects(a.serials, b.serials)) return false;
  return (a.serials.size > 0 && b.serials.size > 0) || clusters.overlap(a.members, b.members);
}

function isContested(clusters: MachineClusters, nodes: readonly Node[]): boolean {
  return nodes.some((node, index) => nodes.slice(index + 1).some((other) => areInConflict(clusters, node, other)));
}

/**
 * Among clusters that cannot all be one machine: those with one serial number and a common id are one, and those that
 * contradict nobody go with the only side that they touch, or with the only side that is still enrolled.
 */
function joinUncontestedParts(clusters: MachineClusters, nodes: readonly Node[]): void {
  const sameMachine = groupNodes(nodes, (a, b) => intersects(a.keys, b.keys) && intersects(a.serials, b.serials));
  for (const group of sameMachine) {
    if (!isContested(clusters, group)) clusters.joinAll(group.flatMap((node) => node.members));
  }
  const inConflict = (node: Node): boolean =>
    nodes.some((other) => other !== node && areInConflict(clusters, node, other));
  const sides = nodes.filter(inConflict);
  const floating = nodes.filter((node) => !sides.includes(node));
  for (const group of groupNodes(floating, (a, b) => intersects(a.keys, b.keys))) {
    clusters.joinAll(group.flatMap((node) => node.members));
    const touched = sides.filter((side) => group.some((node) => intersects(node.keys, side.keys)));
    const home =
      onlySide(clusters, touched) ??
      onlySide(
        clusters,
        touched.filter((side) => isEnrolled(clusters, side)),
      );
    if (home !== null) clusters.join(home, group[0]?.members[0] ?? home);
  }
}

function isEnrolled(clusters: MachineClusters, side: Node): boolean {
  return clusters.isShown(side.members, 'managed-devices');
}

/** The cluster that all these sides are by now, or null when there is none or more than one. */
function onlySide(clusters: MachineClusters, sides: readonly Node[]): number | null {
  const found = new Set(sides.map((side) => clusters.find(side.members[0] ?? 0)));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

function groupNodes(nodes: readonly Node[], belong: (a: Node, b: Node) => boolean): Node[][] {
  const sets = new DisjointSets(nodes.length);
  for (const [index, node] of nodes.entries()) {
    for (let other = index + 1; other < nodes.length; other++) {
      const second = nodes[other];
      if (second && belong(node, second)) sets.join(index, other);
    }
  }
  return sets.groups().map((group) => group.flatMap((index) => nodes[index] ?? []));
}
