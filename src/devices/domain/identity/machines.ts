import { identifierComponents, linkByIdentifiers } from './identifier-links.js';
import { applyDecisions, type IdentityDecision } from './identity-decisions.js';
import { IDENTIFIER_KINDS, keyName, type IdentityRecord } from './identity-record.js';
import { MachineClusters } from './machine-clusters.js';
import { linkBySerialNumbers, type SerialTie } from './serial-links.js';

export const REVIEW_KINDS = ['same_serial', 're_enrolled', 'conflicting_identity'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** A question for a person: are these one machine or several? */
export interface ReviewFinding {
  readonly kind: ReviewKind;
  /** What it is about, the same for as long as the question is: the serial number with its makers, or the id. */
  readonly fingerprint: string;
  /** What the machines have in common. */
  readonly shared: { readonly key: 'serial' | 'autopilot' | 'managed' | 'entra'; readonly value: string };
  /** Record ids of each machine, ascending. */
  readonly machines: readonly (readonly number[])[];
}

/** Records by machine, and the questions that are left. */
export interface ResolvedMachines {
  /** Record ids of each machine, ascending. */
  readonly machines: readonly (readonly number[])[];
  readonly reviews: readonly ReviewFinding[];
}

/**
 * Says which records are one physical machine. Given all records that share a key directly or through others, the
 * result depends on nothing but the records and the decisions: not on the order of either, nor on earlier results.
 * @param shared names of keys that so many records carry that they identify nothing (see `keyName`)
 * @param now milliseconds since 1970; times further ahead than a day are not believed
 */
export function resolveMachines(
  records: readonly IdentityRecord[],
  decisions: readonly IdentityDecision[],
  shared: ReadonlySet<string>,
  now: number,
): ResolvedMachines {
  const clusters = new MachineClusters([...records].sort(canonically), shared, now);
  applyDecisions(clusters, decisions);
  linkByIdentifiers(clusters);
  const ties = linkBySerialNumbers(clusters);
  const groups = clusters.all();
  const membersOf = new Map(groups.map((group) => [group[0] ?? 0, group]));
  const toIds = (positions: readonly number[]): number[] =>
    positions.map((position) => clusters.records[position]?.id ?? 0).sort((a, b) => a - b);

  const reviews: ReviewFinding[] = [];
  const ask = (finding: Omit<ReviewFinding, 'machines'>, positions: readonly number[]): void => {
    const roots = [...new Set(positions.map((position) => clusters.find(position)))];
    const machines = roots.map((root) => membersOf.get(root) ?? []);
    if (!isUndecided(clusters, machines)) return;
    reviews.push({ ...finding, machines: machines.map(toIds) });
  };
  for (const component of identifierComponents(clusters)) {
    const contested = contestedKey(clusters, component);
    if (contested !== null) {
      const [key, value] = contested;
      ask({ kind: 'conflicting_identity', fingerprint: keyName(key, value), shared: { key, value } }, component);
    }
  }
  for (const tie of ties) {
    ask(
      { kind: tie.kind, fingerprint: fingerprintOf(tie), shared: { key: 'serial', value: tie.serial } },
      tie.clusters,
    );
  }
  return { machines: groups.map(toIds), reviews };
}

function canonically(a: IdentityRecord, b: IdentityRecord): number {
  if (a.externalId !== b.externalId) return a.externalId < b.externalId ? -1 : 1;
  return a.source < b.source ? -1 : 1;
}

/** Whether there are two of these machines of which no person has said that they are different. */
function isUndecided(clusters: MachineClusters, machines: readonly (readonly number[])[]): boolean {
  return machines.some((machine, index) =>
    machines.slice(index + 1).some((other) => !clusters.isForbidden(machine, other)),
  );
}

/** The first id, in order, that records of different machines carry; null when the component is one machine. */
function contestedKey(
  clusters: MachineClusters,
  component: readonly number[],
): readonly [(typeof IDENTIFIER_KINDS)[number], string] | null {
  const first = clusters.find(component[0] ?? 0);
  if (component.every((position) => clusters.find(position) === first)) return null;
  const machineOf = new Map<string, number>();
  const contested: (readonly [(typeof IDENTIFIER_KINDS)[number], string])[] = [];
  for (const position of component) {
    for (const kind of IDENTIFIER_KINDS) {
      const value = clusters.keys[position]?.[kind];
      if (!value) continue;
      const machine = clusters.find(position);
      const known = machineOf.get(keyName(kind, value));
      if (known === undefined) machineOf.set(keyName(kind, value), machine);
      else if (known !== machine) contested.push([kind, value]);
    }
  }
  const order = (key: readonly [string, string]): string => `${key[0]}:${key[1]}`;
  return contested.sort((a, b) => (order(a) < order(b) ? -1 : 1))[0] ?? null;
}

function fingerprintOf(tie: SerialTie): string {
  return [keyName('serial', tie.serial), ...tie.makers].join(' ');
}
