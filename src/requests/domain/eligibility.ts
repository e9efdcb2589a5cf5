import type { ProductKind } from './product-words.js';

/** What the rules need to know of a product. */
export interface RuledProduct {
  readonly id: number;
  readonly name: string;
  readonly kind: ProductKind;
  /** Most of it for one person; null without a limit. */
  readonly mostEach: number | null;
  readonly reasonNeeded: boolean;
  /** Whether whoever gets it gives back the machine that it replaces. */
  readonly replacesKind: boolean;
  readonly offered: boolean;
}

/** A line as it is asked for. */
export interface RuledLine {
  readonly id: number;
  readonly beneficiaryEntraId: string;
  readonly product: RuledProduct;
  readonly quantity: number;
  readonly exceptionReason: string | null;
  readonly privateReason: string | null;
  readonly replacesDeviceId: number | null;
}

/** A laptop or desktop that somebody has. */
export interface HeldMachine {
  readonly deviceId: number;
  /** The product that it is; null for a model that no product has. */
  readonly productId: number | null;
  readonly isPortable: boolean;
  /** False while it is only put aside for them, or its return is awaited already. */
  readonly isReturnable: boolean;
  readonly label: string;
}

/** What somebody has, and what they wait for by other requests. */
export interface Holdings {
  readonly machines: readonly HeldMachine[];
  /** Things without a serial number by product: handed over and not brought back. */
  readonly held: ReadonlyMap<number, number>;
  /** Of other requests, submitted or approved, and not handed over. */
  readonly awaited: readonly { readonly productId: number; readonly kind: ProductKind; readonly quantity: number }[];
}

export const NOTHING_HELD: Holdings = { machines: [], held: new Map(), awaited: [] };

export type EligibilityRule =
  | 'not-offered'
  | 'second-laptop'
  | 'most-each'
  | 'reason-needed'
  | 'private-reason-needed'
  | 'return-machine'
  | 'not-theirs'
  | 'returned-twice';

/** What puts it right: a reason that is seen, a private one, the choice of a machine, or another line. */
export type Remedy = 'reason' | 'private-reason' | 'machine' | 'line';

/** Something that a line must not be as it is. */
export interface Finding {
  readonly lineId: number;
  readonly beneficiaryEntraId: string;
  readonly rule: EligibilityRule;
  readonly remedy: Remedy;
  readonly message: string;
}

/**
 * What keeps lines from being submitted. The council’s rules: one laptop for each person unless a reason is given; no more
 * of a product than its limit unless a reason is given; whoever gets a machine gives back the one that it replaces, unless
 * a reason is given.
 * @param holdings by object id of the beneficiary
 */
export function eligibilityFindings(
  lines: readonly RuledLine[],
  holdings: ReadonlyMap<string, Holdings>,
): readonly Finding[] {
  const people = new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId));
  return [...people].flatMap((person) =>
    findingsOf(
      lines.filter(({ beneficiaryEntraId }) => beneficiaryEntraId === person),
      holdings.get(person) ?? NOTHING_HELD,
    ),
  );
}

function findingsOf(lines: readonly RuledLine[], held: Holdings): Finding[] {
  const returned = lines.flatMap(({ replacesDeviceId }) => replacesDeviceId ?? []);
  const findings = lines.flatMap((line) => [
    ...ofProduct(line, held, returned),
    ...ofReturn(line, held, returned),
    ...(line.product.kind === 'laptop' ? ofLaptops(line, lines, held) : []),
  ]);
  // One remedy puts all of its kind right, so that it is asked for once.
  return findings.filter(
    ({ lineId, remedy }, place) =>
      findings.findIndex((each) => each.lineId === lineId && each.remedy === remedy) === place,
  );
}

function ofProduct(line: RuledLine, { machines, held, awaited }: Holdings, returned: readonly number[]): Finding[] {
  const { product, quantity, exceptionReason, privateReason } = line;
  const find = findingOf(line);
  if (!product.offered) return [find('not-offered', 'line', `${product.name} is not offered any more.`)];
  const findings: Finding[] = [];
  const isPrivate = product.kind === 'assistive_technology';
  if (product.reasonNeeded && isPrivate && privateReason === null) {
    findings.push(
      find('private-reason-needed', 'private-reason', `${product.name} needs a reason, which stays private.`),
    );
  } else if (product.reasonNeeded && !isPrivate && exceptionReason === null) {
    findings.push(find('reason-needed', 'reason', `${product.name} needs a reason.`));
  }
  const others = awaited.reduce((sum, each) => sum + (each.productId === product.id ? each.quantity : 0), 0);
  const kept = machines.filter(({ deviceId, productId }) => productId === product.id && !returned.includes(deviceId));
  const inAll = quantity + others + kept.length + (held.get(product.id) ?? 0);
  if (product.mostEach !== null && inAll > product.mostEach && exceptionReason === null) {
    const limit = product.mostEach === 1 ? 'one' : String(product.mostEach);
    findings.push(
      find('most-each', 'reason', `More than ${limit} of ${product.name}, with what is held and asked for already.`),
    );
  }
  return findings;
}

function ofReturn(line: RuledLine, { machines }: Holdings, returned: readonly number[]): Finding[] {
  const { product, replacesDeviceId, exceptionReason } = line;
  const find = findingOf(line);
  const returnable = machines.filter(({ isReturnable }) => isReturnable);
  if (replacesDeviceId !== null) {
    if (!returnable.some(({ deviceId }) => deviceId === replacesDeviceId)) {
      return [find('not-theirs', 'machine', 'The machine that was to be given back is not with this person.')];
    }
    const isTwice = returned.filter((each) => each === replacesDeviceId).length > 1;
    return isTwice ? [find('returned-twice', 'machine', 'One machine cannot be given back for two.')] : [];
  }
  const mustReturn = product.replacesKind && returnable.length > 0 && exceptionReason === null;
  return mustReturn
    ? [
        find(
          'return-machine',
          'machine',
          `Choose the machine that is given back for ${product.name}, or give a reason.`,
        ),
      ]
    : [];
}

function ofLaptops(line: RuledLine, lines: readonly RuledLine[], { machines, awaited }: Holdings): Finding[] {
  if (line.exceptionReason !== null) return [];
  const givenBack = new Set(lines.flatMap(({ replacesDeviceId }) => replacesDeviceId ?? []));
  const kept = machines.filter(({ isPortable, deviceId }) => isPortable && !givenBack.has(deviceId)).length;
  const coming = awaited.reduce((sum, { kind, quantity }) => sum + (kind === 'laptop' ? quantity : 0), 0);
  // A laptop that has a reason of its own is one that was meant to be there besides.
  const asked = lines
    .filter(({ product, exceptionReason }) => product.kind === 'laptop' && exceptionReason === null)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  if (kept + coming + asked <= 1) return [];
  const because =
    kept > 0 ? 'has a laptop already' : coming > 0 ? 'waits for a laptop already' : 'would get more than one laptop';
  return [findingOf(line)('second-laptop', 'reason', `One laptop for each person: this one ${because}.`)];
}

function findingOf(line: RuledLine) {
  return (rule: EligibilityRule, remedy: Remedy, message: string): Finding => ({
    lineId: line.id,
    beneficiaryEntraId: line.beneficiaryEntraId,
    rule,
    remedy,
    message,
  });
}
