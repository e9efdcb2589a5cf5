import { proposedReturn } from './replaced-machine.js';
import type { HeldMachine } from './eligibility.js';
import type { ProductKind } from './product-words.js';

/** A line of a draft. */
export interface DraftLine {
  readonly beneficiaryEntraId: string;
  readonly productId: number;
  readonly quantity: number;
  readonly bundleId: number | null;
  /** Why a rule is not kept; whoever decides reads it. */
  readonly exceptionReason: string | null;
  /** Why assistive technology is needed; only the requester, the beneficiary and whoever decides read it. */
  readonly privateReason: string | null;
  /** The machine that is given back for it. */
  readonly replacesDeviceId: number | null;
}

/** Somebody who is to get something. */
export interface PlannedPerson {
  readonly entraId: string;
  readonly workStyle: string | null;
  readonly machines: readonly HeldMachine[];
}

/** What they are to get: a bundle, or that of each person’s work style, or what each had before; and single items. */
export interface PlannedThings {
  readonly bundle: number | 'by-work-style' | 'as-it-is' | null;
  readonly items: readonly { readonly productId: number; readonly quantity: number }[];
}

/** What there is to get. */
export interface PlannedCatalogue {
  readonly products: readonly { readonly id: number; readonly kind: ProductKind; readonly replacesKind: boolean }[];
  readonly bundles: readonly {
    readonly id: number;
    readonly workStyle: string | null;
    readonly items: readonly { readonly productId: number; readonly quantity: number }[];
  }[];
}

/** Lines for everybody, and who has no bundle because their work style has none. */
export interface LinePlan {
  readonly lines: readonly DraftLine[];
  readonly withoutBundle: readonly string[];
}

/** Most of one product for one person, by the guard of the table of lines. */
export const MOST_OF_ONE = 50;

/**
 * The same things for each of some people, or single items besides what each had before. Reasons and machines that were
 * chosen before for the same person and product stay; for a new machine that replaces one, the machine to give back is
 * proposed.
 */
export function planLines(
  people: readonly PlannedPerson[],
  things: PlannedThings,
  catalogue: PlannedCatalogue,
  before: readonly DraftLine[] = [],
): LinePlan {
  const withoutBundle: string[] = [];
  const lines = people.flatMap((person) => {
    const bundle =
      things.bundle === null || things.bundle === 'as-it-is'
        ? null
        : catalogue.bundles.find(({ id, workStyle }) =>
            things.bundle === 'by-work-style'
              ? workStyle !== null && workStyle === person.workStyle
              : id === things.bundle,
          );
    if (bundle === undefined) withoutBundle.push(person.entraId);
    const wanted = new Map<number, { quantity: number; bundleId: number | null }>();
    if (things.bundle === 'as-it-is') {
      for (const { beneficiaryEntraId, productId, quantity, bundleId } of before) {
        if (beneficiaryEntraId === person.entraId) wanted.set(productId, { quantity, bundleId });
      }
    }
    for (const { productId, quantity } of bundle?.items ?? []) {
      wanted.set(productId, { quantity, bundleId: bundle?.id ?? null });
    }
    for (const { productId, quantity } of things.items) {
      const known = wanted.get(productId);
      wanted.set(productId, {
        quantity: Math.min(quantity + (known?.quantity ?? 0), MOST_OF_ONE),
        bundleId: known?.bundleId ?? null,
      });
    }
    return linesOf(person, wanted, catalogue, before);
  });
  return { lines, withoutBundle };
}

function linesOf(
  person: PlannedPerson,
  wanted: ReadonlyMap<number, { readonly quantity: number; readonly bundleId: number | null }>,
  catalogue: PlannedCatalogue,
  before: readonly DraftLine[],
): DraftLine[] {
  let machines = person.machines;
  return [...wanted].map(([productId, { quantity, bundleId }]) => {
    const product = catalogue.products.find(({ id }) => id === productId);
    const earlier = before.find((line) => line.beneficiaryEntraId === person.entraId && line.productId === productId);
    const replacesDeviceId =
      earlier?.replacesDeviceId ??
      (product?.replacesKind === true ? proposedReturn(machines, product.kind === 'laptop') : null);
    machines = machines.filter(({ deviceId }) => deviceId !== replacesDeviceId);
    return {
      beneficiaryEntraId: person.entraId,
      productId,
      quantity,
      bundleId,
      exceptionReason: earlier?.exceptionReason ?? null,
      privateReason: earlier?.privateReason ?? null,
      replacesDeviceId,
    };
  });
}
